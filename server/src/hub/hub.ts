import type { Logger } from 'pino';
import type { ClientFrameResult } from '../../../common/core/src/main/ets/wire/ClientFrames';
import { CloseCode, ErrorCode } from '../../../common/core/src/main/ets/wire/Codes';
import {
  type AuthRenewFrame,
  type ClientFrame,
  FrameType,
  type HelloFrame,
  type RoomState,
} from '../../../common/core/src/main/ets/wire/Frames';
import type { Audit } from '../audit/audit';
import { type AuthService, type Identity } from '../auth/auth-service';
import { tokenInvalid } from '../auth/access-tokens';
import type { Bus } from '../bus/bus';
import { nameKey } from '../auth/names';
import type { SessionSockets } from '../notices/session-sockets';
import type { Clock } from '../ports/clock';
import type { IdMaker } from '../ports/ids';
import { Refusal, refusalOf, shutsDown, tooFast } from '../refusal';
import type { CommandObserver } from '../rooms/command-observer';
import { CommitLine } from '../rooms/commit-line';
import { Feeds } from '../rooms/feeds';
import type { LogCommand, RoomRecord, Store } from '../store/store';
import { Answers, closeCodeOf } from './answers';
import { Connection, ConnectionState, type FrameSocket } from './connection';
import { sendAway } from './drain';
import { EndedSessions } from './ended-sessions';
import type { HubMeter } from './hub-meter';
import { LastSeen } from './last-seen';
import type { HubLimits } from './limits';
import { LiveRooms } from './live-rooms';
import { Neighbours } from './neighbours';
import { RoomCommands } from './room-commands';
import { SlidingWindows } from '../limits/buckets';
import { OpenCounts } from '../limits/open-counts';

export interface HubParts {
  readonly store: Store;
  readonly bus: Bus;
  readonly auth: AuthService;
  readonly clock: Clock;
  readonly ids: IdMaker;
  readonly log: Logger;
  readonly meter: HubMeter;
  readonly commandObserver: CommandObserver | null;
  readonly limits: HubLimits;
  readonly audit: Audit;
  /** What ends with a session beside its connections. */
  readonly sessionSockets: SessionSockets;
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
  private readonly answers: Answers;
  private readonly commands: RoomCommands;
  private readonly users: OpenCounts;
  /** What ends the count of a connection among those of its user. */
  private readonly leaves = new WeakMap<Connection, () => void>();
  private readonly badFrames: SlidingWindows;
  private readonly endedSessions: EndedSessions;
  /** Serving → Leaving → Closing, by `drain`. */
  private stage = HubStage.Serving;

  constructor(private readonly parts: HubParts) {
    const { store, bus, clock, ids, log, limits, meter } = parts;
    this.lastSeen = new LastSeen(store, clock, log);
    const whenQuiet = (run: () => void): void => this.line.whenQuiet(run);
    this.live = new LiveRooms({
      clock,
      meter,
      presenceGraceMs: parts.presenceGraceMs,
      lastSeen: this.lastSeen,
      bus,
      makeFeeds: (reader) => new Feeds({ store, bus, clock, log, reader, whenQuiet }),
    });
    this.line = new CommitLine(
      store,
      (command, outcome) => this.live.feeds.committed(command, outcome),
      (error) => this.defect(error),
      (command) => this.live.feeds.doubt(command),
      parts.commandObserver,
    );
    const closeSession = (sessionId: string): void => this.closeWhere((identity) => identity.sessionId === sessionId);
    const lookForAll = (): void => this.neighbours.onReturn();
    this.endedSessions = new EndedSessions({ store, clock, log, closeSession, lookForAll });
    this.neighbours = new Neighbours({
      live: this.live,
      lastSeen: this.lastSeen,
      store,
      clock,
      log,
      random: () => ids.fraction(),
      closeSession,
      closeSessionsOf: (userId, exceptSessionId) =>
        this.closeWhere((identity) => identity.userId === userId && identity.sessionId !== exceptSessionId),
      openSessions: () => this.openSessions(),
    });
    if (bus.isShared) {
      this.neighbours.start();
    }
    this.answers = new Answers(log, meter);
    const { live, line, answers } = this;
    this.commands = new RoomCommands({ store, clock, limits, meter, live, line, answers });
    this.users = new OpenCounts(limits.maxConnectionsPerUser);
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
        this.answers.fail(connection, id, failure);
      });
    } catch (failure) {
      this.answers.fail(connection, id, failure);
      return undefined;
    }
  }

  onClosed(connection: Connection, code: number, reason: string): void {
    this.connections.delete(connection);
    this.leaves.get(connection)?.();
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

  /** Begins to end the connections of sessions that end elsewhere. Before the first connection; rejects with `StoreFailure`. */
  start(): Promise<void> {
    return this.endedSessions.start();
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
    this.endedSessions.dispose();
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
        this.answers.send(connection, { type: FrameType.Pong, re: frame.id, payload });
        return undefined;
      }
      case FrameType.MessageSend:
        this.refuseWhenDraining();
        this.commands.send(connection, userId, frame);
        return undefined;
      case FrameType.LogResume:
        return this.commands.resume(connection, userId, frame);
      case FrameType.TypingSet:
        this.commands.refuseStrangers(userId, frame.payload.roomId);
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
      const code = this.answers.fail(connection, frame.id, error);
      connection.close(closeCodeOf(code), code);
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
    this.answers.send(connection, { type: FrameType.Welcome, re, payload });
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
    this.answers.send(connection, { type: FrameType.AuthRenewed, re: frame.id, payload });
  }

  private lifeOf(identity: Identity): number {
    return Math.max(0, identity.accessExpiresAtMs - this.parts.clock.nowMs());
  }

  private closeWhere(isMeant: (identity: Identity) => boolean): void {
    [...this.connections]
      .filter(({ identity }) => identity !== null && isMeant(identity))
      .forEach((connection) => connection.close(CloseCode.TokenInvalid, 'signed out'));
    this.parts.sessionSockets.endWhere(isMeant);
  }

  private openSessions(): Set<string> {
    const ids = [...this.connections].flatMap(({ identity }) => identity?.sessionId ?? []);
    return new Set([...ids, ...this.parts.sessionSockets.sessionIds()]);
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
    if ((await this.parts.store.roomCountOf(userId)) >= most) {
      throw new Refusal(ErrorCode.RoomFull, `The user is in ${most} rooms, as many as a user can be in.`);
    }
  }

  private refuseWhenDraining(): void {
    if (this.stage === HubStage.Closing) {
      throw shutsDown();
    }
  }

  /** A frame that is not parley.v1 here: the first one is fatal, later ones are counted. */
  private refuseFrame(connection: Connection, re: number, error: unknown): void {
    const code = this.answers.fail(connection, re, error);
    if (connection.identity === null) {
      connection.close(CloseCode.HelloExpected, code);
    } else if (this.badFrames.take(connection.id) > 0) {
      connection.close(CloseCode.TooManyErrors, 'too many bad frames');
    }
  }

  private defect(error: unknown): void {
    this.parts.log.error({ err: error }, 'a committed command was not published');
  }
}
