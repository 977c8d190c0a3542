import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import type { CloseCode } from '../../../common/core/src/main/ets/wire/Codes';
import type { FrameSocket, Sent } from '../hub/connection';
import type { TurnMember, TurnWriter } from './turn-writer';

/** A larger payload is not copied into a frame of its own and a piece with others: that would cost more than its own write. */
const MAX_COPIED_BYTES = 16 * 1024;
/** What waits for the end of the turn at most. It counts as unread, so it must stay far below that limit. */
const MAX_WAITING_BYTES = 64 * 1024;

/** Bytes that leave together, and whom to tell. */
interface Departure {
  readonly sent: Sent;
  bytes: number;
}

interface Waiting {
  readonly frames: Buffer[];
  readonly departures: Departure[];
  frameBytes: number;
}

/** Departures whose write is not done, by the number of the write. */
interface InFlight {
  readonly write: number;
  readonly departures: readonly Departure[];
}

/**
 * One WebSocket. What is sent in one turn of the event loop leaves in one write at its end, or as soon as it is 64 KiB, straight
 * to the socket below. That is sound because without permessage-deflate `ws` passes each frame to the socket at
 * once and whole, so the place between two calls is always the place between two frames; what else `ws` writes there by
 * itself (pongs, its answer to a close) may stand between messages. Where permessage-deflate was agreed on, `ws` frames
 * and queues everything.
 */
export class WebSocketCarrier implements FrameSocket, TurnMember {
  private readonly isPlain: boolean;
  private waiting: Waiting | null = null;
  private inFlight: InFlight[] | null = null;
  private writes = 0;
  private writesDone = 0;

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
    const frame = this.turn.frameOf(payload, this.isBinary);
    if (this.waiting === null) {
      this.waiting = { frames: [], departures: [], frameBytes: 0 };
      this.turn.joinTurn(this);
    }
    const { frames, departures } = this.waiting;
    const last = departures.at(-1);
    if (last?.sent === sent) {
      last.bytes += payload.length;
    } else {
      departures.push({ sent, bytes: payload.length });
    }
    frames.push(frame);
    this.waiting.frameBytes += frame.length;
    if (this.waiting.frameBytes >= MAX_WAITING_BYTES) {
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

  private write(): void {
    const { waiting } = this;
    if (waiting === null) {
      return;
    }
    this.waiting = null;
    const { frames, departures } = waiting;
    // Behind a close frame nothing may follow; and what cannot leave any more is told like what left.
    if (this.webSocket.readyState !== WebSocket.OPEN) {
      settle(departures);
      return;
    }
    const bytes = frames.length === 1 ? (frames[0] as Buffer) : this.turn.join(frames);
    (this.inFlight ??= []).push({ write: ++this.writes, departures });
    this.socket.write(bytes, this.onWritten);
    if (this.socket.writableLength === 0) {
      // The system has taken everything: no need to wait until Node says so.
      this.settleTo(this.writes);
    }
  }

  private readonly onWritten = (): void => this.settleTo(++this.writesDone);

  private settleTo(write: number): void {
    while (this.inFlight !== null && (this.inFlight[0]?.write ?? Infinity) <= write) {
      settle((this.inFlight.shift() as InFlight).departures);
      if (this.inFlight.length === 0) {
        this.inFlight = null;
      }
    }
  }
}

function settle(departures: readonly Departure[]): void {
  departures.forEach(({ sent, bytes }) => sent(bytes));
}
