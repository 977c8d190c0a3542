import type { Logger } from 'pino';
import type { ClientFrameResult } from '../../../common/core/src/main/ets/wire/ClientFrames';
import { CloseCode, ErrorCode } from '../../../common/core/src/main/ets/wire/Codes';
import {
  type AuthRenewFrame,
  type ClientFrame,
  FrameType,
  type HelloFrame,
  type LogResumeFrame,
  type MessageSendFrame,
  type RoomState,
  type ServerFrame,
} from '../../../common/core/src/main/ets/wire/Frames';
import { MAX_RESUME_EVENTS, MAX_SERVER_FRAME_BYTES } from '../../../common/core/src/main/ets/wire/Limits';
import { type AuthService, type Identity } from '../auth/auth-service';
import { tokenInvalid } from '../auth/access-tokens';
import { nameKey } from '../auth/names';
import type { Clock } from '../ports/clock';
import type { IdMaker } from '../ports/ids';
import { fileMissing, Refusal, refusalOf, shutsDown, toErrorPayload, tooFast } from '../refusal';
import type { CommandObserver } from '../rooms/command-observer';
import { type CommitResult, CommitLine } from '../rooms/commit-line';
import type { LogCommand, ResumeRecord, RoomRecord, Store } from '../store/store';
import { Connection, ConnectionState, type FrameSocket } from './connection';
import { sendAway } from './drain';
import { EncodedFrame } from './encoded-frame';
import type { HubMeter } from './hub-meter';
import { LastSeen } from './last-seen';
import type { HubLimits } from './limits';
import { LiveRooms } from './live-rooms';
import { SlidingWindows, TokenBuckets } from './rate-limiter';

export interface HubParts {
  readonly store: Store;
  readonly auth: AuthService;
  readonly clock: Clock;
  readonly ids: IdMaker;
  readonly log: Logger;
  readonly meter: HubMeter;
  readonly commandObserver: CommandObserver | null;
  readonly limits: HubLimits;
  readonly heartbeatMs: number;
  readonly presenceGraceMs: number;
}

const MINUTE_MS = 60_000;

enum HubStage {
  Serving = 'serving',
  /** Connections are told to go, group by group; no new ones are taken in. */
  Leaving = 'leaving',
  /** The last ones are told; no command is taken in any more. */
  Closing = 'closing',
}

/** Every connection of this process and the commands that come over them. */
export class Hub {
  private readonly connections = new Set<Connection>();
  private readonly line: CommitLine;
  private readonly live: LiveRooms;
  private readonly lastSeen: LastSeen;
  private readonly messageRate: TokenBuckets;
  private readonly badFrames: SlidingWindows;
  /** Serving → Leaving → Closing, by `drain`. */
  private stage = HubStage.Serving;

  constructor(private readonly parts: HubParts) {
    const { store, clock, log, limits, meter } = parts;
    this.lastSeen = new LastSeen(store, clock, log);
    this.live = new LiveRooms({ clock, meter, presenceGraceMs: parts.presenceGraceMs, lastSeen: this.lastSeen });
    this.line = new CommitLine(
      store,
      (_command, outcome) => this.live.publish(outcome),
      (error) => this.defect(error),
      parts.commandObserver,
    );
    this.messageRate = new TokenBuckets(clock, limits.messagesPerSecond, limits.messageBurst);
    this.badFrames = new SlidingWindows(clock, limits.badFramesPerMinute, MINUTE_MS);
  }

  get connectionCount(): number {
    return this.connections.size;
  }

  /** Whether connections are told to go: new ones are not taken in any more. */
  get isLeaving(): boolean {
    return this.stage !== HubStage.Serving;
  }

  /** Bytes that wait for clients to read them. */
  unreadOutput(): { readonly totalBytes: number; readonly largestBytes: number } {
    const unread = [...this.connections].map((connection) => connection.unreadBytes);
    return unread.reduce(
      ({ totalBytes, largestBytes }, bytes) => ({
        totalBytes: totalBytes + bytes,
        largestBytes: Math.max(largestBytes, bytes),
      }),
      { totalBytes: 0, largestBytes: 0 },
    );
  }

  accept(socket: FrameSocket): Connection {
    const { clock, ids, limits, heartbeatMs, meter } = this.parts;
    const connection = new Connection(ids.make('k'), { socket, clock, limits, heartbeatMs, handler: this });
    this.connections.add(connection);
    meter.opened(socket.carrier);
    if (this.isLeaving) {
      connection.close(CloseCode.ServiceRestart, 'shutting down');
    }
    return connection;
  }

  onFrame(connection: Connection, { frame, id, error }: ClientFrameResult): Promise<void> | undefined {
    if (frame === null) {
      this.refuseFrame(connection, id, error);
      return undefined;
    }
    this.parts.meter.frameReceived(frame.type);
    try {
      return this.handle(connection, frame)?.catch((failure: unknown) => {
        this.fail(connection, id, failure);
      });
    } catch (failure) {
      this.fail(connection, id, failure);
      return undefined;
    }
  }

  onClosed(connection: Connection, code: number, reason: string): void {
    this.connections.delete(connection);
    this.parts.meter.closed(connection.carrier, code);
    const { identity } = connection;
    if (identity !== null) {
      this.live.depart(connection, identity.userId);
    }
    this.parts.log.info({ connectionId: connection.id, userId: identity?.userId, code, reason }, 'connection closed');
  }

  async createRoom(userId: string, name: string): Promise<RoomState> {
    const { ids, clock } = this.parts;
    return this.enterRoom({
      kind: 'create',
      roomId: ids.make('r'),
      name,
      nameKey: nameKey(name),
      epoch: ids.make('e'),
      userId,
      atMs: clock.nowMs(),
    });
  }

  async joinRoom(userId: string, roomId: string): Promise<RoomState> {
    return this.enterRoom({ kind: 'join', roomId, userId, atMs: this.parts.clock.nowMs() });
  }

  async leaveRoom(userId: string, roomId: string): Promise<void> {
    this.refuseWhenDraining();
    const outcome = await this.line.run({ kind: 'leave', roomId, userId, atMs: this.parts.clock.nowMs() });
    if (outcome.status === 'refused') {
      throw refusalOf(outcome.code);
    }
  }

  /** Ends every connection that a session opened: its user signed out. */
  closeSession(sessionId: string): void {
    [...this.connections]
      .filter((connection) => connection.identity?.sessionId === sessionId)
      .forEach((connection) => connection.close(CloseCode.TokenInvalid, 'signed out'));
  }

  /**
   * Says `bye` to everyone over `spreadMs`, to each after what it asked for is answered, and closes everything. Who was not
   * told yet is served on. The store is not needed after it.
   */
  async drain(spreadMs = 0): Promise<void> {
    this.stage = HubStage.Leaving;
    await sendAway([...this.connections], spreadMs, this.parts.clock, this.line, () => {
      this.stage = HubStage.Closing;
    });
    await this.line.idle();
    this.live.dispose();
    await this.lastSeen.write();
    this.lastSeen.dispose();
  }

  private handle(connection: Connection, frame: ClientFrame): Promise<void> | undefined {
    const { identity } = connection;
    if (identity === null) {
      if (frame.type === FrameType.Hello) {
        return this.greet(connection, frame);
      }
      this.refuseFrame(connection, frame.id, new Refusal(ErrorCode.HelloExpected, 'The first frame must be hello.'));
      return undefined;
    }
    const { userId } = identity;
    switch (frame.type) {
      case FrameType.Hello:
        throw new Refusal(ErrorCode.HelloRepeated, 'This session is open already.');
      case FrameType.AuthRenew:
        return this.renew(connection, identity, frame);
      case FrameType.Ping: {
        const payload = { sentAtMs: frame.payload.sentAtMs, serverTimeMs: this.parts.clock.nowMs() };
        this.answer(connection, { type: FrameType.Pong, re: frame.id, payload });
        return undefined;
      }
      case FrameType.MessageSend:
        this.send(connection, userId, frame);
        return undefined;
      case FrameType.LogResume:
        return this.resume(connection, userId, frame);
      case FrameType.TypingSet:
        this.refuseStrangers(userId, frame.payload.roomId);
        this.live.setTyping(connection, userId, frame.payload.roomId, frame.payload.isTyping);
        return undefined;
      case FrameType.PresenceSet:
        this.live.setPresence(connection, userId, frame.payload.status);
        return undefined;
    }
  }

  private async greet(connection: Connection, frame: HelloFrame): Promise<void> {
    const { auth, log } = this.parts;
    try {
      const identity = await auth.identify(frame.payload.token);
      connection.identify(identity);
      await this.line.read(() => this.welcome(connection, identity, frame.id));
      log.info({ connectionId: connection.id, userId: identity.userId, client: frame.payload.client }, 'session open');
    } catch (error) {
      const code = this.fail(connection, frame.id, error);
      connection.close(this.closeCodeOf(code), code);
    }
  }

  private async welcome(connection: Connection, identity: Identity, re: number): Promise<void> {
    const { store, clock, heartbeatMs } = this.parts;
    const { userId, userName } = identity;
    // Asked again now that `closeSession` can see the connection: a sign-out in between is noticed by one of the two.
    if ((await store.findSession(identity.sessionId)) === null) {
      throw tokenInvalid();
    }
    const records: RoomRecord[] = await store.roomsOf(userId);
    if (connection.state !== ConnectionState.Greeting) {
      return;
    }
    const rooms = this.live.arrive(connection, userId, records);
    const serverTimeMs = clock.nowMs();
    const tokenExpiresInMs = this.lifeOf(identity);
    const whose = { connectionId: connection.id, userId, userName };
    const payload = { ...whose, serverTimeMs, heartbeatMs, tokenExpiresInMs, rooms };
    this.answer(connection, { type: FrameType.Welcome, re, payload });
    connection.open(identity);
    this.parts.meter.sessionOpened();
  }

  /** Of the same session only: its sign-out must go on to end this connection. */
  private async renew(connection: Connection, identity: Identity, frame: AuthRenewFrame): Promise<void> {
    const renewed = await this.parts.auth.identify(frame.payload.token);
    if (renewed.sessionId !== identity.sessionId) {
      throw tokenInvalid();
    }
    connection.renew(renewed);
    const payload = { expiresInMs: this.lifeOf(renewed) };
    this.answer(connection, { type: FrameType.AuthRenewed, re: frame.id, payload });
  }

  private lifeOf(identity: Identity): number {
    return Math.max(0, identity.accessExpiresAtMs - this.parts.clock.nowMs());
  }

  private send(connection: Connection, userId: string, frame: MessageSendFrame): void {
    const { roomId, clientId, text, fileId = '' } = frame.payload;
    this.refuseWhenDraining();
    const retryAfterMs = this.messageRate.take(userId);
    if (retryAfterMs > 0) {
      throw tooFast(retryAfterMs);
    }
    const atMs = this.parts.clock.nowMs();
    const mark = this.parts.meter.mark();
    this.line.submit({ kind: 'message', roomId, userId, clientId, text, fileId, atMs }, (result) =>
      this.acknowledge(connection, frame, result, mark),
    );
  }

  private acknowledge(connection: Connection, frame: MessageSendFrame, result: CommitResult, mark: number): void {
    if ('error' in result) {
      this.fail(connection, frame.id, result.error);
      return;
    }
    const { outcome } = result;
    if (outcome.status === 'refused') {
      const isFile = outcome.code === ErrorCode.NotFound;
      this.fail(connection, frame.id, isFile ? fileMissing() : refusalOf(outcome.code));
      return;
    }
    const { roomId, clientId } = frame.payload;
    if (outcome.event === null) {
      throw new Error(`message in room ${roomId}: expected its event, got none`);
    }
    const payload = { roomId, clientId, seq: outcome.event.seq, atMs: outcome.event.atMs };
    this.answer(connection, { type: FrameType.MessageAck, re: frame.id, payload });
    this.parts.meter.acknowledged(mark);
  }

  private async resume(connection: Connection, userId: string, frame: LogResumeFrame): Promise<void> {
    const { roomId, afterSeq } = frame.payload;
    await this.line.read(async () => {
      this.refuseStrangers(userId, roomId);
      const record = await this.parts.store.eventsAfter(roomId, afterSeq, MAX_RESUME_EVENTS);
      if (record === null) {
        throw refusalOf(ErrorCode.NotMember);
      }
      const isWhole = record.epoch === frame.payload.epoch && record.headSeq - afterSeq === record.events.length;
      const bytes = this.resumed(frame, record, isWhole).bytesFor(connection);
      const fits = bytes.length <= MAX_SERVER_FRAME_BYTES;
      this.parts.meter.resumed(isWhole && fits);
      connection.answer(fits ? bytes : this.resumed(frame, record, false).bytesFor(connection));
    });
  }

  private resumed(frame: LogResumeFrame, record: ResumeRecord, isWhole: boolean): EncodedFrame {
    const { epoch, headSeq } = record;
    const events = isWhole ? record.events : [];
    const payload = { roomId: frame.payload.roomId, epoch, recovered: isWhole, headSeq, events };
    return new EncodedFrame({ type: FrameType.LogResumed, re: frame.id, payload });
  }

  private async enterRoom(command: Extract<LogCommand, { kind: 'create' | 'join' }>): Promise<RoomState> {
    this.refuseWhenDraining();
    const outcome = await this.line.run(command);
    if (outcome.status === 'refused') {
      throw refusalOf(outcome.code);
    }
    if (outcome.room === null) {
      throw new Error(`${command.kind} of room ${command.roomId}: expected its state, got none`);
    }
    return this.live.stateOf(outcome.room, command.userId);
  }

  private refuseStrangers(userId: string, roomId: string): void {
    if (!this.live.isInRoom(userId, roomId)) {
      throw refusalOf(ErrorCode.NotMember);
    }
  }

  private refuseWhenDraining(): void {
    if (this.stage === HubStage.Closing) {
      throw shutsDown();
    }
  }

  /** A frame that is not parley.v1 here: the first one is fatal, later ones are counted. */
  private refuseFrame(connection: Connection, re: number, error: unknown): void {
    const code = this.fail(connection, re, error);
    if (connection.identity === null) {
      connection.close(CloseCode.HelloExpected, code);
    } else if (this.badFrames.take(connection.id) > 0) {
      connection.close(CloseCode.TooManyErrors, 'too many bad frames');
    }
  }

  private fail(connection: Connection, re: number, error: unknown): ErrorCode {
    const payload = toErrorPayload(error);
    this.parts.meter.frameRefused(payload.code);
    const about = { connectionId: connection.id, userId: connection.identity?.userId, re, code: payload.code };
    if (payload.code === ErrorCode.Internal || payload.code === ErrorCode.Unavailable) {
      this.parts.log.error({ ...about, err: error }, 'command failed');
    } else {
      this.parts.log.debug({ ...about, field: payload.field }, 'command refused');
    }
    this.answer(connection, { type: FrameType.Error, re, payload });
    return payload.code;
  }

  private closeCodeOf(code: ErrorCode): CloseCode {
    switch (code) {
      case ErrorCode.TokenInvalid:
        return CloseCode.TokenInvalid;
      case ErrorCode.TokenExpired:
        return CloseCode.TokenExpired;
      case ErrorCode.Unavailable:
        return CloseCode.TryAgainLater;
      default:
        return CloseCode.ServerError;
    }
  }

  private answer(connection: Connection, frame: ServerFrame): void {
    connection.answer(new EncodedFrame(frame).bytesFor(connection));
  }

  private defect(error: unknown): void {
    this.parts.log.error({ err: error }, 'a committed command was not published');
  }
}
