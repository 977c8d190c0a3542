import type { ServerResponse } from 'node:http';
import type { CloseCode } from '../../../../common/core/src/main/ets/wire/Codes';
import type { Sent } from '../../hub/connection';
import type { Clock, Timer } from '../../ports/clock';
import { CLOSE_WAIT_MS } from '../close-wait';
import { closeEvent, frameEvent, KEEP_ALIVE_COMMENT, openEvent } from './event-text';
import { HttpLine } from './http-line';

const KEEP_ALIVE_MS = 15_000;

/** One answer that never ends. The line lives and dies with it. */
export class StreamLine extends HttpLine {
  readonly carrier = 'sse';
  private lastId = 0;
  private keepAlive: Timer | null = null;
  private readonly gone: Promise<void>;

  constructor(
    key: string,
    private readonly response: ServerResponse,
    private readonly clock: Clock,
    onGone: () => void,
  ) {
    super(key);
    this.gone = new Promise((resolve) => {
      response.once('close', () => {
        this.release();
        this.keepAlive?.cancel();
        onGone();
        resolve();
      });
    });
    response.write(openEvent(key));
    this.stayAlive();
  }

  send(frame: Buffer, sent: Sent): void {
    this.response.write(frameEvent(++this.lastId, frame), () => sent(frame.length));
  }

  override told(): Promise<void> {
    return this.gone;
  }

  override forget(): void {
    this.response.destroy();
  }

  protected end(code: CloseCode, reason: string): void {
    this.keepAlive?.cancel();
    this.response.end(closeEvent(code, reason));
    const cut = setTimeout(() => this.response.destroy(), CLOSE_WAIT_MS);
    this.response.once('close', () => clearTimeout(cut));
  }

  private stayAlive(): void {
    this.keepAlive = this.clock.setTimer(KEEP_ALIVE_MS, () => {
      // Where bytes wait already, one more would tell nobody anything.
      if (!this.response.writableNeedDrain) {
        this.response.write(KEEP_ALIVE_COMMENT);
      }
      this.stayAlive();
    });
  }
}
