import { createHash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { fold } from '../../search/fold';
import type { Dialect } from '../sql/dialect';
import { all, run, type Script } from '../sql/script';
import type { FoundMessage, IndexedMessage, SearchIndex } from '../sql/search-index';
import { statement } from '../sql/statement';
import type { Tables } from '../sql/tables';
import type { IndexBacklog, RowKey } from './index-backlog';

type IndexRow = RowKey & { readonly room: string; readonly words: string };

/** SQLite's trigram tokenizer finds nothing shorter. */
const GRAM = 3;
/**
 * What each step merges of the index: more than a step of 128 messages adds to it. Left to itself FTS5 merges rarely and much,
 * 30 ms and more at once.
 */
const MERGED_PAGES = 16;

/**
 * A room in three characters of a private plane, and so in one trigram: the index then holds one list for each room, and
 * a search costs what the user's own rooms hold. Two rooms may share one; the join with `members` tells them apart.
 */
export function roomToken(roomId: string): string {
  const digest = createHash('sha256').update(roomId).digest();
  return String.fromCodePoint(...[0, 2, 4].map((at) => 0xf0000 + digest.readUInt16BE(at)));
}

/** Every `GRAM` characters next to each other; none of a shorter word. The index keeps no places, so a word is asked for by these. */
function gramsOf(word: string): string[] {
  const characters = [...word];
  return characters.slice(GRAM - 1).map((_, at) => characters.slice(at, at + GRAM).join(''));
}

/** A string of FTS5: nothing in it is syntax. */
function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

function* nothing(): Script<void> {}

const lastIndexed = sql<number>`coalesce((select max(seq) from search_rows where room_id = r.room_id), 0)`;

function statementsOf(db: Kysely<Tables>, rows: Dialect['rows']) {
  return {
    /** Of the given messages those that have words and are not in the index. */
    unindexed: statement<{ keys: readonly RowKey[] }>(db).as((q, { keys }) =>
      q
        .selectFrom(rows<RowKey, 'k'>(keys, { room_id: 'text', seq: 'bigint' }, 'k'))
        .innerJoin('events as e', (join) => join.onRef('e.room_id', '=', 'k.room_id').onRef('e.seq', '=', 'k.seq'))
        .leftJoin('search_rows as s', (join) => join.onRef('s.room_id', '=', 'e.room_id').onRef('s.seq', '=', 'e.seq'))
        .select(['e.room_id', 'e.seq', 'e.text'])
        .distinct()
        .where('e.text', '<>', '')
        .where('s.row_no', 'is', null)
        .orderBy('e.at_ms')
        .orderBy('e.room_id')
        .orderBy('e.seq'),
    ),
    /** What has words above the last message of its room that is in the index: a log is indexed in its order. */
    allUnindexed: statement<object>(db).as((q) =>
      q
        .selectFrom('rooms as r')
        // A cross join keeps the order: from the few rooms with something new to their events.
        .crossJoin('events as e')
        .select(['e.room_id', 'e.seq'])
        .whereRef('r.last_message_seq', '>', lastIndexed)
        .whereRef('e.room_id', '=', 'r.room_id')
        .whereRef('e.seq', '>', lastIndexed)
        .where('e.text', '<>', '')
        .orderBy('e.at_ms')
        .orderBy('e.room_id')
        .orderBy('e.seq'),
    ),
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
    merge: statement<object>(db).as((q) =>
      q
        .insertInto('search_index')
        .columns(['search_index', 'rank'])
        .expression(q.selectNoFrom([sql.lit('merge').as('search_index'), sql.lit(MERGED_PAGES).as('rank')])),
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

/**
 * FTS5: the index holds trigrams of folded text, neither the text nor the places. Messages come into it behind their
 * commits: `add` notes them in the backlog, `index` brings them in.
 */
export class SqliteSearchIndex implements SearchIndex {
  private readonly ask;

  constructor(
    db: Kysely<Tables>,
    rows: Dialect['rows'],
    private readonly backlog: IndexBacklog,
  ) {
    this.ask = statementsOf(db, rows);
  }

  add(messages: readonly IndexedMessage[]): Script<void> {
    this.backlog.note(messages.map(({ roomId, seq }) => ({ room_id: roomId, seq })));
    return nothing();
  }

  /** Every message that is not in the index. */
  allUnindexed(): Script<RowKey[]> {
    return all(this.ask.allUnindexed, {});
  }

  /** Brings those of `keys` into the index that are on disk and not in it. A key may come twice. */
  *index(keys: readonly RowKey[]): Script<void> {
    const messages = yield* all(this.ask.unindexed, { keys });
    if (messages.length > 0) {
      const tokens = new Map(messages.map(({ room_id }) => [room_id, '']));
      tokens.forEach((_, roomId) => tokens.set(roomId, roomToken(roomId)));
      yield* run(this.ask.insertRows, { messages: messages.map(({ room_id, seq }) => ({ room_id, seq })) });
      yield* run(this.ask.insertIndex, {
        messages: messages.map(({ room_id, seq, text }) => ({
          room_id,
          seq,
          room: tokens.get(room_id) ?? '',
          words: fold(text),
        })),
      });
      yield* run(this.ask.merge, {});
    }
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
    const grams = new Set(words.flatMap(gramsOf));
    const expression = [`(${rooms.join(' OR ')})`, ...[...grams].map(quoted)].join(' AND ');
    return yield* all(this.ask.candidates, { userId, expression, below, limit });
  }
}
