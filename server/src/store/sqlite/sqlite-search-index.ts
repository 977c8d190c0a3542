import { createHash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { fold } from '../../search/fold';
import type { Dialect } from '../sql/dialect';
import { all, run, type Script } from '../sql/script';
import type { FoundMessage, IndexedMessage, SearchIndex } from '../sql/search-index';
import { statement } from '../sql/statement';
import type { Tables } from '../sql/tables';

type RowKey = { readonly room_id: string; readonly seq: number };
type IndexRow = RowKey & { readonly room: string; readonly words: string };

/** SQLite's trigram tokenizer finds nothing shorter. */
const MIN_INDEXED_CHARACTERS = 3;

/**
 * A room in three characters of a private plane, and so in one trigram: the index then holds one list for each room, and
 * a search costs what the user's own rooms hold. Two rooms may share one; the join with `members` tells them apart.
 */
export function roomToken(roomId: string): string {
  const digest = createHash('sha256').update(roomId).digest();
  return String.fromCodePoint(...[0, 2, 4].map((at) => 0xf0000 + digest.readUInt16BE(at)));
}

/** A string of FTS5: nothing in it is syntax. */
function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

function statementsOf(db: Kysely<Tables>, rows: Dialect['rows']) {
  return {
    insertRows: statement<{ messages: readonly RowKey[] }>(db).as((q, { messages }) =>
      q
        .insertInto('search_rows')
        .columns(['room_id', 'seq'])
        .expression(
          q
            .selectFrom(rows<RowKey, 'k'>(messages, { room_id: 'text', seq: 'bigint' }, 'k'))
            .select(['k.room_id', 'k.seq']),
        ),
    ),
    insertIndex: statement<{ messages: readonly IndexRow[] }>(db).as((q, { messages }) =>
      q
        .insertInto('search_index')
        .columns(['rowid', 'room', 'words'])
        .expression(
          q
            .selectFrom(
              rows<IndexRow, 'k'>(messages, { room_id: 'text', seq: 'bigint', room: 'text', words: 'text' }, 'k'),
            )
            .innerJoin('search_rows as s', (join) =>
              join.onRef('s.room_id', '=', 'k.room_id').onRef('s.seq', '=', 'k.seq'),
            )
            .select(['s.row_no', 'k.room', 'k.words']),
        ),
    ),
    deleteIndex: statement<{ roomId: string; seq: number }>(db).as((q, { roomId, seq }) =>
      q
        .deleteFrom('search_index')
        .where(
          'rowid',
          'in',
          q.selectFrom('search_rows').select('row_no').where('room_id', '=', roomId).where('seq', '<', seq),
        ),
    ),
    deleteRows: statement<{ roomId: string; seq: number }>(db).as((q, { roomId, seq }) =>
      q.deleteFrom('search_rows').where('room_id', '=', roomId).where('seq', '<', seq),
    ),
    roomIds: statement<{ userId: string }>(db).as((q, { userId }) =>
      q.selectFrom('members').select('room_id').where('user_id', '=', userId),
    ),
    candidates: statement<{ userId: string; expression: string; below: number; limit: number }>(db).as(
      (q, { userId, expression, below, limit }) =>
        q
          .selectFrom('search_index as i')
          // A cross join keeps the order: from the index to the rows that it found.
          .crossJoin('search_rows as s')
          .innerJoin('members as m', 'm.room_id', 's.room_id')
          .select(['s.row_no', 's.room_id', 's.seq'])
          .whereRef('s.row_no', '=', 'i.rowid')
          .where('m.user_id', '=', userId)
          .where(sql<boolean>`search_index match ${expression}`)
          .where('i.rowid', '<', below)
          .orderBy('i.rowid', 'desc')
          .limit(limit),
    ),
  };
}

/** FTS5: the index holds trigrams of folded text and not the text. */
export class SqliteSearchIndex implements SearchIndex {
  private readonly ask;

  constructor(db: Kysely<Tables>, rows: Dialect['rows']) {
    this.ask = statementsOf(db, rows);
  }

  *add(messages: readonly IndexedMessage[]): Script<void> {
    yield* run(this.ask.insertRows, { messages: messages.map(({ roomId, seq }) => ({ room_id: roomId, seq })) });
    yield* run(this.ask.insertIndex, {
      messages: messages.map(({ roomId, seq, text }) => ({
        room_id: roomId,
        seq,
        room: roomToken(roomId),
        words: fold(text),
      })),
    });
  }

  *removeBelow(roomId: string, seq: number): Script<void> {
    yield* run(this.ask.deleteIndex, { roomId, seq });
    yield* run(this.ask.deleteRows, { roomId, seq });
  }

  *candidates(userId: string, words: readonly string[], below: number, limit: number): Script<FoundMessage[]> {
    const rooms = (yield* all(this.ask.roomIds, { userId })).map((row) => quoted(roomToken(row.room_id)));
    if (rooms.length === 0) {
      return [];
    }
    const indexed = words.filter((word) => [...word].length >= MIN_INDEXED_CHARACTERS).map(quoted);
    const inRooms = `room : (${rooms.join(' OR ')})`;
    const expression = indexed.length === 0 ? inRooms : `${inRooms} AND words : (${indexed.join(' AND ')})`;
    return yield* all(this.ask.candidates, { userId, expression, below, limit });
  }
}
