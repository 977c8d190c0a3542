import type { FastifyInstance } from 'fastify';
import type { IdMaker } from '../ports/ids';

/** Tells a client which lines of the log are about its request. */
export const REQUEST_ID_HEADER = 'X-Request-Id';

/**
 * Gives each request an id of its own, in `request.id`, in every log line about it and in its answer. What a client or proxy
 * sends as an id is not taken over: it could hold anything, and would end up in the log.
 */
export function addRequestIds(app: FastifyInstance, ids: IdMaker): void {
  app.setGenReqId(() => ids.make('q'));
  app.addHook('onRequest', async (request, reply) => {
    void reply.header(REQUEST_ID_HEADER, request.id);
  });
}
