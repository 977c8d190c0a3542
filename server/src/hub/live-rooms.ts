import {
  EventKind,
  FrameType,
  type MemberState,
  PresenceStatus,
  type RoomEvent,
  type RoomState,
  type ServerFrame,
} from '../../../common/core/src/main/ets/wire/Frames';
import type { Clock } from '../ports/clock';
import type { LogOutcome, MemberRecord, RoomRecord } from '../store/store';
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
  readonly meter: HubMeter;
}

/** What is true of the rooms at this moment and not in the log: who listens, who is online, who types. */
export class LiveRooms {
  private readonly roster = new Roster();
  private readonly presence: PresenceBook;
  private readonly typing: TypingBook;
  private readonly lastSeen: LastSeen;
  private readonly clock: Clock;
  private readonly meter: HubMeter;

  constructor(parts: LiveRoomsParts) {
    this.clock = parts.clock;
    this.lastSeen = parts.lastSeen;
    this.meter = parts.meter;
    this.presence = new PresenceBook(parts.clock, parts.presenceGraceMs, (userId, status, lastSeenMs) =>
      this.presenceChanged(userId, status, lastSeenMs),
    );
    this.typing = new TypingBook(parts.clock, (roomId, userId, isTyping, expiresInMs) => {
      const payload = { roomId, userId, isTyping, expiresInMs };
      this.fanOut(this.roster.inRoom(roomId), { type: FrameType.TypingChanged, re: 0, payload }, userId);
    });
  }

  /** `rooms` were read in the commit line and nothing was published since. The connection is not open yet. */
  arrive(connection: Connection, userId: string, rooms: readonly RoomRecord[]): RoomState[] {
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
    this.typing.connectionClosed(connection.id);
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
    } else {
      this.typing.stop(roomId, userId, connection.id);
    }
  }

  setPresence(connection: Connection, userId: string, status: PresenceStatus): void {
    this.presence.set(userId, connection.id, status);
  }

  /** Brings what the log has new to everyone who must see it. Called in the order of the log. */
  publish(outcome: LogOutcome): void {
    if (outcome.status !== 'applied') {
      return;
    }
    const { event, epoch, room } = outcome;
    const { roomId, userId } = event;
    this.typing.end(roomId, userId);
    if (event.kind === EventKind.Left) {
      this.roster.leaveRoom(userId, roomId);
      this.fanOut(this.roster.connectionsOf(userId), { type: FrameType.RoomRemoved, re: 0, payload: { roomId } });
    }
    // Who enters is not told by the event: the state in `room.added` is at its position already.
    this.fanOut(this.roster.inRoom(roomId), { type: FrameType.RoomEvent, re: 0, payload: { epoch, event } });
    this.meter.published(this.clock.nowMs() - event.atMs);
    if (room !== null) {
      this.welcomeMember(event, room);
    }
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
    this.presence.dispose();
    this.typing.dispose();
  }

  private welcomeMember(event: RoomEvent, room: RoomRecord): void {
    const { roomId, userId } = event;
    const status = this.presence.statusOf(userId);
    if (status !== PresenceStatus.Offline) {
      const payload = { userId, status, lastSeenMs: 0 };
      this.fanOut(this.roster.inRoom(roomId), { type: FrameType.PresenceChanged, re: 0, payload }, userId);
    }
    this.roster.enterRoom(userId, roomId);
    const payload = { room: this.stateOf(room, userId) };
    this.fanOut(this.roster.connectionsOf(userId), { type: FrameType.RoomAdded, re: 0, payload });
  }

  private presenceChanged(userId: string, status: PresenceStatus, lastSeenMs: number): void {
    if (status === PresenceStatus.Offline) {
      this.lastSeen.note(userId, lastSeenMs);
    }
    const payload = { userId, status, lastSeenMs };
    this.fanOut(this.roster.sharingWith(userId), { type: FrameType.PresenceChanged, re: 0, payload });
    if (status === PresenceStatus.Offline) {
      this.roster.forget(userId);
    }
  }

  private fanOut(targets: Iterable<Connection>, frame: ServerFrame, exceptUserId = ''): void {
    const encoded = new EncodedFrame(frame);
    let count = 0;
    for (const connection of targets) {
      if (connection.identity?.userId !== exceptUserId) {
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
