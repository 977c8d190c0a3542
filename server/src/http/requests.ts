import type { FastifyRequest } from 'fastify';
import { ErrorCode } from '../../../common/core/src/main/ets/wire/Codes';
import { ProtocolError } from '../../../common/core/src/main/ets/wire/ProtocolError';
import { tokenInvalid } from '../auth/access-tokens';
import type { AuthService, Identity } from '../auth/auth-service';

/** The body as wire's decoders want it: a missing one is the empty text, which they refuse as `bad_frame`. */
export function bodyOf(request: FastifyRequest): string {
  return typeof request.body === 'string' ? request.body : '';
}

export function textParameter(request: FastifyRequest, name: string): string {
  const value = (request.query as Record<string, unknown>)[name];
  if (value === undefined) {
    return '';
  }
  if (typeof value !== 'string') {
    throw new ProtocolError(ErrorCode.BadField, name, 'one value', 'several');
  }
  return value;
}

/** A decimal integer from `min` to `max`; `fallback` where the parameter is absent. */
export function integerParameter(
  request: FastifyRequest,
  name: string,
  range: { readonly min: number; readonly max: number; readonly fallback: number },
): number {
  const text = textParameter(request, name);
  if (text === '') {
    return range.fallback;
  }
  const value = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  if (!Number.isSafeInteger(value) || value < range.min || value > range.max) {
    throw new ProtocolError(ErrorCode.BadField, name, `an integer from ${range.min} to ${range.max}`, 'another value');
  }
  return value;
}

/** Empty where the header is absent. */
export function headerOf(request: FastifyRequest, name: string): string {
  const value = request.headers[name.toLowerCase()];
  return typeof value === 'string' ? value : '';
}

export function roomIdOf(request: FastifyRequest): string {
  return (request.params as { readonly roomId: string }).roomId;
}

/** Who sent the request. Throws `Refusal` with `token_invalid` or `token_expired`. */
export async function identityOf(request: FastifyRequest, auth: AuthService): Promise<Identity> {
  const [, token] = /^Bearer ([^\s]+)$/i.exec(request.headers.authorization ?? '') ?? [];
  if (token === undefined) {
    throw tokenInvalid();
  }
  return auth.identify(token);
}
