import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  decodeCredentials,
  decodeRefreshRequest,
  type SessionTokens,
} from '../../../common/core/src/main/ets/wire/HttpBodies';
import { tokenInvalid } from '../auth/access-tokens';
import type { AuthService } from '../auth/auth-service';
import type { Hub } from '../hub/hub';
import type { SlidingWindows } from '../hub/rate-limiter';
import { tooFast } from '../refusal';
import { bodyOf, identityOf } from './requests';

export interface AuthRoutesParts {
  readonly auth: AuthService;
  readonly hub: Hub;
  /** Sign-up and sign-in attempts of one address. */
  readonly attempts: SlidingWindows;
}

export function addAuthRoutes(app: FastifyInstance, parts: AuthRoutesParts): void {
  const { auth, hub, attempts } = parts;

  function countAttempt(request: FastifyRequest): void {
    const retryAfterMs = attempts.take(request.ip);
    if (retryAfterMs > 0) {
      throw tooFast(retryAfterMs);
    }
  }

  app.post('/v1/auth/sign-up', async (request, reply): Promise<SessionTokens> => {
    countAttempt(request);
    const tokens = await auth.signUp(decodeCredentials(bodyOf(request)));
    void reply.code(201);
    return tokens;
  });

  app.post('/v1/auth/sign-in', async (request): Promise<SessionTokens> => {
    countAttempt(request);
    return auth.signIn(decodeCredentials(bodyOf(request)));
  });

  app.post('/v1/auth/refresh', async (request): Promise<SessionTokens> => {
    const { tokens, ended } = await auth.refresh(decodeRefreshRequest(bodyOf(request)).refreshToken);
    if (ended !== null) {
      hub.closeSession(ended.sessionId);
      throw tokenInvalid();
    }
    return tokens;
  });

  app.post('/v1/auth/sign-out', async (request, reply) => {
    const { userId } = await identityOf(request, auth);
    const sessionId = await auth.signOut(userId, decodeRefreshRequest(bodyOf(request)).refreshToken);
    if (sessionId !== null) {
      hub.closeSession(sessionId);
    }
    return reply.code(204).send();
  });
}
