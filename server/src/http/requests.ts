import { MAX_DEVICE_LENGTH } from '../../../common/core/src/main/ets/wire/Limits';
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

/** What the client calls itself, made fit to be shown; empty where it says nothing. */
export function deviceOf(request: FastifyRequest): string {
  const words = headerOf(request, 'User-Agent').replace(/[^\x20-\x7e]+/g, ' ');
  return words.trim().slice(0, MAX_DEVICE_LENGTH).trimEnd();
}
