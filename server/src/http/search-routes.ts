import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ErrorCode } from '../../../common/core/src/main/ets/wire/Codes';
import type { SearchPage } from '../../../common/core/src/main/ets/wire/HttpBodies';
import { DEFAULT_SEARCH_PAGE, MAX_QUERY_LENGTH, MAX_SEARCH_PAGE } from '../../../common/core/src/main/ets/wire/Limits';
import { ProtocolError } from '../../../common/core/src/main/ets/wire/ProtocolError';
import type { AuthService } from '../auth/auth-service';
import type { TokenBuckets } from '../hub/rate-limiter';
import { tooFast } from '../refusal';
import { SearchQuery } from '../search/search-query';
import type { SearchPosition, Store } from '../store/store';
import { identityOf, integerParameter, textParameter } from './requests';

export interface SearchRoutesParts {
  readonly auth: AuthService;
  readonly store: Store;
  readonly searches: TokenBuckets;
}

const SEARCH_PAGE = { min: 1, max: MAX_SEARCH_PAGE, fallback: DEFAULT_SEARCH_PAGE };
const POSITION_PATTERN = /^([A-Za-z0-9_-]{1,64})\.(\d{1,15})$/;

function queryOf(request: FastifyRequest): SearchQuery {
  const text = textParameter(request, 'q');
  if (text.length > MAX_QUERY_LENGTH || text.includes('\0')) {
    throw new ProtocolError(ErrorCode.BadField, 'q', `1 to ${MAX_QUERY_LENGTH} characters without NUL`, 'another text');
  }
  const query = new SearchQuery(text);
  if (query.words.length === 0) {
    throw new ProtocolError(ErrorCode.BadField, 'q', 'at least one word', 'none');
  }
  return query;
}

function badPosition(): ProtocolError {
  return new ProtocolError(ErrorCode.BadField, 'before', 'the nextBefore of an earlier page', 'another value');
}

function positionOf(request: FastifyRequest): SearchPosition | null {
  const text = textParameter(request, 'before');
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
export function addSearchRoutes(app: FastifyInstance, parts: SearchRoutesParts): void {
  const { auth, store, searches } = parts;

  app.get('/v1/search', async (request): Promise<SearchPage> => {
    const { userId } = await identityOf(request, auth);
    const query = queryOf(request);
    const limit = integerParameter(request, 'limit', SEARCH_PAGE);
    const before = positionOf(request);
    const retryAfterMs = searches.take(userId);
    if (retryAfterMs > 0) {
      throw tooFast(retryAfterMs);
    }
    const found = await store.search(userId, query, before, limit);
    if (found === null) {
      throw badPosition();
    }
    const { hits, next } = found;
    return { hits, nextBefore: next === null ? '' : `${next.roomId}.${next.seq}` };
  });
}
