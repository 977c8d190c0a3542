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
import type { Audit } from '../audit/audit';
import { type AuthService, type Identity } from '../auth/auth-service';
import { tokenInvalid } from '../auth/access-tokens';
import type { Bus } from '../bus/bus';
import { nameKey } from '../auth/names';
import type { Clock } from '../ports/clock';
import type { IdMaker } from '../ports/ids';
import { fileMissing, Refusal, refusalOf, toErrorPayload, tooFast } from '../refusal';
import { type CommitResult, CommitLine } from '../rooms/commit-line';
import { Feeds } from '../rooms/feeds';
import type { LogCommand, ResumeRecord, RoomRecord, Store } from '../store/store';
import { Connection, ConnectionState, type FrameSocket } from './connection';
import { EncodedFrame } from './encoded-frame';
import { LastSeen } from './last-seen';
import type { HubLimits } from './limits';
import { LiveRooms } from './live-rooms';
import { Neighbours } from './neighbours';
import { SlidingWindows, TokenBuckets } from '../limits/buckets';
import { OpenCounts } from '../limits/open-counts';

export interface HubParts {
  readonly store: Store;
  readonly bus: Bus;
  readonly auth: AuthService;
  readonly clock: Clock;
  readonly ids: IdMaker;
  readonly log: Logger;
  readonly limits: HubLimits;
  readonly audit: Audit;
  readonly heartbeatMs: number;
  readonly presenceGraceMs: number;
}

const MINUTE_MS = 60_000;
/** When clients may come back after a shutdown: a restart takes about as long. */
const BYE_RETRY_MS = 1000;

/** Advice to a connection that is one too many of its user: another one must go first. */
const CROWDED_RETRY_MS = 30_000;

/** Every connection of this process and the commands that come over them. */
export class Hub {
  /** What the other server processes say; the bus brings it. */
  readonly neighbours: Neighbours;
  private readonly connections = new Set<Connection>();
  private readonly line: CommitLine;
  private readonly live: LiveRooms;
  private readonly lastSeen: LastSeen;
  private readonly messageRate: TokenBuckets;
  private readonly roomRate: TokenBuckets;
  private readonly users: OpenCounts;
  /** What ends the count of a connection among those of its user. */
  private readonly leaves = new WeakMap<Connection, () => void>();
  private readonly badFrames: SlidingWindows;
  private isDraining = false;

  constructor(private readonly parts: HubParts) {
    const { store, bus, clock, ids, log, limits } = parts;
    this.lastSeen = new LastSeen(store, clock, log);
    const whenQuiet = (run: () => void): void => this.line.whenQuiet(run);
    this.live = new LiveRooms({
      clock,
      presenceGraceMs: parts.presenceGraceMs,
      lastSeen: this.lastSeen,
      bus,
      makeFeeds: (reader) => new Feeds({ store, bus, clock, log, reader, whenQuiet }),
    });
    this.line = new CommitLine(
      store,
      (_command, outcome) => this.live.feeds.committed(outcome),
      (error) => this.defect(error),
      (command) => this.live.feeds.doubt(command.roomId),
    );
    this.neighbours = new Neighbours({
      live: this.live,
      lastSeen: this.lastSeen,
      store,
      clock,
      log,
      random: () => ids.fraction(),
      closeSession: (sessionId) => this.closeWhere((identity) => identity.sessionId === sessionId),
      closeSessionsOf: (userId, exceptSessionId) =>
        this.closeWhere((identity) => identity.userId === userId && identity.sessionId !== exceptSessionId),
      openSessions: () => new Set([...this.connections].flatMap(({ identity }) => identity?.sessionId ?? [])),
    });
    if (bus.isShared) {
      this.neighbours.start();
    }
    this.messageRate = new TokenBuckets(clock, limits.messagesPerSecond, limits.messageBurst);
    this.roomRate = new TokenBuckets(clock, limits.roomMessagesPerSecond, limits.roomMessageBurst);
    this.users = new OpenCounts(limits.maxConnectionsPerUser);
    this.badFrames = new SlidingWindows(clock, limits.badFramesPerMinute, MINUTE_MS);
  }

  get connectionCount(): number {
    return this.connections.size;
  }

  accept(socket: FrameSocket): Connection {
    const { clock, ids, limits, heartbeatMs } = this.parts;
    const connection = new Connection(ids.make('k'), { socket, clock, limits, heartbeatMs, handler: this });
    this.connections.add(connection);
    if (this.isDraining) {
      connection.close(CloseCode.ServiceRestart, 'shutting down');
    }
    return connection;
  }

  onFrame(connection: Connection, { frame, id, error }: ClientFrameResult): Promise<void> | undefined {
    if (frame === null) {
      this.refuseFrame(connection, id, error);
      return undefined;
    }
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
    this.leaves.get(connection)?.();
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

  /** Ends every connection that a session opened, to whichever process: its user signed out. It is gone from the store. */
  closeSession(sessionId: string): void {
    this.neighbours.onNotice({ kind: 'session-ended', sessionId });
    this.parts.bus.tellAll({ kind: 'session-ended', sessionId });
  }

  /** The same for all sessions of a user but one (empty: for all). */
  closeSessionsOf(userId: string, exceptSessionId: string): void {
    this.neighbours.onNotice({ kind: 'sessions-ended', userId, exceptSessionId });
    this.parts.bus.tellAll({ kind: 'sessions-ended', userId, exceptSessionId });
  }

  /** Finishes what was accepted, says `bye` and closes everything. The store is not needed after it. */
  async drain(): Promise<void> {
    this.isDraining = true;
    await this.line.idle();
    const bye = new EncodedFrame({ type: FrameType.Bye, re: 0, payload: { retryAfterMs: BYE_RETRY_MS } });
    [...this.connections].forEach((connection) => {
      connection.push(bye.bytesFor(connection));
      connection.close(CloseCode.ServiceRestart, 'shutting down');
    });
    this.neighbours.dispose();
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
      this.countConnection(connection, identity.userId);
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
    await this.live.feeds.bringTo(records);
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
    // A room's share is for its members: nobody else can use it up.
    const retryAfterMs =
      this.messageRate.take(userId) || (this.live.isInRoom(userId, roomId) ? this.roomRate.take(roomId) : 0);
    if (retryAfterMs > 0) {
      throw tooFast(retryAfterMs);
    }
    const atMs = this.parts.clock.nowMs();
    this.line.submit({ kind: 'message', roomId, userId, clientId, text, fileId, atMs }, (result) =>
      this.acknowledge(connection, frame, result),
    );
  }

  private acknowledge(connection: Connection, frame: MessageSendFrame, result: CommitResult): void {
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
  }

  private async resume(connection: Connection, userId: string, frame: LogResumeFrame): Promise<void> {
    const { roomId, afterSeq } = frame.payload;
    await this.line.read(async () => {
      this.refuseStrangers(userId, roomId);
      const record = await this.parts.store.eventsAfter(roomId, afterSeq, MAX_RESUME_EVENTS);
      if (record === null) {
        throw refusalOf(ErrorCode.NotMember);
      }
      await this.live.feeds.bringTo([{ roomId, ...record }]);
      // The events that were just published may have ended the membership.
      this.refuseStrangers(userId, roomId);
      const isWhole = record.epoch === frame.payload.epoch && record.headSeq - afterSeq === record.events.length;
      const bytes = this.resumed(frame, record, isWhole).bytesFor(connection);
      const fits = bytes.length <= MAX_SERVER_FRAME_BYTES;
      connection.answer(fits ? bytes : this.resumed(frame, record, false).bytesFor(connection));
    });
  }

  private resumed(frame: LogResumeFrame, record: ResumeRecord, isWhole: boolean): EncodedFrame {
    const { epoch, headSeq } = record;
    const events = isWhole ? record.events : [];
    const payload = { roomId: frame.payload.roomId, epoch, recovered: isWhole, headSeq, events };
    return new EncodedFrame({ type: FrameType.LogResumed, re: frame.id, payload });
  }

  private closeWhere(isMeant: (identity: Identity) => boolean): void {
    [...this.connections]
      .filter(({ identity }) => identity !== null && isMeant(identity))
      .forEach((connection) => connection.close(CloseCode.TokenInvalid, 'signed out'));
  }

  private async enterRoom(command: Extract<LogCommand, { kind: 'create' | 'join' }>): Promise<RoomState> {
    await this.refuseCrowding(command.userId);
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

  private countConnection(connection: Connection, userId: string): void {
    if (connection.state === ConnectionState.Closed) {
      return;
    }
    const leave = this.users.enter(userId);
    if (leave === null) {
      this.parts.audit.record({ event: 'limited', outcome: 'refused', userId, detail: FrameType.Hello });
      throw tooFast(CROWDED_RETRY_MS);
    }
    this.leaves.set(connection, leave);
  }

  private async refuseCrowding(userId: string): Promise<void> {
    const most = this.parts.limits.maxRoomsPerUser;
    if ((await this.parts.store.roomsOf(userId)).length >= most) {
      throw new Refusal(ErrorCode.RoomFull, `The user is in ${most} rooms, as many as a user can be in.`);
    }
  }

  private refuseStrangers(userId: string, roomId: string): void {
    if (!this.live.isInRoom(userId, roomId)) {
      throw refusalOf(ErrorCode.NotMember);
    }
  }

  private refuseWhenDraining(): void {
    if (this.isDraining) {
      throw new Refusal(ErrorCode.Unavailable, 'The server shuts down.', { retryAfterMs: BYE_RETRY_MS });
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
      case ErrorCode.RateLimited:
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
