import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { ErrorCode } from '../../../common/core/src/main/ets/wire/Codes';
import type { ErrorPayload } from '../../../common/core/src/main/ets/wire/Frames';
import { MAX_CLIENT_FRAME_BYTES } from '../../../common/core/src/main/ets/wire/Limits';
import { ProtocolError } from '../../../common/core/src/main/ets/wire/ProtocolError';
import type { Audit } from '../audit/audit';
import { Refusal, toErrorPayload } from '../refusal';
import { userIdOf } from './authentication';
import { BARE_HEADERS } from './security-headers';
import { STATUS_OF } from './status';

/** Errors that Fastify itself found in a request, before any route saw it. */
function translate(error: unknown): unknown {
  const { statusCode } = error as Partial<FastifyError>;
  if (error instanceof Refusal || error instanceof ProtocolError || statusCode === undefined || statusCode >= 500) {
    return error;
  }
  if (statusCode === 413) {
    return new ProtocolError(ErrorCode.TooLarge, '', `at most ${MAX_CLIENT_FRAME_BYTES} bytes`, 'more');
  }
  return new ProtocolError(ErrorCode.BadFrame, '', 'a well-formed request', (error as FastifyError).code);
}

function answer(reply: FastifyReply, payload: ErrorPayload): void {
  const status = STATUS_OF[payload.code] ?? 400;
  // An error from before there is a route passes no hook.
  void reply.headers(reply.raw.hasHeader('X-Content-Type-Options') ? { 'Cache-Control': 'no-store' } : BARE_HEADERS);
  if (payload.retryAfterMs > 0) {
    void reply.header('Retry-After', Math.ceil(payload.retryAfterMs / 1000));
  }
  if (status === 401) {
    void reply.header('WWW-Authenticate', 'Bearer');
  }
  void reply.code(status).send({ error: payload });
}

export type ErrorHandler = (error: unknown, request: FastifyRequest, reply: FastifyReply) => void;

/** Answers what routes throw, and what Fastify finds before there is a route (a malformed URL). */
export function errorHandler(log: Logger, audit: Audit): ErrorHandler {
  return (error, request, reply) => {
    const payload = toErrorPayload(translate(error));
    if (payload.code === ErrorCode.RateLimited) {
      const detail = request.routeOptions.url ?? '';
      audit.record({ event: 'limited', outcome: 'refused', userId: userIdOf(request), address: request.ip, detail });
    }
    if (payload.code === ErrorCode.Internal || payload.code === ErrorCode.Unavailable) {
      log.error(
        { err: error, requestId: request.id, method: request.method, route: request.routeOptions.url },
        'request failed',
      );
    }
    answer(reply, payload);
  };
}

export function answerNotFound(_request: FastifyRequest, reply: FastifyReply): void {
  answer(reply, toErrorPayload(new Refusal(ErrorCode.NotFound, 'There is nothing at this path.')));
}
