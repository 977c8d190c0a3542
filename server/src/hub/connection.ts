import { type ClientFrameResult, decodeClientFrames } from '../../../common/core/src/main/ets/wire/ClientFrames';
import { CloseCode } from '../../../common/core/src/main/ets/wire/Codes';
import type { Identity } from '../auth/auth-service';
import type { Clock, Timer } from '../ports/clock';
import type { CarrierName } from './hub-meter';
import type { HubLimits } from './limits';
import { TokenBucket } from '../limits/buckets';

/** Told of bytes that left the process, or cannot leave it any more: of one frame, or of several in a row. */
export type Sent = (bytes: number) => void;

/** What carries the messages of one connection: a WebSocket, or something over HTTP that behaves like one. */
export interface FrameSocket {
  readonly carrier: CarrierName;
  /** Whether its messages are MessagePack; else they are JSON. */
  readonly isBinary: boolean;
  /** Calls `sent` when the bytes of `frame` left the process, or cannot leave it any more. */
  send(frame: Buffer, sent: Sent): void;
  close(code: CloseCode, reason: string): void;
  /** Stops reading, so that the other side's sending comes to a stop. */
  pause(): void;
  resume(): void;
}

export enum ConnectionState {
  /** Accepted; `hello` is not there yet, or is being checked. */
  Greeting = 'greeting',
  /** `welcome` was sent. */
  Open = 'open',
  Closed = 'closed',
}

export interface ConnectionHandler {
  /** A promise where later frames must wait until this one is handled. Must not throw or reject. */
  onFrame(connection: Connection, result: ClientFrameResult): Promise<void> | undefined;
  /** Called once. */
  onClosed(connection: Connection, code: number, reason: string): void;
}

export interface ConnectionParts {
  readonly socket: FrameSocket;
  readonly clock: Clock;
  readonly limits: HubLimits;
  readonly heartbeatMs: number;
  readonly handler: ConnectionHandler;
}

/** Answers wait in the process up to this size; then the next command is not looked at before they have left. */
const ANSWER_WATERMARK_BYTES = 256 * 1024;
/** Messages that wait in the process before reading stops. */
const INBOX_PAUSE_LENGTH = 32;
const INBOX_RESUME_LENGTH = 8;

/**
 * One transport of one client.
 *
 * | from     | to     | when                                                        |
 * |----------|--------|-------------------------------------------------------------|
 * | Greeting | Open   | `hello` was good: `open()`                                  |
 * | Greeting | Closed | no or bad `hello`, the other side closed, shutdown          |
 * | Open     | Closed | a limit, an expired token, the other side closed, shutdown  |
 *
 * Output is bounded on both of its ways: what nobody asked for (`push`) closes the connection above the limit, and what
 * the client asked for (`answer`) delays the commands that follow until it has left.
 */
export class Connection {
  private currentState = ConnectionState.Greeting;
  private who: Identity | null = null;
  private readonly inbox: (string | Uint8Array)[] = [];
  /** What is left of the message that was opened last: it may hold a batch. */
  private batch: ClientFrameResult[] = [];
  private isPumping = false;
  private isPaused = false;
  private unreadPushBytes = 0;
  private unreadAnswerBytes = 0;
  private wakePump: (() => void) | null = null;
  private readonly pace: TokenBucket;
  private paceTimer: Timer | null = null;
  private readonly pushSent: Sent = (bytes) => {
    this.unreadPushBytes -= bytes;
  };
  private readonly answerSent: Sent = (bytes) => {
    this.unreadAnswerBytes -= bytes;
    if (this.unreadAnswerBytes <= ANSWER_WATERMARK_BYTES) {
      this.wakePump?.();
    }
  };
  private lastHeardMs: number;
  private helloTimer: Timer | null;
  private silenceTimer: Timer | null = null;
  private tokenTimer: Timer | null = null;
  /** Which encoding the other side reads. */
  readonly isBinary: boolean;
  // Of `parts`, and kept here: a fan-out to many looks at each connection, and each object that it touches is a look into memory.
  private readonly socket: FrameSocket;
  private readonly maxUnreadBytes: number;

  constructor(
    readonly id: string,
    private readonly parts: ConnectionParts,
  ) {
    const { clock, limits, socket } = parts;
    this.socket = socket;
    this.isBinary = socket.isBinary;
    this.maxUnreadBytes = limits.maxUnreadBytes;
    this.lastHeardMs = clock.nowMs();
    this.pace = new TokenBucket(clock, limits.commandsPerSecond, limits.commandBurst);
    this.helloTimer = clock.setTimer(limits.helloTimeoutMs, () => {
      // Its hello may be lost on a bad line: that is no reason for the client to give up.
      this.close(CloseCode.Silent, `no hello in ${limits.helloTimeoutMs} ms`);
    });
    this.watchSilence(2 * parts.heartbeatMs);
  }

  get state(): ConnectionState {
    return this.currentState;
  }

  get carrier(): CarrierName {
    return this.socket.carrier;
  }

  /** Bytes that were sent and that the other side did not read yet. */
  get unreadBytes(): number {
    return this.unreadPushBytes + this.unreadAnswerBytes;
  }

  /** Whose connection it is: null before a good token was shown. */
  get identity(): Identity | null {
    return this.who;
  }

  /** The token was good; `open` follows when the rooms were read. */
  identify(identity: Identity): void {
    this.who = identity;
  }

  open(identity: Identity): void {
    if (this.currentState !== ConnectionState.Greeting) {
      return;
    }
    this.currentState = ConnectionState.Open;
    this.helloTimer?.cancel();
    this.helloTimer = null;
    this.watchToken(identity);
  }

  /** A newer token was shown: the connection ends with that one now. */
  renew(identity: Identity): void {
    if (this.currentState === ConnectionState.Open) {
      this.who = identity;
      this.watchToken(identity);
    }
  }

  /** The other side is alive. Messages count by themselves. */
  heard(): void {
    this.lastHeardMs = this.parts.clock.nowMs();
  }

  /** Takes in one message: text holds JSON, bytes hold MessagePack. */
  receive(data: string | Uint8Array): void {
    this.heard();
    if (this.currentState === ConnectionState.Closed) {
      return;
    }
    this.inbox.push(data);
    if (this.inbox.length >= INBOX_PAUSE_LENGTH && !this.isPaused) {
      this.isPaused = true;
      this.socket.pause();
    }
    if (!this.isPumping) {
      void this.pump();
    }
  }

  /** Sends what answers a command of this connection. */
  answer(bytes: Buffer): void {
    if (this.currentState === ConnectionState.Closed) {
      return;
    }
    this.unreadAnswerBytes += bytes.length;
    this.socket.send(bytes, this.answerSent);
  }

  /** Sends what the client did not ask for; nothing before `welcome`. Closes a connection that does not read. */
  push(bytes: Buffer): void {
    if (this.currentState !== ConnectionState.Open) {
      return;
    }
    if (this.unreadPushBytes + bytes.length > this.maxUnreadBytes) {
      this.close(CloseCode.SlowReader, 'reads too slowly');
      return;
    }
    this.unreadPushBytes += bytes.length;
    this.socket.send(bytes, this.pushSent);
  }

  /** The server ends the connection. */
  close(code: CloseCode, reason: string): void {
    if (this.currentState === ConnectionState.Closed) {
      return;
    }
    this.socket.close(code, reason);
    this.resumeReading();
    this.closed(code, reason);
  }

  /** The transport is gone, by whoever's will. Harmless when repeated. */
  closed(code: number, reason: string): void {
    if (this.currentState === ConnectionState.Closed) {
      return;
    }
    this.currentState = ConnectionState.Closed;
    this.inbox.length = 0;
    this.batch = [];
    this.helloTimer?.cancel();
    this.silenceTimer?.cancel();
    this.tokenTimer?.cancel();
    this.paceTimer?.cancel();
    this.wakePump?.();
    this.parts.handler.onClosed(this, code, reason);
  }

  /** One frame after the other; waits where answers pile up or commands come too fast. */
  private async pump(): Promise<void> {
    this.isPumping = true;
    while (this.inbox.length + this.batch.length > 0) {
      if (this.unreadAnswerBytes > ANSWER_WATERMARK_BYTES) {
        await this.untilWoken();
        continue;
      }
      const waitMs = this.pace.take();
      if (waitMs > 0) {
        this.paceTimer = this.parts.clock.setTimer(waitMs, () => this.wakePump?.());
        await this.untilWoken();
        continue;
      }
      const waiting = this.parts.handler.onFrame(this, this.nextFrame());
      if (waiting !== undefined) {
        await waiting;
      }
      if (this.inbox.length <= INBOX_RESUME_LENGTH) {
        this.resumeReading();
      }
    }
    this.isPumping = false;
  }

  /** A message is opened only now: until then it costs no more than its bytes. */
  private nextFrame(): ClientFrameResult {
    if (this.batch.length === 0) {
      this.batch = decodeClientFrames(this.inbox.shift() ?? '');
    }
    const next = this.batch.shift();
    if (next === undefined) {
      throw new Error('a message: expected at least one result, got none');
    }
    return next;
  }

  private watchToken(identity: Identity): void {
    this.tokenTimer?.cancel();
    this.tokenTimer = this.parts.clock.setTimer(identity.accessExpiresAtMs - this.parts.clock.nowMs(), () => {
      this.close(CloseCode.TokenExpired, 'token expired');
    });
  }

  private async untilWoken(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.wakePump = resolve;
    });
    this.wakePump = null;
  }

  private resumeReading(): void {
    if (this.isPaused) {
      this.isPaused = false;
      this.socket.resume();
    }
  }

  private watchSilence(afterMs: number): void {
    this.silenceTimer = this.parts.clock.setTimer(afterMs, () => {
      const silentMs = this.parts.clock.nowMs() - this.lastHeardMs;
      const allowedMs = 2 * this.parts.heartbeatMs;
      if (silentMs >= allowedMs) {
        this.close(CloseCode.Silent, `silent for ${silentMs} ms`);
      } else {
        this.watchSilence(allowedMs - silentMs);
      }
    });
  }
}
