import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { CloseCode, ErrorCode } from '../../../../common/core/src/main/ets/wire/Codes';
import {
  EVENT_STREAM_TYPE,
  LAST_EVENT_ID_HEADER,
  LINE_HEADER,
} from '../../../../common/core/src/main/ets/wire/LineEvents';
import { ProtocolError } from '../../../../common/core/src/main/ets/wire/ProtocolError';
import type { ErrorHandler } from '../../http/errors';
import { bodyOf, headerOf } from '../../http/requests';
import { Refusal, toErrorPayload } from '../../refusal';
import type { Origins } from '../origins';
import { openEvent } from './event-text';
import type { LineBook } from './line-book';

export interface LineRoutesParts {
  readonly lines: LineBook;
  readonly origins: Origins;
  readonly log: Logger;
}

/** Of what carries events. `X-Accel-Buffering` keeps nginx from collecting a stream before it passes it on. */
const EVENT_HEADERS = {
  'Content-Type': `${EVENT_STREAM_TYPE}; charset=utf-8`,
  'Cache-Control': 'no-store, no-transform',
  'X-Accel-Buffering': 'no',
};

/** The newest event that the client has: 0 for none. */
function lastEventIdOf(request: FastifyRequest, newest: number): number {
  const text = headerOf(request, LAST_EVENT_ID_HEADER);
  const value = /^\d{0,15}$/.test(text) ? Number(text) : NaN;
  if (!(value <= newest)) {
    throw new ProtocolError(ErrorCode.BadField, LAST_EVENT_ID_HEADER, `a number up to ${newest}`, 'another value');
  }
  return value;
}

function answerGone(reply: FastifyReply): FastifyReply {
  return reply
    .code(410)
    .send({ error: toErrorPayload(new Refusal(ErrorCode.NotFound, 'There is no such line, or it is closed.')) });
}

/** Lines over HTTP. Source: docs/PROTOCOL.md, "HTTP transports". */
export function addLineRoutes(app: FastifyInstance, parts: LineRoutesParts, answerError: ErrorHandler): void {
  const { lines, origins, log } = parts;

  /** As for a WebSocket: the browser asks no permission for all of these requests, so the answer is not enough. */
  async function refuseStrangers(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const { origin, host } = request.headers;
    return origins.isAllowed(origin, host) ? undefined : reply.code(403).send();
  }

  /** The raw response, with its head out: from here on the line writes it. */
  function eventResponse(reply: FastifyReply): ServerResponse {
    reply.hijack();
    const response = reply.raw;
    response.on('error', (error) => log.debug({ err: error }, 'answer failed'));
    response.writeHead(200, { ...(reply.getHeaders() as Record<string, string>), ...EVENT_HEADERS });
    return response;
  }

  app.get('/v1/sse', { onRequest: refuseStrangers, exposeHeadRoute: false }, (_request, reply) => {
    lines.refuseWhenLeaving();
    const response = eventResponse(reply);
    response.flushHeaders();
    lines.openStream(response);
  });

  app.post('/v1/poll', { onRequest: refuseStrangers }, async (request, reply) => {
    const key = headerOf(request, LINE_HEADER);
    if (key === '') {
      lines.refuseWhenLeaving();
      return reply.headers(EVENT_HEADERS).send(openEvent(lines.openPolled()));
    }
    const line = lines.findPolled(key);
    if (line === null) {
      return answerGone(reply);
    }
    const lastEventId = lastEventIdOf(request, line.newestId);
    line.receivePoll(eventResponse(reply), lastEventId);
    return reply;
  });

  /** What a WebSocket does with a message that is too large or no text, and then the answer to the request. */
  const closeLineToo: ErrorHandler = (error, request, reply) => {
    const line = lines.findOpen(headerOf(request, LINE_HEADER));
    const { statusCode } = error as { readonly statusCode?: number };
    if (statusCode === 413) {
      line?.connection.close(CloseCode.TooLarge, 'message too large');
    } else if (error instanceof ProtocolError && error.code === ErrorCode.BadFrame) {
      line?.connection.close(CloseCode.BadData, 'text that is not UTF-8');
    }
    answerError(error, request, reply);
  };

  app.post('/v1/send', { onRequest: refuseStrangers, errorHandler: closeLineToo }, async (request, reply) => {
    const line = lines.findOpen(headerOf(request, LINE_HEADER));
    const isTaken = (await line?.takeIn(bodyOf(request))) ?? false;
    return isTaken ? reply.code(204).send() : answerGone(reply);
  });

  app.post('/v1/close', { onRequest: refuseStrangers }, async (request, reply) => {
    lines.leave(headerOf(request, LINE_HEADER));
    return reply.code(204).send();
  });
}
