import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import type { CloseCode } from '../../../common/core/src/main/ets/wire/Codes';
import type { FrameSocket, Sent } from '../hub/connection';
import type { TurnMember, TurnWriter } from './turn-writer';

/** A larger payload is not copied into a frame of its own and a piece with others: that would cost more than its own write. */
const MAX_COPIED_BYTES = 16 * 1024;
/** What waits for the end of the turn at most. It counts as unread, so it must stay far below that limit. */
const MAX_WAITING_BYTES = 64 * 1024;

/** Bytes that leave, and whom to tell. */
interface Departure {
  readonly sent: Sent;
  readonly bytes: number;
}

/** A departure that waits behind a mark in the stream, by the number of the mark. */
interface InFlight extends Departure {
  readonly mark: number;
}

/** Says by its callback that all that was written before it has left. */
const MARK = Buffer.alloc(0);

/**
 * One WebSocket. What is sent in one turn of the event loop leaves in one write at its end, or as soon as it is 64 KiB, straight
 * to the socket below. That is sound because without permessage-deflate `ws` passes each frame to the socket at
 * once and whole, so the place between two calls is always the place between two frames; what else `ws` writes there by
 * itself (pongs, its answer to a close) may stand between messages. Where permessage-deflate was agreed on, `ws` frames
 * and queues everything.
 */
export class WebSocketCarrier implements FrameSocket, TurnMember {
  readonly carrier = 'websocket';
  private readonly isPlain: boolean;
  /** What waits for the end of the turn. Mostly it is one frame of one kind: no list is made for it. */
  private frame: Buffer | null = null;
  private frames: Buffer[] | null = null;
  private frameBytes = 0;
  private sent: Sent | null = null;
  private sentBytes = 0;
  private sentBefore: Departure[] | null = null;
  private inFlight: InFlight[] | null = null;
  private marks = 0;
  private marksPassed = 0;

  constructor(
    private readonly webSocket: WebSocket,
    /** The one that `webSocket` was made of. */
    private readonly socket: Duplex,
    private readonly turn: TurnWriter,
    readonly isBinary: boolean,
  ) {
    this.isPlain = webSocket.extensions === '';
  }

  send(payload: Buffer, sent: Sent): void {
    if (!this.isPlain || payload.length > MAX_COPIED_BYTES) {
      this.write();
      this.webSocket.send(payload, { binary: this.isBinary }, () => sent(payload.length));
      return;
    }
    this.add(this.turn.frameOf(payload, this.isBinary));
    if (this.sent !== sent) {
      if (this.sent !== null) {
        (this.sentBefore ??= []).push({ sent: this.sent, bytes: this.sentBytes });
      }
      this.sent = sent;
      this.sentBytes = 0;
    }
    this.sentBytes += payload.length;
    if (this.frameBytes >= MAX_WAITING_BYTES) {
      this.write();
    }
  }

  /** What was sent before leaves before the close. */
  close(code: CloseCode, reason: string): void {
    this.write();
    this.webSocket.close(code, reason);
  }

  pause(): void {
    this.webSocket.pause();
  }

  resume(): void {
    this.webSocket.resume();
  }

  endTurn(): void {
    this.write();
  }

  private add(frame: Buffer): void {
    if (this.frame === null) {
      this.frame = frame;
      this.turn.joinTurn(this);
    } else {
      (this.frames ??= [this.frame]).push(frame);
    }
    this.frameBytes += frame.length;
  }

  private write(): void {
    const { frame, frames, sent, sentBytes, sentBefore } = this;
    if (frame === null || sent === null) {
      return;
    }
    this.frame = null;
    this.frames = null;
    this.frameBytes = 0;
    this.sent = null;
    this.sentBytes = 0;
    this.sentBefore = null;
    // Behind a close frame nothing may follow; and what cannot leave any more is told like what left.
    if (this.webSocket.readyState === WebSocket.OPEN) {
      this.socket.write(frames === null ? frame : this.turn.join(frames));
      if (this.socket.writableLength > 0) {
        // Only here a callback is worth its price: mostly the system takes everything at once.
        const mark = ++this.marks;
        this.socket.write(MARK, this.onMarkPassed);
        const departures = [...(sentBefore ?? []), { sent, bytes: sentBytes }];
        (this.inFlight ??= []).push(...departures.map((departure) => ({ ...departure, mark })));
        return;
      }
      // The system has taken everything, this and what was before it.
      this.settleTo(this.marks);
    }
    sentBefore?.forEach((departure) => departure.sent(departure.bytes));
    sent(sentBytes);
  }

  private readonly onMarkPassed = (): void => {
    this.marksPassed++;
    this.settleTo(this.marksPassed);
  };

  private settleTo(mark: number): void {
    while (this.inFlight !== null && (this.inFlight[0]?.mark ?? Infinity) <= mark) {
      const { sent, bytes } = this.inFlight.shift() as InFlight;
      if (this.inFlight.length === 0) {
        this.inFlight = null;
      }
      sent(bytes);
    }
  }
}
