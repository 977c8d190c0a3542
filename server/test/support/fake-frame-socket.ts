import { decodeServerFrames } from '../../../common/core/src/main/ets/wire/ServerFrames';
import type { ServerFrame } from '../../../common/core/src/main/ets/wire/Frames';
import type { FrameSocket, Sent } from '../../src/hub/connection';

/** A transport whose other side reads only when the test says so. */
export class FakeFrameSocket implements FrameSocket {
  readonly carrier = 'websocket';
  readonly sent: Buffer[] = [];
  closeCode: number | null = null;
  isPaused = false;

  constructor(readonly isBinary = false) {}

  private unread: (() => void)[] = [];

  send(frame: Buffer, sent: Sent): void {
    this.sent.push(frame);
    this.unread.push(() => sent(frame.length));
  }

  close(code: number): void {
    this.closeCode = code;
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }

  /** The other side reads everything that was sent. */
  readAll(): void {
    this.unread.splice(0).forEach((sent) => sent());
  }

  get unreadBytes(): number {
    return this.sent.slice(this.sent.length - this.unread.length).reduce((sum, frame) => sum + frame.length, 0);
  }

  get frames(): ServerFrame[] {
    return this.sent.flatMap((frame) => decodeServerFrames(this.isBinary ? frame : frame.toString('utf8')));
  }
}
