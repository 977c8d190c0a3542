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
import type { RawBody } from '../../http/openapi';
import { bodyOf, headerOf } from '../../http/requests';
import { errorAnswer } from '../../http/schemas/answers';
import { lineHeaders, pollHeaders } from '../../http/schemas/parameters';
import { answers, answersBytes, answersNothing, refusals } from '../../http/schemas/responses';
import { tagged } from '../../http/schemas/route-schema';
import { Refusal, toErrorPayload, tooFast } from '../../refusal';
import { ADDRESS_RETRY_MS, type AddressCounts } from '../address-counts';
import type { Origins } from '../origins';
import { openEvent } from './event-text';
import type { LineBook } from './line-book';
import { lastEventIdOf, type LineFault, type LineRelay } from './line-relay';

export interface LineRoutesParts {
  readonly lines: LineBook;
  /** The way to the lines of other processes. */
  readonly relay: LineRelay;
  readonly origins: Origins;
  readonly log: Logger;
  readonly addresses: AddressCounts;
}

/** Of what carries events. `X-Accel-Buffering` keeps nginx from collecting a stream before it passes it on. */
const EVENT_HEADERS = {
  'Content-Type': `${EVENT_STREAM_TYPE}; charset=utf-8`,
  'Cache-Control': 'no-store, no-transform',
  'X-Accel-Buffering': 'no',
};

/** Fires when the client leaves before it is answered. */
function leavingOf(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => controller.abort());
  return controller.signal;
}

const STRANGER = { 403: answersNothing('A page of an origin that is not let in.') };
const GONE = { 410: answers(errorAnswer, 'There is no such line, or it is closed.') };

const STREAM = tagged('lines', 'openStream', 'Opens a line whose events come as an endless stream.', {
  description: 'Lines of one address and of one user are limited.',
  response: {
    200: answersBytes(EVENT_STREAM_TYPE, 'Events: `open`, messages, `close`.'),
    ...STRANGER,
    ...refusals([ErrorCode.RateLimited], false),
  },
});

const POLL = tagged('lines', 'poll', 'Opens a polled line, or waits for its events.', {
  headers: pollHeaders,
  response: {
    200: answersBytes(EVENT_STREAM_TYPE, 'The events after `Last-Event-ID`, as soon as there is one.'),
    ...STRANGER,
    ...GONE,
    ...refusals([ErrorCode.BadField, ErrorCode.RateLimited], false),
  },
});

const SEND = tagged('lines', 'sendOverLine', 'Sends one message: a frame or a batch, as on a WebSocket.', {
  headers: lineHeaders,
  response: {
    204: answersNothing('Taken in.'),
    ...STRANGER,
    ...GONE,
    ...refusals([ErrorCode.RateLimited], false),
  },
});

const SEND_BODY: RawBody = { contentType: '*/*', description: 'One message in JSON, at most 64 KiB.' };

const CLOSE = tagged('lines', 'closeLine', 'Says good-bye; nothing happens where there is no such line.', {
  headers: lineHeaders,
  response: { 204: answersNothing('Closed.'), ...STRANGER, ...refusals([], false) },
});

function answerGone(reply: FastifyReply): FastifyReply {
  return reply
    .code(410)
    .send({ error: toErrorPayload(new Refusal(ErrorCode.NotFound, 'There is no such line, or it is closed.')) });
}

/** Lines over HTTP. Source: docs/PROTOCOL.md, "HTTP transports". */
export function addLineRoutes(app: FastifyInstance, parts: LineRoutesParts, answerError: ErrorHandler): void {
  const { lines, relay, origins, log, addresses } = parts;

  /** Throws `Refusal` with `rate_limited` where the address has as many lines and sockets as it can have. */
  function enter(request: FastifyRequest): () => void {
    const leave = addresses.enter(request.raw);
    if (leave === null) {
      throw tooFast(ADDRESS_RETRY_MS);
    }
    return leave;
  }

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

  app.get('/v1/sse', { schema: STREAM, onRequest: refuseStrangers, exposeHeadRoute: false }, (request, reply) => {
    lines.refuseWhenLeaving();
    const leave = enter(request);
    const response = eventResponse(reply);
    response.flushHeaders();
    lines.openStream(response, leave);
  });

  app.post('/v1/poll', { schema: POLL, onRequest: refuseStrangers }, async (request, reply) => {
    const key = headerOf(request, LINE_HEADER);
    if (key === '') {
      lines.refuseWhenLeaving();
      return reply.headers(EVENT_HEADERS).send(openEvent(lines.openPolled(enter(request))));
    }
    const lastEventIdText = headerOf(request, LAST_EVENT_ID_HEADER);
    if (relay.isElsewhere(key)) {
      const events = await relay.poll(key, lastEventIdText, leavingOf(reply));
      return events === null ? answerGone(reply) : reply.headers(EVENT_HEADERS).send(events);
    }
    const line = lines.findPolled(key);
    if (line === null) {
      return answerGone(reply);
    }
    const lastEventId = lastEventIdOf(lastEventIdText, line.newestId);
    line.receivePoll(eventResponse(reply), lastEventId);
    return reply;
  });

  function failLine(key: string, code: LineFault): void {
    if (relay.isElsewhere(key)) {
      relay.fail(key, code).catch((error: unknown) => log.debug({ err: error }, 'a line elsewhere was not closed'));
    } else {
      relay.failHere(key, code);
    }
  }

  /** What a WebSocket does with a message that is too large or no text, and then the answer to the request. */
  const closeLineToo: ErrorHandler = (error, request, reply) => {
    const { statusCode } = error as { readonly statusCode?: number };
    if (statusCode === 413) {
      failLine(headerOf(request, LINE_HEADER), CloseCode.TooLarge);
    } else if (error instanceof ProtocolError && error.code === ErrorCode.BadFrame) {
      failLine(headerOf(request, LINE_HEADER), CloseCode.BadData);
    }
    answerError(error, request, reply);
  };

  const sending = {
    schema: SEND,
    config: { rawBody: SEND_BODY },
    onRequest: refuseStrangers,
    errorHandler: closeLineToo,
  };
  app.post('/v1/send', sending, async (request, reply) => {
    const key = headerOf(request, LINE_HEADER);
    const text = bodyOf(request);
    const isTaken = relay.isElsewhere(key)
      ? await relay.send(key, text, leavingOf(reply))
      : await lines.findOpen(key)?.takeIn(text);
    return isTaken === true ? reply.code(204).send() : answerGone(reply);
  });

  app.post('/v1/close', { schema: CLOSE, onRequest: refuseStrangers }, async (request, reply) => {
    const key = headerOf(request, LINE_HEADER);
    if (relay.isElsewhere(key)) {
      await relay.leave(key);
    } else {
      lines.leave(key);
    }
    return reply.code(204).send();
  });
}
