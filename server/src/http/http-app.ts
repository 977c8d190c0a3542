import fastifyStatic from '@fastify/static';
import fastify, { type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { ErrorCode } from '../../../common/core/src/main/ets/wire/Codes';
import { MAX_CLIENT_FRAME_BYTES } from '../../../common/core/src/main/ets/wire/Limits';
import { ProtocolError } from '../../../common/core/src/main/ets/wire/ProtocolError';
import type { Origins } from '../gateway/origins';
import { addLineRoutes, type LineRoutesParts } from '../gateway/lines/line-routes';
import { addProbeRoutes, type ProbeRoutesParts } from '../operations/probe-routes';
import { addAuthRoutes, type AuthRoutesParts } from './auth-routes';
import { answerNotFound, errorHandler } from './errors';
import { addFileRoutes, type FileRoutesParts } from './file-routes';
import { addRoomRoutes, type RoomRoutesParts } from './room-routes';
import { addSearchRoutes, type SearchRoutesParts } from './search-routes';

export interface HttpParts
  extends AuthRoutesParts, RoomRoutesParts, LineRoutesParts, FileRoutesParts, SearchRoutesParts, ProbeRoutesParts {
  readonly origins: Origins;
  readonly log: Logger;
  /** Folder served at `/`; null serves none. */
  readonly staticDir: string | null;
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

/**
 * For pages that consist of modules from the server itself. Connections may go anywhere: the server's address is a setting of
 * the app. Inline styles are what the preview's renderer writes; inline scripts do not exist. WebAssembly is the preview's
 * database.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  'connect-src http: https: ws: wss:',
  "frame-src 'self'",
  "frame-ancestors 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
].join('; ');

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
  app.options('/v1/*', async (_request, reply) =>
    reply
      .code(204)
      .header('Access-Control-Allow-Methods', 'GET, HEAD, POST')
      .header('Access-Control-Allow-Headers', ALLOWED_HEADERS)
      .header('Access-Control-Max-Age', PREFLIGHT_MAX_AGE_S)
      .send(),
  );
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

export async function createHttpApp(parts: HttpParts): Promise<FastifyInstance> {
  const answerError = errorHandler(parts.log);
  const app = fastify({
    bodyLimit: MAX_CLIENT_FRAME_BYTES,
    forceCloseConnections: true,
    frameworkErrors: answerError,
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, async (_request: unknown, body: Buffer) => decodeBody(body));
  app.addHook('onRequest', async (_request, reply) => {
    void reply.header('X-Content-Type-Options', 'nosniff').header('Referrer-Policy', 'no-referrer');
  });
  addCrossOriginRules(app, parts.origins);
  logRequests(app, parts.log);
  app.setErrorHandler(answerError);
  app.setNotFoundHandler(answerNotFound);
  app.addHook('onSend', async (_request, reply) => {
    if (!reply.hasHeader('Cache-Control')) {
      void reply.header('Cache-Control', 'no-store');
    }
  });
  addProbeRoutes(app, parts);
  addAuthRoutes(app, parts);
  addRoomRoutes(app, parts);
  addSearchRoutes(app, parts);
  await addFileRoutes(app, parts, answerError);
  addLineRoutes(app, parts, answerError);
  if (parts.staticDir !== null) {
    await app.register(fastifyStatic, {
      root: parts.staticDir,
      cacheControl: false,
      dotfiles: 'ignore',
      setHeaders: (response) => {
        void response.header('Cache-Control', 'no-cache').header('Content-Security-Policy', CONTENT_SECURITY_POLICY);
      },
    });
  }
  return app;
}
