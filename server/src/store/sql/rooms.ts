import { sql } from 'kysely';
import type { RoomEvent } from '../../../../common/core/src/main/ets/wire/Frames';
import type { RoomListing } from '../../../../common/core/src/main/ets/wire/HttpBodies';
import type { HistoryRecord, LogHead, MemberRecord, ResumeRecord, RoomRecord } from '../store';
import type { Dialect } from './dialect';
import { lastMessages, selectEvents, toEvent } from './event-rows';
import { all, first, type Script } from './script';
import { statement } from './statement';
import { IMPORTING, type RoomsTable } from './tables';

type RoomKey = { readonly room_id: string };

function statementsOf(dialect: Dialect) {
  const { db, rows } = dialect;
  return {
    room: statement<{ roomId: string }>(db).as((q, { roomId }) =>
      q.selectFrom('rooms').selectAll().where('room_id', '=', roomId).where('epoch', '<>', IMPORTING),
    ),
    roomsOf: statement<{ userId: string }>(db).as((q, { userId }) =>
      q
        .selectFrom('members as m')
        .innerJoin('rooms as r', 'r.room_id', 'm.room_id')
        .selectAll('r')
        .where('m.user_id', '=', userId)
        .orderBy('r.room_id'),
    ),
    countOf: statement<{ userId: string }>(db).as((q, { userId }) =>
      q
        .selectFrom('members')
        .select((e) => e.fn.countAll<number>().as('count'))
        .where('user_id', '=', userId),
    ),
    members: statement<{ keys: readonly RoomKey[] }>(db).as((q, { keys }) =>
      q
        .selectFrom(rows<RoomKey, 'k'>(keys, { room_id: 'text' }, 'k'))
        .innerJoin('members as m', 'm.room_id', 'k.room_id')
        .innerJoin('users as u', 'u.user_id', 'm.user_id')
        .select(['m.room_id', 'm.user_id', 'm.joined_seq', 'u.name', 'u.last_seen_ms'])
        .orderBy('m.room_id')
        .orderBy('m.joined_seq'),
    ),
    lastMessages: lastMessages(dialect),
    heads: statement<{ keys: readonly RoomKey[] }>(db).as((q, { keys }) =>
      q
        .selectFrom(rows<RoomKey, 'k'>(keys, { room_id: 'text' }, 'k'))
        .innerJoin('rooms as r', 'r.room_id', 'k.room_id')
        .select(['r.room_id', 'r.epoch', 'r.head_seq']),
    ),
    member: statement<{ roomId: string; userId: string }>(db).as((q, { roomId, userId }) =>
      q.selectFrom('members').select('joined_seq').where('room_id', '=', roomId).where('user_id', '=', userId),
    ),
    listing: statement<{ userId: string; after: string; limit: number }>(db).as((q, { userId, after, limit }) =>
      q
        .selectFrom('rooms as r')
        .select(['r.room_id', 'r.name'])
        .select((e) => [
          e
            .selectFrom('members as m')
            .whereRef('m.room_id', '=', 'r.room_id')
            .select((m) => m.fn.countAll<number>().as('count'))
            .$asScalar()
            .as('member_count'),
          e
            .selectFrom('members as m')
            .whereRef('m.room_id', '=', 'r.room_id')
            .where('m.user_id', '=', userId)
            .select((m) => m.fn.countAll<number>().as('count'))
            .$asScalar()
            .as('own_count'),
        ])
        .where('r.room_id', '>', after)
        .where('r.epoch', '<>', IMPORTING)
        .orderBy('r.room_id')
        .limit(limit),
    ),
    before: statement<{ roomId: string; before: number; limit: number }>(db).as((q, { roomId, before, limit }) =>
      selectEvents(q).where('e.room_id', '=', roomId).where('e.seq', '<', before).orderBy('e.seq', 'desc').limit(limit),
    ),
    after: statement<{ roomId: string; after: number; limit: number }>(db).as((q, { roomId, after, limit }) =>
      selectEvents(q).where('e.room_id', '=', roomId).where('e.seq', '>', after).orderBy('e.seq').limit(limit),
    ),
    ping: statement<object>(db).as((q) => q.selectNoFrom(sql.lit(1).as('one'))),
  };
}

function groupByRoom<T extends RoomKey>(rows: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  rows.forEach((row) => {
    const group = groups.get(row.room_id) ?? [];
    group.push(row);
    groups.set(row.room_id, group);
  });
  return groups;
}

/** Reads rooms and their logs. */
export class Rooms {
  private readonly ask;

  constructor(dialect: Dialect) {
    this.ask = statementsOf(dialect);
  }

  *of(userId: string): Script<RoomRecord[]> {
    return yield* this.records(yield* all(this.ask.roomsOf, { userId }));
  }

  *countOf(userId: string): Script<number> {
    return (yield* first(this.ask.countOf, { userId }))?.count ?? 0;
  }

  *record(roomId: string): Script<RoomRecord | null> {
    const row = yield* first(this.ask.room, { roomId });
    const [record = null] = row === null ? [] : yield* this.records([row]);
    return record;
  }

  *heads(roomIds: readonly string[]): Script<Map<string, LogHead>> {
    const rows = yield* all(this.ask.heads, { keys: roomIds.map((room_id) => ({ room_id })) });
    return new Map(rows.map((row) => [row.room_id, { epoch: row.epoch, headSeq: row.head_seq }]));
  }

  *isMember(roomId: string, userId: string): Script<boolean> {
    return (yield* first(this.ask.member, { roomId, userId })) !== null;
  }

  *list(userId: string, after: string, limit: number): Script<RoomListing[]> {
    const rows = yield* all(this.ask.listing, { userId, after, limit });
    return rows.map((row) => ({
      roomId: row.room_id,
      name: row.name,
      memberCount: row.member_count ?? 0,
      isMember: row.own_count === 1,
    }));
  }

  *history(roomId: string, before: number, limit: number): Script<HistoryRecord | null> {
    const room = yield* first(this.ask.room, { roomId });
    if (room === null) {
      return null;
    }
    const below = before === 0 ? room.head_seq + 1 : before;
    const newestFirst = (yield* all(this.ask.before, { roomId, before: below, limit: limit + 1 })).map(toEvent);
    const events = newestFirst.slice(0, limit).reverse();
    return { epoch: room.epoch, events, hasMore: newestFirst.length > limit };
  }

  *eventsAfter(roomId: string, afterSeq: number, limit: number): Script<ResumeRecord | null> {
    const room = yield* first(this.ask.room, { roomId });
    if (room === null) {
      return null;
    }
    const events = (yield* all(this.ask.after, { roomId, after: afterSeq, limit })).map(toEvent);
    return { epoch: room.epoch, headSeq: room.head_seq, events };
  }

  *ping(): Script<void> {
    yield* all(this.ask.ping, {});
  }

  private *records(rooms: readonly RoomsTable[]): Script<RoomRecord[]> {
    if (rooms.length === 0) {
      return [];
    }
    const keys = rooms.map(({ room_id }) => ({ room_id }));
    const members = groupByRoom(yield* all(this.ask.members, { keys }));
    const lastMessages = new Map<string, RoomEvent>();
    (yield* all(this.ask.lastMessages, { keys })).forEach((row) => lastMessages.set(row.room_id, toEvent(row)));
    return rooms.map((room) => ({
      roomId: room.room_id,
      name: room.name,
      epoch: room.epoch,
      createdAtMs: room.created_at_ms,
      headSeq: room.head_seq,
      members: (members.get(room.room_id) ?? []).map((row): MemberRecord => ({
        userId: row.user_id,
        userName: row.name,
        lastSeenMs: row.last_seen_ms,
        joinedSeq: row.joined_seq,
      })),
      lastMessage: lastMessages.get(room.room_id) ?? null,
    }));
  }
}
