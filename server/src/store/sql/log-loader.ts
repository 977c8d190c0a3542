import { sql } from 'kysely';
import type { LogCommand, MemberRecord } from '../store';
import type { Dialect } from './dialect';
import { lastMessages, selectEvents, toEvent, toFileRecord } from './event-rows';
import { type KnownFile, type LogState, messageKey, type Person, type RoomState } from './log-state';
import { all, type Script } from './script';
import { statement } from './statement';
import { IMPORTING, type RoomsTable } from './tables';

// Types and not interfaces: only those count as rows of a parameter.
type RoomKey = { readonly room_id: string };
type NameKey = { readonly name_key: string };
type UserKey = { readonly user_id: string };
type FileKey = { readonly file_id: string };
type MemberKey = RoomKey & UserKey;
type MessageKey = MemberKey & { readonly client_id: string };

interface MemberRow {
  readonly room_id: string;
  readonly user_id: string;
  readonly joined_seq: number;
  readonly name: string;
  readonly last_seen_ms: number;
}

type MessageCommand = Extract<LogCommand, { kind: 'message' }>;
type EnterCommand = Extract<LogCommand, { kind: 'create' | 'join' }>;

function statementsOf(dialect: Dialect) {
  const { db, rows, locked } = dialect;
  const members = (q: typeof db) =>
    q
      .selectFrom('members as m')
      .innerJoin('users as u', 'u.user_id', 'm.user_id')
      .select(['m.room_id', 'm.user_id', 'm.joined_seq', 'u.name', 'u.last_seen_ms']);
  return {
    rooms: statement<{ keys: readonly RoomKey[] }>(db).as((q, { keys }) =>
      locked(
        q
          .selectFrom('rooms as r')
          .innerJoin(rows<RoomKey, 'k'>(keys, { room_id: 'text' }, 'k'), 'k.room_id', 'r.room_id')
          .selectAll('r')
          .where('r.epoch', '<>', IMPORTING)
          .orderBy('r.room_id'),
        'r',
      ),
    ),
    names: statement<{ keys: readonly NameKey[] }>(db).as((q, { keys }) =>
      q
        .selectFrom('rooms as r')
        .innerJoin(rows<NameKey, 'k'>(keys, { name_key: 'text' }, 'k'), 'k.name_key', 'r.name_key')
        .select('r.name_key'),
    ),
    people: statement<{ keys: readonly UserKey[] }>(db).as((q, { keys }) =>
      q
        .selectFrom('users as u')
        .innerJoin(rows<UserKey, 'k'>(keys, { user_id: 'text' }, 'k'), 'k.user_id', 'u.user_id')
        .select(['u.user_id', 'u.name', 'u.last_seen_ms']),
    ),
    actors: statement<{ keys: readonly MemberKey[] }>(db).as((q, { keys }) =>
      members(q).innerJoin(rows<MemberKey, 'k'>(keys, { room_id: 'text', user_id: 'text' }, 'k'), (join) =>
        join.onRef('k.room_id', '=', 'm.room_id').onRef('k.user_id', '=', 'm.user_id'),
      ),
    ),
    members: statement<{ keys: readonly RoomKey[] }>(db).as((q, { keys }) =>
      members(q)
        .innerJoin(rows<RoomKey, 'k'>(keys, { room_id: 'text' }, 'k'), 'k.room_id', 'm.room_id')
        .orderBy('m.room_id')
        .orderBy('m.joined_seq'),
    ),
    lastMessages: lastMessages(dialect),
    messages: statement<{ keys: readonly MessageKey[] }>(db).as((q, { keys }) =>
      selectEvents(q)
        .innerJoin(rows<MessageKey, 'k'>(keys, { room_id: 'text', user_id: 'text', client_id: 'text' }, 'k'), (join) =>
          join
            .onRef('k.room_id', '=', 'e.room_id')
            .onRef('k.user_id', '=', 'e.user_id')
            .onRef('k.client_id', '=', 'e.client_id'),
        )
        // Literally, for the index that holds messages only.
        .where('e.kind', '=', sql.lit<'message'>('message') as never),
    ),
    files: statement<{ keys: readonly FileKey[] }>(db).as((q, { keys }) =>
      locked(
        q
          .selectFrom('files as f')
          .innerJoin(rows<FileKey, 'k'>(keys, { file_id: 'text' }, 'k'), 'k.file_id', 'f.file_id')
          .selectAll('f')
          .orderBy('f.file_id'),
        'f',
      ),
    ),
  };
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}

function roomKeys(roomIds: readonly string[]): RoomKey[] {
  return roomIds.map((room_id) => ({ room_id }));
}

function toState(row: RoomsTable): RoomState {
  return {
    roomId: row.room_id,
    name: row.name,
    nameKey: row.name_key,
    epoch: row.epoch,
    createdAtMs: row.created_at_ms,
    isNew: false,
    headSeq: row.head_seq,
    lastMessage: null,
    lastMessageSeq: row.last_message_seq,
    members: new Map(),
  };
}

function toMember(row: MemberRow): MemberRecord {
  return { userId: row.user_id, userName: row.name, lastSeenMs: row.last_seen_ms, joinedSeq: row.joined_seq };
}

/** Reads what a batch of commands may ask for, in a number of statements that does not grow with the batch. */
export class LogLoader {
  private readonly ask;

  constructor(dialect: Dialect) {
    this.ask = statementsOf(dialect);
  }

  /** The rooms are this transaction's from here on. */
  *load(commands: readonly LogCommand[]): Script<LogState> {
    const messages = commands.filter((command): command is MessageCommand => command.kind === 'message');
    const enters = commands.filter(
      (command): command is EnterCommand => command.kind === 'create' || command.kind === 'join',
    );
    const rooms = yield* this.rooms(commands);
    yield* this.actors(commands, rooms);
    yield* this.wholeRooms(distinct(enters.map(({ roomId }) => roomId)), rooms);
    return {
      rooms,
      takenNameKeys: yield* this.takenNameKeys(enters),
      people: yield* this.people(distinct(enters.map(({ userId }) => userId))),
      messages: yield* this.messages(messages),
      files: yield* this.files(distinct(messages.flatMap(({ fileId = '' }) => (fileId === '' ? [] : [fileId])))),
    };
  }

  private *rooms(commands: readonly LogCommand[]): Script<Map<string, RoomState>> {
    const roomIds = distinct(commands.map(({ roomId }) => roomId));
    const rows = yield* all(this.ask.rooms, { keys: roomKeys(roomIds) });
    return new Map(rows.map((row) => [row.room_id, toState(row)]));
  }

  /** Of the members of each room those who leave or say something. */
  private *actors(commands: readonly LogCommand[], rooms: ReadonlyMap<string, RoomState>): Script<void> {
    const keys = new Map<string, MemberKey>();
    commands.forEach(({ kind, roomId, userId }) => {
      if ((kind === 'leave' || kind === 'message') && rooms.has(roomId)) {
        keys.set(JSON.stringify([roomId, userId]), { room_id: roomId, user_id: userId });
      }
    });
    if (keys.size > 0) {
      const rows = yield* all(this.ask.actors, { keys: [...keys.values()] });
      rows.forEach((row) => rooms.get(row.room_id)?.members.set(row.user_id, toMember(row)));
    }
  }

  /** Rooms that someone enters are shown whole. */
  private *wholeRooms(roomIds: readonly string[], rooms: ReadonlyMap<string, RoomState>): Script<void> {
    const known = roomIds.flatMap((roomId) => rooms.get(roomId) ?? []);
    if (known.length === 0) {
      return;
    }
    const keys = roomKeys(known.map(({ roomId }) => roomId));
    const rows = yield* all(this.ask.members, { keys });
    known.forEach((room) => room.members.clear()); // Who acts is in the answer too, now in order.
    rows.forEach((row) => rooms.get(row.room_id)?.members.set(row.user_id, toMember(row)));
    for (const row of yield* all(this.ask.lastMessages, { keys })) {
      const room = rooms.get(row.room_id);
      if (room !== undefined) {
        room.lastMessage = toEvent(row);
      }
    }
  }

  private *takenNameKeys(enters: readonly EnterCommand[]): Script<Set<string>> {
    const names = distinct(enters.flatMap((command) => (command.kind === 'create' ? [command.nameKey] : [])));
    if (names.length === 0) {
      return new Set();
    }
    const rows = yield* all(this.ask.names, { keys: names.map((name_key) => ({ name_key })) });
    return new Set(rows.map((row) => row.name_key));
  }

  private *people(userIds: readonly string[]): Script<Map<string, Person>> {
    if (userIds.length === 0) {
      return new Map();
    }
    const rows = yield* all(this.ask.people, { keys: userIds.map((user_id) => ({ user_id })) });
    return new Map(
      rows.map((row) => [row.user_id, { userId: row.user_id, userName: row.name, lastSeenMs: row.last_seen_ms }]),
    );
  }

  private *messages(messages: readonly MessageCommand[]): Script<LogState['messages']> {
    const keys = new Map<string, MessageKey>();
    messages.forEach(({ roomId, userId, clientId }) => {
      const key = { room_id: roomId, user_id: userId, client_id: clientId };
      keys.set(messageKey(roomId, userId, clientId), key);
    });
    if (keys.size === 0) {
      return new Map();
    }
    const rows = yield* all(this.ask.messages, { keys: [...keys.values()] });
    return new Map(rows.map((row) => [messageKey(row.room_id, row.user_id, row.client_id), toEvent(row)]));
  }

  private *files(fileIds: readonly string[]): Script<Map<string, KnownFile>> {
    if (fileIds.length === 0) {
      return new Map();
    }
    const rows = yield* all(this.ask.files, { keys: fileIds.map((file_id) => ({ file_id })) });
    return new Map(rows.map((row) => [row.file_id, toFileRecord(row)]));
  }
}
