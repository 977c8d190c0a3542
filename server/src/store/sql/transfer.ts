import { sql } from 'kysely';
import type { RoomEvent } from '../../../../common/core/src/main/ets/wire/Frames';
import type { ForgottenEvents, ImportedMember, ImportedRoom } from '../store';
import type { Dialect } from './dialect';
import { insertMembers, type LogWriter } from './log-writer';
import { all, first, run, type Script } from './script';
import { statement } from './statement';
import { IMPORTING } from './tables';

type FileKey = { readonly file_id: string };
type Span = { readonly roomId: string; readonly below: number };

function statementsOf(dialect: Dialect) {
  const { db, rows } = dialect;
  return {
    insertRoom: statement<{ roomId: string; name: string; nameKey: string; createdAtMs: number }>(db).as((q, p) =>
      q
        .insertInto('rooms')
        .values({
          room_id: p.roomId,
          name: p.name,
          name_key: p.nameKey,
          epoch: IMPORTING,
          head_seq: 0,
          last_message_seq: 0,
          created_at_ms: p.createdAtMs,
        })
        .onConflict((conflict) => conflict.doNothing()),
    ),
    insertMembers: insertMembers(dialect),
    show: statement<{ roomId: string; epoch: string; headSeq: number }>(db).as((q, { roomId, epoch, headSeq }) =>
      q
        .updateTable('rooms')
        .set((e) => ({
          epoch,
          head_seq: headSeq,
          last_message_seq: e.fn.coalesce(
            e
              .selectFrom('events')
              .select((s) => s.fn.max('seq').as('seq'))
              .where('room_id', '=', roomId)
              .where('kind', '=', sql.lit('message') as never)
              .$asScalar(),
            e.lit(0),
          ),
        }))
        .where('room_id', '=', roomId)
        .where('epoch', '=', IMPORTING),
    ),
    importing: statement<{ roomId: string; nameKey: string }>(db).as((q, { roomId, nameKey }) =>
      q
        .selectFrom('rooms')
        .select('room_id')
        .where('epoch', '=', IMPORTING)
        .where((e) => e.or([e('room_id', '=', roomId), e('name_key', '=', nameKey)])),
    ),
    filesOfRoom: statement<{ roomId: string }>(db).as((q, { roomId }) =>
      q.deleteFrom('files').where('room_id', '=', roomId),
    ),
    deleteRoom: statement<{ roomId: string }>(db).as((q, { roomId }) =>
      q.deleteFrom('rooms').where('room_id', '=', roomId),
    ),
    oldRoom: statement<{ beforeMs: number; from: string }>(db).as((q, { beforeMs, from }) =>
      q
        .selectFrom('rooms as r')
        .select((e) => [
          'r.room_id',
          'r.head_seq',
          // The oldest event of the log is the one that tells.
          e
            .selectFrom('events as o')
            .select('o.seq')
            .whereRef('o.room_id', '=', 'r.room_id')
            .orderBy('o.seq')
            .limit(1)
            .$asScalar()
            .as('first_seq'),
        ])
        .where('r.room_id', '>=', from)
        .where((e) =>
          e(
            e
              .selectFrom('events as o')
              .select('o.at_ms')
              .whereRef('o.room_id', '=', 'r.room_id')
              .orderBy('o.seq')
              .limit(1)
              .$asScalar(),
            '<',
            beforeMs,
          ),
        )
        .orderBy('r.room_id')
        .limit(1),
    ),
    firstYoung: statement<{ roomId: string; beforeMs: number; from: number; to: number }>(db).as((q, p) =>
      q
        .selectFrom('events')
        .select((e) => e.fn.min('seq').as('seq'))
        .where('room_id', '=', p.roomId)
        .where('seq', '>=', p.from)
        .where('seq', '<', p.to)
        .where('at_ms', '>=', p.beforeMs),
    ),
    filesBelow: statement<Span>(db).as((q, { roomId, below }) =>
      q
        .selectFrom('events')
        .select('file_id')
        .distinct()
        .where('room_id', '=', roomId)
        .where('seq', '<', below)
        .where('file_id', 'is not', null),
    ),
    deleteEvents: statement<Span>(db).as((q, { roomId, below }) =>
      q.deleteFrom('events').where('room_id', '=', roomId).where('seq', '<', below),
    ),
    deleteFiles: statement<{ keys: readonly FileKey[] }>(db).as((q, { keys }) =>
      q
        .deleteFrom('files')
        .where('file_id', 'in', q.selectFrom(rows<FileKey, 'k'>(keys, { file_id: 'text' }, 'k')).select('k.file_id'))
        .where((e) =>
          e.not(e.exists(e.selectFrom('events as x').select('x.seq').whereRef('x.file_id', '=', 'files.file_id'))),
        )
        .returning('file_id'),
    ),
  };
}

/** Whole rooms that come, and old events that go. */
export class Transfer {
  private readonly ask;

  constructor(
    private readonly dialect: Dialect,
    private readonly writer: LogWriter,
  ) {
    this.ask = statementsOf(dialect);
  }

  *begin({ roomId, name, nameKey, createdAtMs }: ImportedRoom): Script<boolean> {
    // What an import that broke off left behind stands in nobody's way.
    for (const { room_id } of yield* all(this.ask.importing, { roomId, nameKey })) {
      yield* this.cancel(room_id);
    }
    return (yield* run(this.ask.insertRoom, { roomId, name, nameKey, createdAtMs })) === 1;
  }

  *events(roomId: string, events: readonly RoomEvent[]): Script<void> {
    const stray = events.find((event) => event.roomId !== roomId);
    if (stray !== undefined) {
      throw new Error(`event ${stray.seq}: expected room ${roomId}, got ${stray.roomId}`);
    }
    yield* this.writer.append(events);
  }

  *finish({ roomId, epoch }: ImportedRoom, headSeq: number, members: readonly ImportedMember[]): Script<void> {
    const changes = yield* run(this.ask.show, { roomId, epoch, headSeq });
    if (changes !== 1) {
      throw new Error(`room ${roomId}: expected an import that is not finished, got none`);
    }
    const rows = members.map(({ userId, joinedSeq }) => ({ room_id: roomId, user_id: userId, joined_seq: joinedSeq }));
    yield* run(this.ask.insertMembers, { members: rows });
  }

  *cancel(roomId: string): Script<void> {
    const unfinished = yield* first(this.ask.importing, { roomId, nameKey: '' });
    if (unfinished === null) {
      return;
    }
    const whole = { roomId, below: Number.MAX_SAFE_INTEGER };
    yield* this.dialect.search.removeBelow(roomId, whole.below);
    yield* run(this.ask.deleteEvents, whole);
    yield* run(this.ask.filesOfRoom, { roomId });
    yield* run(this.ask.deleteRoom, { roomId });
  }

  *forget(beforeMs: number, fromRoomId: string, limit: number): Script<ForgottenEvents | null> {
    const room = yield* first(this.ask.oldRoom, { beforeMs, from: fromRoomId });
    if (room === null) {
      return null;
    }
    const roomId = room.room_id;
    const from = room.first_seq ?? 1;
    const to = Math.min(room.head_seq + 1, from + limit);
    const young = yield* first(this.ask.firstYoung, { roomId, beforeMs, from, to });
    const below = young?.seq ?? to;
    const files = yield* all(this.ask.filesBelow, { roomId, below });
    yield* this.dialect.search.removeBelow(roomId, below);
    const events = yield* run(this.ask.deleteEvents, { roomId, below });
    const keys = files.flatMap(({ file_id }) => (file_id === null ? [] : [{ file_id }]));
    const gone = keys.length === 0 ? [] : yield* all(this.ask.deleteFiles, { keys });
    return { roomId, events, fileIds: gone.map((row) => row.file_id) };
  }
}
