import { CloseCode } from '../../../common/core/src/main/ets/wire/Codes';
import type { ServerFrame } from '../../../common/core/src/main/ets/wire/Frames';
import { encodeServerFrame } from '../../../common/core/src/main/ets/wire/ServerFrames';
import type { Identity } from '../auth/auth-service';
import type { Clock, Timer } from '../ports/clock';
import type { HubLimits } from './limits';
import { TokenBucket } from './rate-limiter';

/** The part of a WebSocket that a connection uses. */
export interface FrameSocket {
  /** Calls `sent` when the bytes left the process, or cannot leave it any more. */
  send(frame: Buffer, sent: () => void): void;
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
  onFrame(connection: Connection, text: string): Promise<void> | undefined;
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
/** Commands that wait in the process before reading stops. */
const INBOX_PAUSE_LENGTH = 32;
const INBOX_RESUME_LENGTH = 8;

export function frameBytes(frame: ServerFrame): Buffer {
  return Buffer.from(encodeServerFrame(frame), 'utf8');
}

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
  private readonly inbox: string[] = [];
  private isPumping = false;
  private isPaused = false;
  private unreadPushBytes = 0;
  private unreadAnswerBytes = 0;
  private wakePump: (() => void) | null = null;
  private readonly pace: TokenBucket;
  private paceTimer: Timer | null = null;
  private lastHeardMs: number;
  private helloTimer: Timer | null;
  private silenceTimer: Timer | null = null;
  private tokenTimer: Timer | null = null;

  constructor(
    readonly id: string,
    private readonly parts: ConnectionParts,
  ) {
    const { clock, limits } = parts;
    this.lastHeardMs = clock.nowMs();
    this.pace = new TokenBucket(clock, limits.commandsPerSecond, limits.commandBurst);
    this.helloTimer = clock.setTimer(limits.helloTimeoutMs, () => {
      this.close(CloseCode.HelloExpected, `no hello in ${limits.helloTimeoutMs} ms`);
    });
    this.watchSilence(2 * parts.heartbeatMs);
  }

  get state(): ConnectionState {
    return this.currentState;
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
    this.tokenTimer = this.parts.clock.setTimer(identity.accessExpiresAtMs - this.parts.clock.nowMs(), () => {
      this.close(CloseCode.TokenExpired, 'token expired');
    });
  }

  /** The other side is alive. Text frames count by themselves. */
  heard(): void {
    this.lastHeardMs = this.parts.clock.nowMs();
  }

  receive(text: string): void {
    this.heard();
    if (this.currentState === ConnectionState.Closed) {
      return;
    }
    this.inbox.push(text);
    if (this.inbox.length >= INBOX_PAUSE_LENGTH && !this.isPaused) {
      this.isPaused = true;
      this.parts.socket.pause();
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
    this.parts.socket.send(bytes, () => {
      this.unreadAnswerBytes -= bytes.length;
      if (this.unreadAnswerBytes <= ANSWER_WATERMARK_BYTES) {
        this.wakePump?.();
      }
    });
  }

  /** Sends what the client did not ask for; nothing before `welcome`. Closes a connection that does not read. */
  push(bytes: Buffer): void {
    if (this.currentState !== ConnectionState.Open) {
      return;
    }
    if (this.unreadPushBytes + bytes.length > this.parts.limits.maxUnreadBytes) {
      this.close(CloseCode.SlowReader, 'reads too slowly');
      return;
    }
    this.unreadPushBytes += bytes.length;
    this.parts.socket.send(bytes, () => {
      this.unreadPushBytes -= bytes.length;
    });
  }

  /** The server ends the connection. */
  close(code: CloseCode, reason: string): void {
    if (this.currentState === ConnectionState.Closed) {
      return;
    }
    this.parts.socket.close(code, reason);
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
    while (this.inbox.length > 0) {
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
      const waiting = this.parts.handler.onFrame(this, this.inbox.shift() ?? '');
      if (waiting !== undefined) {
        await waiting;
      }
      if (this.inbox.length <= INBOX_RESUME_LENGTH) {
        this.resumeReading();
      }
    }
    this.isPumping = false;
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
      this.parts.socket.resume();
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
