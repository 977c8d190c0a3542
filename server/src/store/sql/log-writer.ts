import { sql } from 'kysely';
import type { RoomEvent } from '../../../../common/core/src/main/ets/wire/Frames';
import type { Dialect } from './dialect';
import type { LogBatch } from './log-batch';
import { run, type Script } from './script';
import { statement } from './statement';
import type { EventsTable, MembersTable, RoomsTable } from './tables';

type RoomRow = { readonly [K in keyof RoomsTable]: RoomsTable[K] };
type EventValues = { readonly [K in keyof EventsTable]: EventsTable[K] };
export type MembershipRow = { readonly [K in keyof MembersTable]: MembersTable[K] };
type MemberKey = { readonly room_id: string; readonly user_id: string };
type FileKey = { readonly file_id: string };
type Head = { readonly room_id: string; readonly head_seq: number; readonly last_message_seq: number };

const ROOM_COLUMNS = {
  room_id: 'text',
  name: 'text',
  name_key: 'text',
  epoch: 'text',
  head_seq: 'bigint',
  last_message_seq: 'bigint',
  created_at_ms: 'bigint',
} as const;

const EVENT_COLUMNS = {
  room_id: 'text',
  seq: 'bigint',
  at_ms: 'bigint',
  kind: 'text',
  user_id: 'text',
  client_id: 'text',
  text: 'text',
  file_id: 'text',
} as const;

const MEMBER_COLUMNS = { room_id: 'text', user_id: 'text', joined_seq: 'bigint' } as const;

function columnsOf<T extends string>(columns: Readonly<Record<T, unknown>>): T[] {
  return Object.keys(columns) as T[];
}

export function insertMembers({ db, rows }: Dialect) {
  return statement<{ members: readonly MembershipRow[] }>(db).as((q, { members }) =>
    q
      .insertInto('members')
      .columns(columnsOf(MEMBER_COLUMNS))
      .expression(
        q.selectFrom(rows<MembershipRow, 'k'>(members, MEMBER_COLUMNS, 'k')).select(columnsOf(MEMBER_COLUMNS)),
      ),
  );
}

function insertEvents({ db, rows }: Dialect) {
  return statement<{ events: readonly EventValues[] }>(db).as((q, { events }) =>
    q
      .insertInto('events')
      .columns(columnsOf(EVENT_COLUMNS))
      .expression(q.selectFrom(rows<EventValues, 'k'>(events, EVENT_COLUMNS, 'k')).select(columnsOf(EVENT_COLUMNS))),
  );
}

function statementsOf(dialect: Dialect) {
  const { db, rows } = dialect;
  return {
    insertRooms: statement<{ rooms: readonly RoomRow[] }>(db).as((q, { rooms }) =>
      q
        .insertInto('rooms')
        .columns(columnsOf(ROOM_COLUMNS))
        // In one order everywhere: two processes that create the same names never wait for each other in a circle.
        .expression(
          q
            .selectFrom(rows<RoomRow, 'k'>(rooms, ROOM_COLUMNS, 'k'))
            .select(columnsOf(ROOM_COLUMNS))
            .orderBy('k.name_key'),
        ),
    ),
    moveHeads: statement<{ heads: readonly Head[] }>(db).as((q, { heads }) =>
      q
        .updateTable('rooms')
        .from(rows<Head, 'k'>(heads, { room_id: 'text', head_seq: 'bigint', last_message_seq: 'bigint' }, 'k'))
        .set((e) => ({ head_seq: e.ref('k.head_seq'), last_message_seq: e.ref('k.last_message_seq') }))
        .whereRef('rooms.room_id', '=', 'k.room_id'),
    ),
    deleteMembers: statement<{ keys: readonly MemberKey[] }>(db).as((q, { keys }) =>
      q.deleteFrom('members').where((e) =>
        e(
          e.refTuple('room_id', 'user_id'),
          'in',
          e
            .selectFrom(rows<MemberKey, 'k'>(keys, { room_id: 'text', user_id: 'text' }, 'k'))
            .select(['k.room_id', 'k.user_id'])
            .$asTuple('room_id', 'user_id'),
        ),
      ),
    ),
    insertMembers: insertMembers(dialect),
    insertEvents: insertEvents(dialect),
    useFiles: statement<{ keys: readonly FileKey[] }>(db).as((q, { keys }) =>
      q
        .updateTable('files')
        .set({ is_used: sql.lit(1) })
        .where('file_id', 'in', q.selectFrom(rows<FileKey, 'k'>(keys, { file_id: 'text' }, 'k')).select('k.file_id')),
    ),
  };
}

/** Writes what a batch of commands changed, in a number of statements that does not grow with the batch. */
export class LogWriter {
  private readonly ask;

  constructor(private readonly dialect: Dialect) {
    this.ask = statementsOf(dialect);
  }

  *write(batch: LogBatch): Script<void> {
    yield* this.rooms(batch);
    yield* this.memberships(batch);
    if (batch.events.length > 0) {
      yield* this.append(batch.events);
    }
  }

  /** At least one. The rooms, the authors and the files that they hold are there. */
  *append(events: readonly RoomEvent[]): Script<void> {
    const fileIds = new Set(events.flatMap(({ file }) => file?.fileId ?? []));
    if (fileIds.size > 0) {
      yield* run(this.ask.useFiles, { keys: [...fileIds].map((file_id) => ({ file_id })) });
    }
    yield* run(this.ask.insertEvents, { events: events.map(toValues) });
    const texts = events.filter(({ text }) => text !== '');
    if (texts.length > 0) {
      yield* this.dialect.search.add(texts);
    }
  }

  private *rooms({ changedRooms }: LogBatch): Script<void> {
    const rooms = [...changedRooms];
    const fresh = rooms.filter(({ isNew }) => isNew);
    if (fresh.length > 0) {
      yield* run(this.ask.insertRooms, {
        rooms: fresh.map((room) => ({
          room_id: room.roomId,
          name: room.name,
          name_key: room.nameKey,
          epoch: room.epoch,
          head_seq: room.headSeq,
          last_message_seq: room.lastMessageSeq,
          created_at_ms: room.createdAtMs,
        })),
      });
    }
    const moved = rooms.filter(({ isNew }) => !isNew);
    if (moved.length > 0) {
      yield* run(this.ask.moveHeads, {
        heads: moved.map(({ roomId, headSeq, lastMessageSeq }) => ({
          room_id: roomId,
          head_seq: headSeq,
          last_message_seq: lastMessageSeq,
        })),
      });
    }
  }

  private *memberships({ memberships }: LogBatch): Script<void> {
    const changes = [...memberships.values()];
    if (changes.length === 0) {
      return;
    }
    // Also of those who are members again at the end: they joined at another position.
    yield* run(this.ask.deleteMembers, {
      keys: changes.map(({ roomId, userId }) => ({ room_id: roomId, user_id: userId })),
    });
    const members = changes.flatMap(({ roomId, userId, member }) =>
      member === null ? [] : [{ room_id: roomId, user_id: userId, joined_seq: member.joinedSeq }],
    );
    if (members.length > 0) {
      yield* run(this.ask.insertMembers, { members });
    }
  }
}

function toValues(event: RoomEvent): EventValues {
  return {
    room_id: event.roomId,
    seq: event.seq,
    at_ms: event.atMs,
    kind: event.kind,
    user_id: event.userId,
    client_id: event.clientId,
    text: event.text,
    file_id: event.file?.fileId ?? null,
  };
}
