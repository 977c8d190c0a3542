import type { FastifyInstance, FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import { tokenInvalid } from '../auth/access-tokens';
import type { AuthService, Identity } from '../auth/auth-service';

const IDENTITY = 'identity';

/** Once for each app, before its routes. */
export function rememberIdentities(app: FastifyInstance): void {
  app.decorateRequest(IDENTITY, null);
}

/**
 * Looks at the token before anything of the body is read: who is nobody costs no more than that. Throws `Refusal` with
 * `token_invalid` or `token_expired`.
 */
export function requireIdentity(auth: AuthService): onRequestAsyncHookHandler {
  return async (request) => {
    const [, token] = /^Bearer ([^\s]+)$/i.exec(request.headers.authorization ?? '') ?? [];
    if (token === undefined) {
      throw tokenInvalid();
    }
    request.setDecorator<Identity | null>(IDENTITY, await auth.identify(token));
  };
}

/** Empty where no token was shown, or none that is good. */
export function userIdOf(request: Pick<FastifyRequest, 'getDecorator'>): string {
  return request.getDecorator<Identity | null>(IDENTITY)?.userId ?? '';
}

/** Of a route behind `requireIdentity`. */
export function identityOf(request: Pick<FastifyRequest, 'getDecorator'>): Identity {
  const identity = request.getDecorator<Identity | null>(IDENTITY);
  if (identity === null) {
    throw new Error('a request: expected its identity, got none: the route lacks requireIdentity');
  }
  return identity;
}
