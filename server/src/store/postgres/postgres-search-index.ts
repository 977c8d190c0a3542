import type { Kysely } from 'kysely';
import { fold } from '../../search/fold';
import type { Dialect } from '../sql/dialect';
import { all, run, type Script } from '../sql/script';
import type { FoundMessage, IndexedMessage, SearchIndex } from '../sql/search-index';
import { statement } from '../sql/statement';
import type { Tables } from '../sql/tables';

type WordsRow = { readonly room_id: string; readonly seq: number; readonly words: string };

interface Question {
  readonly userId: string;
  readonly below: number;
  readonly limit: number;
}

/** A trigram index is no help with anything shorter. */
const MIN_INDEXED_CHARACTERS = 3;
/** So many words are asked of the index, the longest ones; for the others the caller looks at the texts. */
const MAX_INDEXED_WORDS = 4;

/** `text` anywhere: nothing in it is a wild card. */
function containing(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}

function candidatesWith(db: Kysely<Tables>, count: number) {
  const places = Array.from({ length: count }, (_, index) => `word${index}`);
  return statement<Question & Record<string, string | number>>(db).as((q, slots) =>
    q
      .selectFrom('search_rows as s')
      .innerJoin('members as m', 'm.room_id', 's.room_id')
      .select(['s.row_no', 's.room_id', 's.seq'])
      .where('m.user_id', '=', slots.userId)
      .where((e) => e.and(places.map((place) => e('s.words', 'like', slots[place] as string))))
      .where('s.row_no', '<', slots.below)
      .orderBy('s.row_no', 'desc')
      .limit(slots.limit),
  );
}

function statementsOf(db: Kysely<Tables>, rows: Dialect['rows']) {
  return {
    insert: statement<{ messages: readonly WordsRow[] }>(db).as((q, { messages }) =>
      q
        .insertInto('search_rows')
        .columns(['room_id', 'seq', 'words'])
        .expression(
          q
            .selectFrom(rows<WordsRow, 'k'>(messages, { room_id: 'text', seq: 'bigint', words: 'text' }, 'k'))
            .select(['k.room_id', 'k.seq', 'k.words']),
        ),
    ),
    delete: statement<{ roomId: string; seq: number }>(db).as((q, { roomId, seq }) =>
      q.deleteFrom('search_rows').where('room_id', '=', roomId).where('seq', '<', seq),
    ),
    /** By the number of words. */
    candidates: Array.from({ length: MAX_INDEXED_WORDS + 1 }, (_, count) => candidatesWith(db, count)),
  };
}

/** Trigrams of the folded text, by the extension pg_trgm. */
export class PostgresSearchIndex implements SearchIndex {
  private readonly ask;

  constructor(db: Kysely<Tables>, rows: Dialect['rows']) {
    this.ask = statementsOf(db, rows);
  }

  *add(messages: readonly IndexedMessage[]): Script<void> {
    yield* run(this.ask.insert, {
      messages: messages.map(({ roomId, seq, text }) => ({ room_id: roomId, seq, words: fold(text) })),
    });
  }

  *removeBelow(roomId: string, seq: number): Script<void> {
    yield* run(this.ask.delete, { roomId, seq });
  }

  *candidates(userId: string, words: readonly string[], below: number, limit: number): Script<FoundMessage[]> {
    const longest = words
      .filter((word) => [...word].length >= MIN_INDEXED_CHARACTERS)
      .sort((a, b) => b.length - a.length)
      .slice(0, MAX_INDEXED_WORDS);
    const query = this.ask.candidates[longest.length];
    if (query === undefined) {
      throw new Error(`expected a query for ${longest.length} words, got none`);
    }
    const patterns = Object.fromEntries(longest.map((word, index) => [`word${index}`, containing(word)]));
    return yield* all(query, { ...patterns, userId, below, limit });
  }
}
