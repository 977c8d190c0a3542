import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

type Asked = Pick<FastifyRequest, 'headers'>;

/** Source: RFC 9110, 8.8.3. */
const ENTITY_TAG = /(?:W\/)?("[\x21\x23-\x7e\x80-\xff]*")/g;

/** A strong tag of these very bytes. */
export function entityTagOf(body: string): string {
  return `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
}

/** Whether the client has it already, by its `If-None-Match`. Compared weakly, as RFC 9110, 13.1.2 wants it. */
export function hasCurrent(request: Asked, tag: string): boolean {
  const header = request.headers['if-none-match'] ?? '';
  return header.trim() === '*' || [...header.matchAll(ENTITY_TAG)].some(([, known]) => known === tag);
}

/**
 * Answers what may change at any time and mostly has not: a client may keep it, and asks each time whether it still holds.
 * That question is also what notices that the user left the room meanwhile.
 */
export function sendRevalidated(request: Asked, reply: FastifyReply, body: object): FastifyReply {
  // By the schema of the route: only what it names leaves the server.
  const text = String(reply.serializeInput({ ...body }, '200', 'application/json'));
  const tag = entityTagOf(text);
  void reply.header('ETag', tag).header('Cache-Control', 'private, no-cache');
  if (hasCurrent(request, tag)) {
    return reply.code(304).send();
  }
  return reply.type('application/json; charset=utf-8').send(text);
}
