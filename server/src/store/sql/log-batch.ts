import { ErrorCode } from '../../../../common/core/src/main/ets/wire/Codes';
import { EventKind, type RoomEvent, type RoomFile } from '../../../../common/core/src/main/ets/wire/Frames';
import { MAX_ROOM_MEMBERS } from '../../../../common/core/src/main/ets/wire/Limits';
import type { LogCommand, LogOutcome, MemberRecord, RoomRecord } from '../store';
import { type LogState, messageKey, type Person, type RoomState } from './log-state';

type Of<K extends LogCommand['kind']> = Extract<LogCommand, { kind: K }>;

interface Author {
  readonly userId: string;
  readonly userName: string;
}

/** What of an event its sender chose. */
interface Content {
  readonly clientId: string;
  readonly text: string;
  readonly file: RoomFile | null;
}

const NO_CONTENT: Content = { clientId: '', text: '', file: null };

function recordOf(room: RoomState): RoomRecord {
  const { roomId, name, epoch, createdAtMs, headSeq, lastMessage } = room;
  return { roomId, name, epoch, createdAtMs, headSeq, members: [...room.members.values()], lastMessage };
}

/**
 * The rules of the log: applies commands in their order to what was read for them, and remembers what has to be written. It asks
 * no database, so one batch costs the same few statements whatever its size.
 */
export class LogBatch {
  /** In the order of the log. */
  readonly events: RoomEvent[] = [];
  /** Rooms with a new head. */
  readonly changedRooms = new Set<RoomState>();
  /** By room and user: the membership at the end, or null for none. Only what changed. */
  readonly memberships = new Map<string, { roomId: string; userId: string; member: MemberRecord | null }>();

  constructor(private readonly state: LogState) {}

  apply(command: LogCommand): LogOutcome {
    switch (command.kind) {
      case 'create':
        return this.create(command);
      case 'join':
        return this.join(command);
      case 'leave':
        return this.leave(command);
      case 'message':
        return this.message(command);
    }
  }

  private create(command: Of<'create'>): LogOutcome {
    const { roomId, name, nameKey, epoch, atMs } = command;
    if (this.state.takenNameKeys.has(nameKey)) {
      return { status: 'refused', code: ErrorCode.NameTaken };
    }
    if (this.state.rooms.has(roomId)) {
      throw new Error(`room ${roomId}: expected a new id, got a known one`);
    }
    const room: RoomState = {
      roomId,
      name,
      nameKey,
      epoch,
      createdAtMs: atMs,
      isNew: true,
      headSeq: 0,
      lastMessage: null,
      lastMessageSeq: 0,
      members: new Map(),
    };
    this.state.takenNameKeys.add(nameKey);
    this.state.rooms.set(roomId, room);
    return this.enter(room, EventKind.Created, command.userId, atMs);
  }

  private join(command: Of<'join'>): LogOutcome {
    const room = this.state.rooms.get(command.roomId);
    if (room === undefined) {
      return { status: 'refused', code: ErrorCode.NotFound };
    }
    if (room.members.has(command.userId)) {
      return { status: 'repeated', event: null, room: recordOf(room) };
    }
    if (room.members.size >= MAX_ROOM_MEMBERS) {
      return { status: 'refused', code: ErrorCode.RoomFull };
    }
    return this.enter(room, EventKind.Joined, command.userId, command.atMs);
  }

  private enter(room: RoomState, kind: EventKind, userId: string, atMs: number): LogOutcome {
    const person = this.person(userId);
    const member = { ...person, joinedSeq: room.headSeq + 1 };
    room.members.set(userId, member);
    this.noteMembership(room.roomId, userId, member);
    const event = this.append(room, kind, person, atMs, NO_CONTENT);
    return { status: 'applied', epoch: room.epoch, event, room: recordOf(room) };
  }

  private leave(command: Of<'leave'>): LogOutcome {
    const { roomId, userId } = command;
    const room = this.state.rooms.get(roomId);
    const member = room?.members.get(userId);
    if (room === undefined || member === undefined) {
      return { status: 'repeated', event: null, room: null };
    }
    room.members.delete(userId);
    this.noteMembership(roomId, userId, null);
    const event = this.append(room, EventKind.Left, member, command.atMs, NO_CONTENT);
    return { status: 'applied', epoch: room.epoch, event, room: null };
  }

  /** A known client id is answered before membership is asked: the first ack stays true for who left meanwhile. */
  private message(command: Of<'message'>): LogOutcome {
    const { roomId, userId, clientId, text, fileId = '', atMs } = command;
    const key = messageKey(roomId, userId, clientId);
    const known = this.state.messages.get(key);
    if (known !== undefined) {
      return known.text === text && (known.file?.fileId ?? '') === fileId
        ? { status: 'repeated', event: known, room: null }
        : { status: 'refused', code: ErrorCode.IdReused };
    }
    const room = this.state.rooms.get(roomId);
    const member = room?.members.get(userId);
    if (room === undefined || member === undefined) {
      return { status: 'refused', code: ErrorCode.NotMember };
    }
    const file = fileId === '' ? null : this.fileFor(fileId, roomId, userId);
    if (fileId !== '' && file === null) {
      return { status: 'refused', code: ErrorCode.NotFound };
    }
    const event = this.append(room, EventKind.Message, member, atMs, { clientId, text, file });
    this.state.messages.set(key, event);
    return { status: 'applied', epoch: room.epoch, event, room: null };
  }

  private append(room: RoomState, kind: EventKind, author: Author, atMs: number, content: Content): RoomEvent {
    const { clientId, text, file } = content;
    const { roomId } = room;
    const seq = ++room.headSeq;
    const { userId, userName } = author;
    const plain = { roomId, seq, atMs, kind, userId, userName, clientId, text };
    const event: RoomEvent = file === null ? plain : { ...plain, file };
    if (kind === EventKind.Message) {
      room.lastMessage = event;
      room.lastMessageSeq = seq;
    }
    this.events.push(event);
    this.changedRooms.add(room);
    return event;
  }

  /** Null where the file is not one that this user brought into this room. */
  private fileFor(fileId: string, roomId: string, userId: string): RoomFile | null {
    const known = this.state.files.get(fileId);
    return known?.roomId === roomId && known.userId === userId ? known.file : null;
  }

  private person(userId: string): Person {
    const person = this.state.people.get(userId);
    if (person === undefined) {
      throw new Error(`expected user ${userId}, got none`);
    }
    return person;
  }

  private noteMembership(roomId: string, userId: string, member: MemberRecord | null): void {
    this.memberships.set(JSON.stringify([roomId, userId]), { roomId, userId, member });
  }
}
