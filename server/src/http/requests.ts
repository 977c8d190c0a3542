import type { FastifyRequest } from 'fastify';

/** The body as wire's decoders want it: a missing one is the empty text, which they refuse as `bad_frame`. */
export function bodyOf(request: Pick<FastifyRequest, 'body'>): string {
  return typeof request.body === 'string' ? request.body : '';
}

/** Empty where the header is absent. */
export function headerOf(request: Pick<FastifyRequest, 'headers'>, name: string): string {
  const value = request.headers[name.toLowerCase()];
  return typeof value === 'string' ? value : '';
}
