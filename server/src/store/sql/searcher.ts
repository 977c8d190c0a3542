import type { SearchHit } from '../../../../common/core/src/main/ets/wire/HttpBodies';
import type { SearchQuery } from '../../search/search-query';
import type { SearchPosition, SearchRecord } from '../store';
import type { Dialect } from './dialect';
import { selectEvents, toEvent } from './event-rows';
import { all, first, type Script } from './script';
import type { FoundMessage } from './search-index';
import { statement } from './statement';

/** Most messages that one page looks at: bounds how long the database, or the event loop, is held. */
const MAX_EXAMINED = 1000;
const STEP = 100;

type EventKey = { readonly room_id: string; readonly seq: number };

function statementsOf({ db, rows }: Dialect) {
  return {
    rowNo: statement<{ userId: string; roomId: string; seq: number }>(db).as((q, { userId, roomId, seq }) =>
      q
        .selectFrom('search_rows as s')
        .innerJoin('members as m', 'm.room_id', 's.room_id')
        .select('s.row_no')
        .where('m.user_id', '=', userId)
        .where('s.room_id', '=', roomId)
        .where('s.seq', '=', seq),
    ),
    events: statement<{ keys: readonly EventKey[] }>(db).as((q, { keys }) =>
      selectEvents(q).innerJoin(rows<EventKey, 'k'>(keys, { room_id: 'text', seq: 'bigint' }, 'k'), (join) =>
        join.onRef('k.room_id', '=', 'e.room_id').onRef('k.seq', '=', 'e.seq'),
      ),
    ),
  };
}

function positionOf(candidate: FoundMessage): SearchPosition {
  return { roomId: candidate.room_id, seq: candidate.seq };
}

/** Asks the index, and the texts for what the index cannot know: short words, and where the words are. */
export class Searcher {
  private readonly ask;

  constructor(private readonly dialect: Dialect) {
    this.ask = statementsOf(dialect);
  }

  *search(
    userId: string,
    query: SearchQuery,
    before: SearchPosition | null,
    limit: number,
  ): Script<SearchRecord | null> {
    if (before === null) {
      return yield* this.searchBelow(userId, query, Number.MAX_SAFE_INTEGER, limit);
    }
    const row = yield* first(this.ask.rowNo, { userId, roomId: before.roomId, seq: before.seq });
    return row === null ? null : yield* this.searchBelow(userId, query, row.row_no, limit);
  }

  private *searchBelow(userId: string, query: SearchQuery, startRowNo: number, limit: number): Script<SearchRecord> {
    const hits: SearchHit[] = [];
    let rowNo = startRowNo;
    /** The message behind which the next page starts. */
    let last: SearchPosition | null = null;
    for (let examined = 0; examined < MAX_EXAMINED; examined += STEP) {
      const candidates = yield* this.dialect.search.candidates(userId, query.words, rowNo, STEP);
      const found = yield* this.hitsOf(candidates, query);
      for (const [index, candidate] of candidates.entries()) {
        const hit = found[index] ?? null;
        if (hit !== null && hits.length === limit) {
          return { hits, next: last };
        }
        if (hit !== null) {
          hits.push(hit);
        }
        last = positionOf(candidate);
        rowNo = candidate.row_no;
      }
      if (candidates.length < STEP) {
        return { hits, next: null };
      }
    }
    return { hits, next: last };
  }

  /** One for each candidate; null where the text does not hold all words. */
  private *hitsOf(candidates: readonly FoundMessage[], query: SearchQuery): Script<(SearchHit | null)[]> {
    if (candidates.length === 0) {
      return [];
    }
    const rows = yield* all(this.ask.events, { keys: candidates.map(({ room_id, seq }) => ({ room_id, seq })) });
    const events = new Map(rows.map((row) => [JSON.stringify([row.room_id, row.seq]), toEvent(row)]));
    return candidates.map(({ room_id, seq }) => {
      const event = events.get(JSON.stringify([room_id, seq]));
      const ranges = event === undefined ? null : query.placesIn(event.text);
      return event === undefined || ranges === null ? null : { event, ranges };
    });
  }
}
