import type { ServerResponse } from 'node:http';
import type { Hub } from '../../hub/hub';
import type { Clock } from '../../ports/clock';
import type { IdMaker } from '../../ports/ids';
import { shutsDown } from '../../refusal';
import { atMostCloseWait } from '../close-wait';
import type { HttpLine } from './http-line';
import { newLineKey } from './line-key';
import { PollLine } from './poll-line';
import { StreamLine } from './stream-line';

/** RFC 6455, section 7.4.1: gone without a word; with a word, but without a code. */
const GONE = 1006;
const LEFT = 1005;

export interface LineBookParts {
  readonly hub: Hub;
  readonly clock: Clock;
  readonly ids: IdMaker;
  /** Of this process: a line's key says where the line is. */
  readonly processId: string;
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

  /** The head of `response` is out already. `onGone` is called when the line is forgotten. */
  openStream(response: ServerResponse, onGone: () => void): void {
    const key = this.newKey();
    const line = new StreamLine(key, response, this.parts.clock, () => {
      this.lines.delete(key);
      onGone();
      line.connection.closed(GONE, 'transport closed');
    });
    this.add(line);
  }

  /** The key of a new polled line. `onGone` is called when it is forgotten. */
  openPolled(onGone: () => void): string {
    const key = this.newKey();
    const forget = (): void => {
      this.lines.delete(key);
      onGone();
    };
    this.add(new PollLine(key, this.parts.clock, forget));
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
    return newLineKey(this.parts.ids, this.parts.processId);
  }
}
