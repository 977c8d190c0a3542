import {
  EventKind,
  FrameType,
  type MemberState,
  PresenceStatus,
  type RoomEvent,
  type RoomState,
  type ServerFrame,
} from '../../../common/core/src/main/ets/wire/Frames';
import type { Bus, UserPresence } from '../bus/bus';
import type { Clock } from '../ports/clock';
import type { FeedReader, Feeds } from '../rooms/feeds';
import type { MemberRecord, RoomRecord } from '../store/store';
import type { Connection } from './connection';
import { EncodedFrame } from './encoded-frame';
import type { HubMeter } from './hub-meter';
import type { LastSeen } from './last-seen';
import { PresenceBook } from './presence-book';
import { Roster } from './roster';
import { TypingBook } from './typing-book';

export interface LiveRoomsParts {
  readonly clock: Clock;
  readonly presenceGraceMs: number;
  readonly lastSeen: LastSeen;
  readonly bus: Bus;
  readonly makeFeeds: (reader: FeedReader) => Feeds;
  readonly meter: HubMeter;
}

/** What is true of the rooms at this moment and not in the log: who listens, who is online, who types. */
export class LiveRooms implements FeedReader {
  /** Brings the log's events here, in their order. */
  readonly feeds: Feeds;
  private readonly roster = new Roster((roomId) => this.feeds.close(roomId));
  private readonly presence: PresenceBook;
  private readonly typing: TypingBook;
  private readonly lastSeen: LastSeen;
  private readonly clock: Clock;
  private readonly bus: Bus;
  private readonly meter: HubMeter;

  constructor(parts: LiveRoomsParts) {
    this.clock = parts.clock;
    this.lastSeen = parts.lastSeen;
    this.bus = parts.bus;
    this.meter = parts.meter;
    this.feeds = parts.makeFeeds(this);
    this.presence = new PresenceBook(
      parts.clock,
      parts.presenceGraceMs,
      (userId, status, lastSeenMs) => this.presenceChanged(userId, status, lastSeenMs),
      (userId, status, lastSeenMs) => this.ownPresenceChanged(userId, status, lastSeenMs),
    );
    this.typing = new TypingBook(parts.clock, (roomId, userId, isTyping, expiresInMs) => {
      const payload = { roomId, userId, isTyping, expiresInMs };
      this.fanOut(this.roster.inRoom(roomId), { type: FrameType.TypingChanged, re: 0, payload }, userId);
    });
  }

  /**
   * `rooms` were read in the commit line, the feeds were brought to them, and nothing was published since. The connection
   * is not open yet.
   */
  arrive(connection: Connection, userId: string, rooms: readonly RoomRecord[]): RoomState[] {
    rooms.forEach((room) => {
      // The user may have joined by another process a moment ago: this reading tells the older connections, too.
      this.letIn(userId, room);
      this.feeds.open(room);
    });
    this.roster.add(
      connection,
      userId,
      rooms.map((room) => room.roomId),
    );
    this.presence.connect(userId, connection.id);
    this.lastSeen.note(userId, this.clock.nowMs());
    return rooms.map((room) => this.stateOf(room, userId));
  }

  depart(connection: Connection, userId: string): void {
    this.typing.connectionClosed(connection.id).forEach((roomId) => this.announceTyping(roomId, userId, false));
    this.roster.remove(connection, userId);
    this.presence.disconnect(userId, connection.id);
    this.lastSeen.note(userId, this.clock.nowMs());
  }

  isInRoom(userId: string, roomId: string): boolean {
    return this.roster.isInRoom(userId, roomId);
  }

  setTyping(connection: Connection, userId: string, roomId: string, isTyping: boolean): void {
    if (isTyping) {
      this.typing.start(roomId, userId, connection.id);
      this.announceTyping(roomId, userId, true);
    } else if (this.typing.stop(roomId, userId, connection.id)) {
      this.announceTyping(roomId, userId, false);
    }
  }

  /** A user of another process types, or stopped. */
  setTypingAbroad(processId: string, userId: string, roomId: string, isTyping: boolean): void {
    if (isTyping && this.feeds.has(roomId)) {
      this.typing.start(roomId, userId, processId);
    } else if (!isTyping) {
      this.typing.stop(roomId, userId, processId);
    }
  }

  setPresence(connection: Connection, userId: string, status: PresenceStatus): void {
    this.presence.set(userId, connection.id, status);
  }

  /** What another process says of a user. */
  setPresenceAbroad(processId: string, userId: string, presence: UserPresence | null, lastSeenMs: number): void {
    if (presence === null) {
      this.presence.dropAbroad(userId, processId, lastSeenMs);
    } else {
      this.roster.know(userId, presence.roomIds);
      this.presence.setAbroad(userId, processId, presence.status);
    }
  }

  /** A process shuts down in good order: its users have the grace time to come back elsewhere. */
  processLeaves(processId: string, userIds: readonly string[]): void {
    userIds.forEach((userId) => this.presence.disconnect(userId, processId));
  }

  /** Users with a connection to this process. */
  get connectedIds(): string[] {
    return this.roster.connectedIds;
  }

  isConnected(userId: string): boolean {
    return this.roster.connectionsOf(userId).size > 0;
  }

  /** Brings an event to everyone who must see it. Called in the order of the log, by the feeds. */
  publish(epoch: string, event: RoomEvent, room: RoomRecord | null): void {
    const { roomId, userId } = event;
    this.typing.end(roomId, userId);
    if (event.kind === EventKind.Left) {
      this.roster.leaveRoom(userId, roomId);
      this.fanOut(this.roster.connectionsOf(userId), { type: FrameType.RoomRemoved, re: 0, payload: { roomId } });
      this.tellRooms(userId);
    }
    // Who enters is not told by the event: the state in `room.added` is at its position already.
    this.fanOut(this.roster.inRoom(roomId), { type: FrameType.RoomEvent, re: 0, payload: { epoch, event } });
    this.meter.published(this.clock.nowMs() - event.atMs);
    if (event.kind === EventKind.Joined || event.kind === EventKind.Created) {
      this.welcomeMember(event, room);
    }
  }

  /** The feed stands where `room` does, or is not there yet. Harmless for a user who is in the room, or not here. */
  letIn(userId: string, room: RoomRecord): void {
    if (!this.isConnected(userId) || this.roster.isInRoom(userId, room.roomId)) {
      return;
    }
    this.feeds.open(room);
    this.roster.enterRoom(userId, room.roomId);
    const payload = { room: this.stateOf(room, userId) };
    this.fanOut(this.roster.connectionsOf(userId), { type: FrameType.RoomAdded, re: 0, payload });
    this.tellRooms(userId);
  }

  stateOf(room: RoomRecord, viewerId: string): RoomState {
    return {
      roomId: room.roomId,
      name: room.name,
      epoch: room.epoch,
      headSeq: room.headSeq,
      members: room.members.map((member) => this.memberState(member)),
      typing: this.typing.statesOf(room.roomId, viewerId),
      lastMessage: room.lastMessage,
    };
  }

  dispose(): void {
    this.feeds.dispose();
    this.presence.dispose();
    this.typing.dispose();
  }

  private welcomeMember(event: RoomEvent, room: RoomRecord | null): void {
    const { roomId, userId } = event;
    const status = this.presence.statusOf(userId);
    if (status !== PresenceStatus.Offline) {
      const payload = { userId, status, lastSeenMs: 0 };
      this.fanOut(this.roster.inRoom(roomId), { type: FrameType.PresenceChanged, re: 0, payload }, userId);
    }
    if (!this.isConnected(userId)) {
      this.roster.enterRoom(userId, roomId);
    } else if (room === null) {
      this.feeds.admit(roomId, userId);
    } else {
      this.letIn(userId, room);
    }
  }

  private presenceChanged(userId: string, status: PresenceStatus, lastSeenMs: number): void {
    if (status === PresenceStatus.Offline) {
      this.lastSeen.heard(userId, lastSeenMs);
    }
    const payload = { userId, status, lastSeenMs };
    this.fanOut(this.roster.sharingWith(userId), { type: FrameType.PresenceChanged, re: 0, payload });
    if (status === PresenceStatus.Offline) {
      this.roster.forget(userId);
    }
  }

  private ownPresenceChanged(userId: string, status: PresenceStatus, lastSeenMs: number): void {
    if (status === PresenceStatus.Offline) {
      this.lastSeen.note(userId, lastSeenMs);
      this.bus.setPresence(userId, null, lastSeenMs);
    } else {
      this.bus.setPresence(userId, { status, roomIds: this.roster.roomsOf(userId) }, 0);
    }
  }

  /** The other processes know by it whom the user's presence concerns. */
  private tellRooms(userId: string): void {
    const status = this.presence.ownStatusOf(userId);
    if (status !== PresenceStatus.Offline) {
      this.bus.setPresence(userId, { status, roomIds: this.roster.roomsOf(userId) }, 0);
    }
  }

  private announceTyping(roomId: string, userId: string, isTyping: boolean): void {
    this.bus.announce(roomId, { kind: 'typing', userId, isTyping });
  }

  private fanOut(targets: Iterable<Connection>, frame: ServerFrame, exceptUserId = ''): void {
    const encoded = new EncodedFrame(frame);
    let count = 0;
    for (const connection of targets) {
      if (exceptUserId === '' || connection.identity?.userId !== exceptUserId) {
        connection.push(encoded.bytesFor(connection));
        count++;
      }
    }
    this.meter.delivered(count);
  }

  private memberState(member: MemberRecord): MemberState {
    const status = this.presence.statusOf(member.userId);
    const isOffline = status === PresenceStatus.Offline;
    const lastSeenMs = isOffline ? this.lastSeen.of(member.userId, member.lastSeenMs) : 0;
    return { userId: member.userId, userName: member.userName, status, lastSeenMs };
  }
}
