import type { SearchHit } from '../../../common/core/src/main/ets/wire/HttpBodies';
import type { SearchQuery } from '../search/search-query';
import type { SqliteLog } from './sqlite-log';
import type { Candidate, SqliteSearch } from './sqlite-search';
import type { SearchPosition, SearchRecord } from './store';

/** Most messages that one page looks at: bounds how long the event loop stands still. */
const MAX_EXAMINED = 1000;
const STEP = 100;

function positionOf(candidate: Candidate): SearchPosition {
  return { roomId: candidate.room_id, seq: candidate.seq };
}

/** Asks the index, and the texts for what the index cannot know: short words, and where the words are. */
export class SqliteSearcher {
  constructor(
    private readonly index: SqliteSearch,
    private readonly log: SqliteLog,
  ) {}

  search(userId: string, query: SearchQuery, before: SearchPosition | null, limit: number): SearchRecord | null {
    let rowNo: number | null = Number.MAX_SAFE_INTEGER;
    if (before !== null) {
      rowNo = this.index.rowNoOf(userId, before.roomId, before.seq);
    }
    return rowNo === null ? null : this.searchBelow(userId, query, rowNo, limit);
  }

  private searchBelow(userId: string, query: SearchQuery, startRowNo: number, limit: number): SearchRecord {
    const hits: SearchHit[] = [];
    let rowNo = startRowNo;
    /** The message behind which the next page starts. */
    let last: SearchPosition | null = null;
    for (let examined = 0; examined < MAX_EXAMINED; examined += STEP) {
      const candidates = this.index.candidates(userId, query.words, rowNo, STEP);
      for (const candidate of candidates) {
        const hit = this.hitOf(candidate, query);
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

  private hitOf(candidate: Candidate, query: SearchQuery): SearchHit | null {
    const event = this.log.event(candidate.room_id, candidate.seq);
    const ranges = query.placesIn(event.text);
    return ranges === null ? null : { event, ranges };
  }
}
