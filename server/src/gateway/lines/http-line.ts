import type { CloseCode } from '../../../../common/core/src/main/ets/wire/Codes';
import type { Connection, FrameSocket, Sent } from '../../hub/connection';
import type { CarrierName } from '../../hub/hub-meter';
import { tooFast } from '../../refusal';

/** Advice to a client that posts while an earlier post still waits. */
const BUSY_RETRY_MS = 1000;

/** A line over HTTP: what carries a connection where there is no WebSocket. The way in is the same for all of them. */
export abstract class HttpLine implements FrameSocket {
  abstract readonly carrier: CarrierName;
  readonly isBinary = false;
  private owner: Connection | null = null;
  private isPaused = false;
  private hasEnded = false;
  private held: (() => void) | null = null;

  constructor(readonly key: string) {}

  /** Set once, right after the hub accepted the line. */
  get connection(): Connection {
    if (this.owner === null) {
      throw new Error('a line: expected its connection, got none yet');
    }
    return this.owner;
  }

  set connection(connection: Connection) {
    this.owner = connection;
  }

  get isOpen(): boolean {
    return !this.hasEnded;
  }

  /**
   * Takes in one posted message. Resolves when the next one may come, false where the line ended meanwhile. Throws
   * `Refusal` with `rate_limited` where another post waits: that one is not taken in.
   */
  async takeIn(text: string): Promise<boolean> {
    if (this.held !== null) {
      throw tooFast(BUSY_RETRY_MS);
    }
    this.connection.receive(text);
    if (this.isPaused && this.isOpen) {
      await new Promise<void>((resolve) => {
        this.held = resolve;
      });
      this.held = null;
    }
    return this.isOpen;
  }

  abstract send(frame: Buffer, sent: Sent): void;

  close(code: CloseCode, reason: string): void {
    this.release();
    this.end(code, reason);
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
    this.held?.();
  }

  /** Resolves when the other side was told that the line is closed, or can be told no more. */
  abstract told(): Promise<void>;

  /** Lets go of everything at once: the client has left, or will not come back. Harmless when repeated. */
  abstract forget(): void;

  /** No post is taken in from now on. */
  protected release(): void {
    this.hasEnded = true;
    this.held?.();
  }

  /** Tells the other side, after everything that was sent before. Called once. */
  protected abstract end(code: CloseCode, reason: string): void;
}
