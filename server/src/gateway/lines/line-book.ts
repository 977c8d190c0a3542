import type { ServerResponse } from 'node:http';
import type { Hub } from '../../hub/hub';
import type { Clock } from '../../ports/clock';
import type { IdMaker } from '../../ports/ids';
import { shutsDown } from '../../refusal';
import { atMostCloseWait } from '../close-wait';
import type { HttpLine } from './http-line';
import { PollLine } from './poll-line';
import { StreamLine } from './stream-line';

/** As unguessable as a token: who holds a line's key can speak for its user. */
const KEY_BYTES = 24;
/** RFC 6455, section 7.4.1: gone without a word; with a word, but without a code. */
const GONE = 1006;
const LEFT = 1005;

export interface LineBookParts {
  readonly hub: Hub;
  readonly clock: Clock;
  readonly ids: IdMaker;
}

/** The lines over HTTP of this process, by their keys. */
export class LineBook {
  private readonly lines = new Map<string, HttpLine>();

  constructor(private readonly parts: LineBookParts) {}

  /** Throws `Refusal` where no line is opened any more: a balancer takes the request to another server. */
  refuseWhenLeaving(): void {
    if (this.parts.hub.isLeaving) {
      throw shutsDown();
    }
  }

  /** The head of `response` is out already. */
  openStream(response: ServerResponse): void {
    const key = this.newKey();
    const line = new StreamLine(key, response, this.parts.clock, () => {
      this.lines.delete(key);
      line.connection.closed(GONE, 'transport closed');
    });
    this.add(line);
  }

  /** The key of a new polled line. */
  openPolled(): string {
    const key = this.newKey();
    this.add(new PollLine(key, this.parts.clock, () => this.lines.delete(key)));
    return key;
  }

  /** The line if messages can still come in over it. */
  findOpen(key: string): HttpLine | null {
    const line = this.lines.get(key);
    return line?.isOpen === true ? line : null;
  }

  /** Also one that was closed, as long as its client may not know that yet. */
  findPolled(key: string): PollLine | null {
    const line = this.lines.get(key);
    return line instanceof PollLine ? line : null;
  }

  /** The client said good-bye. Nothing happens where there is no such line. */
  leave(key: string): void {
    const line = this.lines.get(key);
    if (line !== undefined) {
      line.connection.closed(LEFT, 'transport closed');
      line.forget();
    }
  }

  /** Waits until every client was told that its line is closed; no longer than clients get for that. */
  async close(): Promise<void> {
    await atMostCloseWait(Promise.all([...this.lines.values()].map((line) => line.told())).then(() => undefined));
    [...this.lines.values()].forEach((line) => line.forget());
  }

  private add(line: HttpLine): void {
    this.lines.set(line.key, line);
    line.connection = this.parts.hub.accept(line);
  }

  private newKey(): string {
    return this.parts.ids.secret('l', KEY_BYTES);
  }
}
