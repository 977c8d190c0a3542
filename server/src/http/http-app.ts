import helmet from '@fastify/helmet';
import fastifyStatic from '@fastify/static';
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { ErrorCode } from '../../../common/core/src/main/ets/wire/Codes';
import { MAX_CLIENT_FRAME_BYTES } from '../../../common/core/src/main/ets/wire/Limits';
import { ProtocolError } from '../../../common/core/src/main/ets/wire/ProtocolError';
import type { Origins } from '../gateway/origins';
import { type TrustedProxies, trustOf } from '../gateway/client-address';
import { addLineRoutes, type LineRoutesParts } from '../gateway/lines/line-routes';
import { addProbeRoutes, type ProbeRoutesParts } from '../operations/probe-routes';
import { addAuthRoutes, type AuthRoutesParts } from './auth-routes';
import { answerBrokenRequest } from './broken-request';
import { answerNotFound, errorHandler } from './errors';
import { addFileRoutes, type FileRoutesParts } from './file-routes';
import { addRoomRoutes, type RoomRoutesParts } from './room-routes';
import { rememberIdentities } from './authentication';
import type { HttpLimits } from './http-limits';
import { useSchemas } from './http-schemas';
import { addOpenApiRoute, collectRoutes } from './openapi';
import { health, readiness } from './schemas/answers';
import { answers, refusals } from './schemas/responses';
import { tagged } from './schemas/route-schema';
import { helmetOptions, PAGE_POLICY } from './security-headers';
import { repeatedHeader } from './single-headers';
import { addSearchRoutes, type SearchRoutesParts } from './search-routes';
import { addSessionRoutes } from './session-routes';

export interface HttpParts
  extends AuthRoutesParts, RoomRoutesParts, LineRoutesParts, FileRoutesParts, SearchRoutesParts, ProbeRoutesParts {
  readonly origins: Origins;
  readonly log: Logger;
  /** Folder served at `/`; null serves none. */
  readonly staticDir: string | null;
  /** How long browsers shall come by TLS alone; 0 says nothing of it. */
  readonly hstsMaxAgeS: number;
  readonly httpLimits: HttpLimits;
  readonly trustProxy: TrustedProxies;
}

/** How long a browser may remember the answer to a preflight request. */
const PREFLIGHT_MAX_AGE_S = 600;

/** What pages of other origins may send, and what they may read. Source: docs/PROTOCOL.md, "HTTP API". */
const ALLOWED_HEADERS = [
  'Accept',
  'Authorization',
  'Cache-Control',
  'Content-Type',
  'Idempotency-Key',
  'If-None-Match',
  'If-Range',
  'Last-Event-ID',
  'Parley-Line',
  'Priority',
  'Range',
  'X-File-Name',
].join(', ');
const EXPOSED_HEADERS = 'Accept-Ranges, Content-Disposition, Content-Range, Date, ETag, Link, Retry-After';

const ROUTES = 'routes';

const HEALTH = tagged('server', 'health', 'Whether the process answers.', {
  response: { 200: answers(health, 'It does.'), ...refusals([], false) },
});

const READY = tagged('server', 'ready', 'Whether traffic should come here.', {
  response: {
    ...refusals([], false),
    200: answers(readiness, 'It should.'),
    503: answers(readiness, 'It should not: `failing` says why.'),
  },
});

function decodeBody(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    throw new ProtocolError(ErrorCode.BadFrame, '', 'UTF-8', 'other bytes');
  }
}

function addCrossOriginRules(app: FastifyInstance, origins: Origins): void {
  app.addHook('onRequest', async (request, reply) => {
    const { origin, host } = request.headers;
    void reply.header('Vary', 'Origin');
    if (origin !== undefined && origins.isAllowed(origin, host)) {
      void reply.header('Access-Control-Allow-Origin', origin).header('Access-Control-Expose-Headers', EXPOSED_HEADERS);
    }
  });
  app.options('/v1/*', { schema: { hide: true } }, async (_request, reply) =>
    reply
      .code(204)
      .header('Access-Control-Allow-Methods', 'GET, HEAD, POST')
      .header('Access-Control-Allow-Headers', ALLOWED_HEADERS)
      .header('Access-Control-Max-Age', PREFLIGHT_MAX_AGE_S)
      .send(),
  );
}

/** Throws `bad_field` where two headers say what only one may say, or none says which host is meant (RFC 9112, 3.2). */
async function checkHeaders(request: FastifyRequest): Promise<void> {
  if (request.headers.host === undefined && request.raw.httpVersion !== '1.0') {
    throw new ProtocolError(ErrorCode.BadField, 'Host', 'one header', 'none');
  }
  const name = repeatedHeader(request.raw.rawHeaders);
  if (name !== null) {
    throw new ProtocolError(ErrorCode.BadField, name, 'one header', 'several');
  }
}

function logRequests(app: FastifyInstance, log: Logger): void {
  app.addHook('onResponse', async (request, reply) => {
    // The route's pattern and not the URL: a URL can hold anything.
    const route = request.routeOptions.url ?? 'none';
    const durationMs = Math.round(reply.elapsedTime);
    log.debug(
      { requestId: request.id, method: request.method, route, status: reply.statusCode, durationMs },
      'request',
    );
  });
}

/** Every route that is added after it, as `GET /v1/rooms/:roomId/events`. */
function listRoutes(app: FastifyInstance): void {
  const routes: string[] = [];
  app.decorate(ROUTES, routes);
  app.addHook('onRoute', ({ method, url }) => {
    routes.push(...[method].flat().map((each) => `${each} ${url}`));
  });
}

export function routesOf(app: FastifyInstance): readonly string[] {
  return app.getDecorator<string[]>(ROUTES);
}

export async function createHttpApp(parts: HttpParts): Promise<FastifyInstance> {
  const { httpLimits: limits } = parts;
  const answerError = errorHandler(parts.log, parts.audit);
  const app = fastify({
    bodyLimit: MAX_CLIENT_FRAME_BYTES,
    forceCloseConnections: true,
    trustProxy: trustOf(parts.trustProxy),
    requestTimeout: limits.requestTimeoutMs,
    http: {
      headersTimeout: limits.headersTimeoutMs,
      connectionsCheckingInterval: limits.checkIntervalMs,
      requireHostHeader: false,
    },
    frameworkErrors: answerError,
    clientErrorHandler: answerBrokenRequest(parts.log),
  });
  app.server.maxConnections = limits.maxConnections;
  listRoutes(app);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, async (_request: unknown, body: Buffer) => decodeBody(body));
  await app.register(helmet, helmetOptions(parts.hstsMaxAgeS));
  app.addHook('onRequest', checkHeaders);
  addCrossOriginRules(app, parts.origins);
  logRequests(app, parts.log);
  app.setErrorHandler(answerError);
  app.setNotFoundHandler(answerNotFound);
  app.addHook('onSend', async (_request, reply) => {
    if (!reply.hasHeader('Cache-Control')) {
      void reply.header('Cache-Control', 'no-store');
    }
  });
  await collectRoutes(app);
  rememberIdentities(app);
  const typed = useSchemas(app);
  addProbeRoutes(app, parts, { health: HEALTH, ready: READY });
  addOpenApiRoute(app);
  addAuthRoutes(typed, parts);
  addSessionRoutes(typed, parts);
  addRoomRoutes(typed, parts);
  addSearchRoutes(typed, parts);
  await addFileRoutes(app, parts, answerError);
  addLineRoutes(app, parts, answerError);
  if (parts.staticDir !== null) {
    await app.register(fastifyStatic, {
      root: parts.staticDir,
      cacheControl: false,
      dotfiles: 'ignore',
      setHeaders: (response) => {
        void response.header('Cache-Control', 'no-cache').header('Content-Security-Policy', PAGE_POLICY);
      },
    });
  }
  return app;
}
