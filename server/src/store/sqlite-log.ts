import type Database from 'libsql';
import { ErrorCode } from '../../../common/core/src/main/ets/wire/Codes';
import { EventKind, type RoomEvent, type RoomFile } from '../../../common/core/src/main/ets/wire/Frames';
import { MAX_ROOM_MEMBERS } from '../../../common/core/src/main/ets/wire/Limits';
import type { SqliteFiles } from './sqlite-files';
import type { SqliteSearch } from './sqlite-search';
import type { LogCommand, LogOutcome, MemberRecord, RoomRecord } from './store';

interface RoomRow {
  readonly room_id: string;
  readonly name: string;
  readonly epoch: string;
  readonly head_seq: number;
  readonly last_message_seq: number;
}

interface EventRow {
  readonly room_id: string;
  readonly seq: number;
  readonly at_ms: number;
  readonly kind: EventKind;
  readonly user_id: string;
  readonly user_name: string;
  readonly client_id: string;
  readonly text: string;
  readonly file_id: string | null;
  readonly file_name: string;
  readonly content_type: string;
  readonly size_bytes: number;
  readonly width_px: number;
  readonly height_px: number;
}

interface MemberRow {
  readonly user_id: string;
  readonly name: string;
  readonly last_seen_ms: number;
}

type Of<K extends LogCommand['kind']> = Extract<LogCommand, { kind: K }>;

const EVENT_COLUMNS =
  'e.room_id, e.seq, e.at_ms, e.kind, e.user_id, u.name AS user_name, e.client_id, e.text, ' +
  'e.file_id, f.name AS file_name, f.content_type, f.size_bytes, f.width_px, f.height_px ' +
  'FROM events e JOIN users u ON u.user_id = e.user_id LEFT JOIN files f ON f.file_id = e.file_id';

/** What of an event its sender chose. */
interface Content {
  readonly clientId: string;
  readonly text: string;
  readonly fileId: string;
}

const NO_CONTENT: Content = { clientId: '', text: '', fileId: '' };

function toEvent(row: EventRow): RoomEvent {
  const event: RoomEvent = {
    roomId: row.room_id,
    seq: row.seq,
    atMs: row.at_ms,
    kind: row.kind,
    userId: row.user_id,
    userName: row.user_name,
    clientId: row.client_id,
    text: row.text,
  };
  if (row.file_id === null) {
    return event;
  }
  const file: RoomFile = {
    fileId: row.file_id,
    name: row.file_name,
    contentType: row.content_type,
    sizeBytes: row.size_bytes,
    widthPx: row.width_px,
    heightPx: row.height_px,
  };
  return { ...event, file };
}

/** The rooms and their logs in SQLite. Every method runs inside the caller's transaction. */
export class SqliteLog {
  private readonly selectRoom;
  private readonly selectRoomByNameKey;
  private readonly insertRoom;
  private readonly moveHead;
  private readonly insertEvent;
  private readonly selectEvent;
  private readonly selectMessage;
  private readonly selectMember;
  private readonly selectMembers;
  private readonly countMembers;
  private readonly insertMember;
  private readonly deleteMember;
  private readonly selectRoomsOf;
  private readonly selectBefore;
  private readonly selectAfter;

  constructor(
    db: Database.Database,
    private readonly files: SqliteFiles,
    private readonly searchIndex: SqliteSearch,
  ) {
    this.selectRoom = db.prepare('SELECT * FROM rooms WHERE room_id = ?');
    this.selectRoomByNameKey = db.prepare('SELECT room_id FROM rooms WHERE name_key = ?');
    this.insertRoom = db.prepare('INSERT INTO rooms VALUES (?, ?, ?, ?, 0, 0, ?)');
    this.moveHead = db.prepare('UPDATE rooms SET head_seq = ?, last_message_seq = ? WHERE room_id = ?');
    this.insertEvent = db.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
    this.selectEvent = db.prepare(`SELECT ${EVENT_COLUMNS} WHERE e.room_id = ? AND e.seq = ?`);
    this.selectMessage = db.prepare(
      `SELECT ${EVENT_COLUMNS} WHERE e.room_id = ? AND e.user_id = ? AND e.client_id = ? AND e.kind = 'message'`,
    );
    this.selectMember = db.prepare('SELECT joined_seq FROM members WHERE room_id = ? AND user_id = ?');
    this.selectMembers = db.prepare(
      'SELECT u.user_id, u.name, u.last_seen_ms FROM members m JOIN users u ON u.user_id = m.user_id ' +
        'WHERE m.room_id = ? ORDER BY m.joined_seq',
    );
    this.countMembers = db.prepare('SELECT COUNT(*) AS count FROM members WHERE room_id = ?');
    this.insertMember = db.prepare('INSERT INTO members VALUES (?, ?, ?)');
    this.deleteMember = db.prepare('DELETE FROM members WHERE room_id = ? AND user_id = ?');
    this.selectRoomsOf = db.prepare(
      'SELECT r.* FROM members m JOIN rooms r ON r.room_id = m.room_id WHERE m.user_id = ? ORDER BY r.room_id',
    );
    this.selectBefore = db.prepare(
      `SELECT ${EVENT_COLUMNS} WHERE e.room_id = ? AND e.seq < ? ORDER BY e.seq DESC LIMIT ?`,
    );
    this.selectAfter = db.prepare(`SELECT ${EVENT_COLUMNS} WHERE e.room_id = ? AND e.seq > ? ORDER BY e.seq LIMIT ?`);
  }

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

  room(roomId: string): RoomRow | null {
    return (this.selectRoom.get(roomId) as RoomRow | undefined) ?? null;
  }

  isMember(roomId: string, userId: string): boolean {
    return this.selectMember.get(roomId, userId) !== undefined;
  }

  roomsOf(userId: string): RoomRecord[] {
    return (this.selectRoomsOf.all(userId) as RoomRow[]).map((row) => this.record(row));
  }

  /** Descending, below `before`. */
  eventsBefore(roomId: string, before: number, limit: number): RoomEvent[] {
    return (this.selectBefore.all(roomId, before, limit) as EventRow[]).map(toEvent);
  }

  /** Ascending, above `afterSeq`. */
  eventsAfter(roomId: string, afterSeq: number, limit: number): RoomEvent[] {
    return (this.selectAfter.all(roomId, afterSeq, limit) as EventRow[]).map(toEvent);
  }

  /** Throws where there is no such event: for what the log is known to hold. */
  event(roomId: string, seq: number): RoomEvent {
    const row = this.selectEvent.get(roomId, seq) as EventRow | undefined;
    if (row === undefined) {
      throw new Error(`room ${roomId}: expected event ${seq}, got none`);
    }
    return toEvent(row);
  }

  private create(command: Of<'create'>): LogOutcome {
    if (this.selectRoomByNameKey.get(command.nameKey) !== undefined) {
      return { status: 'refused', code: ErrorCode.NameTaken };
    }
    this.insertRoom.run(command.roomId, command.name, command.nameKey, command.epoch, command.atMs);
    return this.enter(this.knownRoom(command.roomId), EventKind.Created, command.userId, command.atMs);
  }

  private join(command: Of<'join'>): LogOutcome {
    const room = this.room(command.roomId);
    if (room === null) {
      return { status: 'refused', code: ErrorCode.NotFound };
    }
    if (this.isMember(command.roomId, command.userId)) {
      return { status: 'repeated', event: null, room: this.record(room) };
    }
    const { count } = this.countMembers.get(command.roomId) as { count: number };
    if (count >= MAX_ROOM_MEMBERS) {
      return { status: 'refused', code: ErrorCode.RoomFull };
    }
    return this.enter(room, EventKind.Joined, command.userId, command.atMs);
  }

  private enter(room: RoomRow, kind: EventKind, userId: string, atMs: number): LogOutcome {
    this.insertMember.run(room.room_id, userId, room.head_seq + 1);
    const event = this.append(room, kind, userId, atMs, NO_CONTENT);
    return { status: 'applied', epoch: room.epoch, event, room: this.record(this.knownRoom(room.room_id)) };
  }

  private leave(command: Of<'leave'>): LogOutcome {
    const room = this.room(command.roomId);
    if (room === null || !this.isMember(command.roomId, command.userId)) {
      return { status: 'repeated', event: null, room: null };
    }
    this.deleteMember.run(command.roomId, command.userId);
    const event = this.append(room, EventKind.Left, command.userId, command.atMs, NO_CONTENT);
    return { status: 'applied', epoch: room.epoch, event, room: null };
  }

  /** A known client id is answered before membership is asked: the first ack stays true for who left meanwhile. */
  private message(command: Of<'message'>): LogOutcome {
    const { roomId, userId, clientId, text, fileId = '', atMs } = command;
    const known = this.selectMessage.get(roomId, userId, clientId) as EventRow | undefined;
    if (known !== undefined) {
      return known.text === text && (known.file_id ?? '') === fileId
        ? { status: 'repeated', event: toEvent(known), room: null }
        : { status: 'refused', code: ErrorCode.IdReused };
    }
    const room = this.room(roomId);
    if (room === null || !this.isMember(roomId, userId)) {
      return { status: 'refused', code: ErrorCode.NotMember };
    }
    if (fileId !== '' && !this.files.use(fileId, roomId, userId)) {
      return { status: 'refused', code: ErrorCode.NotFound };
    }
    const event = this.append(room, EventKind.Message, userId, atMs, { clientId, text, fileId });
    this.searchIndex.add(roomId, event.seq, text);
    return { status: 'applied', epoch: room.epoch, event, room: null };
  }

  private append(room: RoomRow, kind: EventKind, userId: string, atMs: number, content: Content): RoomEvent {
    const { clientId, text, fileId } = content;
    const seq = room.head_seq + 1;
    this.insertEvent.run(room.room_id, seq, atMs, kind, userId, clientId, text, fileId === '' ? null : fileId);
    this.moveHead.run(seq, kind === EventKind.Message ? seq : room.last_message_seq, room.room_id);
    return this.event(room.room_id, seq);
  }

  private knownRoom(roomId: string): RoomRow {
    const row = this.room(roomId);
    if (row === null) {
      throw new Error(`expected room ${roomId}, got none`);
    }
    return row;
  }

  private record(row: RoomRow): RoomRecord {
    const members = (this.selectMembers.all(row.room_id) as MemberRow[]).map((member): MemberRecord => ({
      userId: member.user_id,
      userName: member.name,
      lastSeenMs: member.last_seen_ms,
    }));
    return {
      roomId: row.room_id,
      name: row.name,
      epoch: row.epoch,
      headSeq: row.head_seq,
      members,
      lastMessage: row.last_message_seq === 0 ? null : this.event(row.room_id, row.last_message_seq),
    };
  }
}
