import { ErrorCode } from '../../../common/core/src/main/ets/wire/Codes';
import type { SearchPage } from '../../../common/core/src/main/ets/wire/HttpBodies';
import { ProtocolError } from '../../../common/core/src/main/ets/wire/ProtocolError';
import type { AuthService } from '../auth/auth-service';
import { type RequestLimits, takeOrRefuse } from '../limits/request-limits';
import { SearchQuery } from '../search/search-query';
import type { SearchPosition, Store } from '../store/store';
import { identityOf, requireIdentity } from './authentication';
import type { TypedApp } from './http-schemas';
import { searchPage } from './schemas/answers';
import { searchQuery } from './schemas/parameters';
import { answers, refusals } from './schemas/responses';
import { BEARER, tagged } from './schemas/route-schema';

export interface SearchRoutesParts {
  readonly auth: AuthService;
  readonly store: Store;
  readonly limits: RequestLimits;
}

const POSITION_PATTERN = /^([A-Za-z0-9_-]{1,64})\.(\d{1,15})$/;

const SEARCH = tagged('search', 'searchMessages', 'Messages of the user’s rooms that hold every word.', {
  ...BEARER,
  description: 'Searches of one user are limited.',
  querystring: searchQuery,
  response: {
    200: answers(searchPage, 'What was found, the newest first.'),
    ...refusals([ErrorCode.BadField, ErrorCode.RateLimited]),
  },
});

function queryOf(text: string): SearchQuery {
  const query = new SearchQuery(text);
  if (query.words.length === 0) {
    throw new ProtocolError(ErrorCode.BadField, 'q', 'at least one word', 'none');
  }
  return query;
}

function badPosition(): ProtocolError {
  return new ProtocolError(ErrorCode.BadField, 'before', 'the nextBefore of an earlier page', 'another value');
}

function positionOf(text: string): SearchPosition | null {
  if (text === '') {
    return null;
  }
  const [, roomId, seq] = POSITION_PATTERN.exec(text) ?? [];
  if (roomId === undefined) {
    throw badPosition();
  }
  return { roomId, seq: Number(seq) };
}

/** Search over HTTP. Source: docs/PROTOCOL.md, "Search". */
export function addSearchRoutes(app: TypedApp, parts: SearchRoutesParts): void {
  const { auth, store, limits } = parts;

  const onRequest = requireIdentity(auth);

  app.get('/v1/search', { schema: SEARCH, onRequest }, async (request): Promise<SearchPage> => {
    const { userId } = identityOf(request);
    const { q, limit } = request.query;
    const query = queryOf(q);
    const before = positionOf(request.query.before);
    await takeOrRefuse(limits.searches, userId);
    const found = await store.search(userId, query, before, limit);
    if (found === null) {
      throw badPosition();
    }
    const { hits, next } = found;
    return { hits, nextBefore: next === null ? '' : `${next.roomId}.${next.seq}` };
  });
}
