import type { FastifyRequest } from 'fastify';
import { ErrorCode } from '../../../common/core/src/main/ets/wire/Codes';
import type { Credentials, SessionTokens } from '../../../common/core/src/main/ets/wire/HttpBodies';
import type { Audit, AuditName } from '../audit/audit';
import { tokenInvalid } from '../auth/access-tokens';
import type { AuthService } from '../auth/auth-service';
import type { Hub } from '../hub/hub';
import { nameKey } from '../auth/names';
import { type RequestLimits, takeOrRefuse } from '../limits/request-limits';
import { toErrorPayload } from '../refusal';
import { identityOf, requireIdentity } from './authentication';
import { deviceOf } from './requests';
import type { TypedApp } from './http-schemas';
import { sessionTokens } from './schemas/answers';
import { credentials, refreshRequest } from './schemas/bodies';
import { answers, answersNothing, refusals } from './schemas/responses';
import { BEARER, tagged } from './schemas/route-schema';
import { refTo } from './schemas/values';

export interface AuthRoutesParts {
  readonly auth: AuthService;
  readonly hub: Hub;
  readonly limits: RequestLimits;
  readonly audit: Audit;
}

const { BadField, BadCredentials, NameTaken, RateLimited, TokenInvalid, TokenExpired, UserDisabled } = ErrorCode;
const ATTEMPTS = 'Attempts of one address are limited, successful or not.';

const SIGN_UP = tagged('sessions', 'signUp', 'Makes a user and signs in.', {
  description: ATTEMPTS,
  body: refTo(credentials),
  response: {
    201: answers(sessionTokens, 'The user exists and is signed in.'),
    ...refusals([BadField, NameTaken, RateLimited], false),
  },
});

const SIGN_IN = tagged('sessions', 'signIn', 'Opens a session.', {
  description: `${ATTEMPTS} So are those under one name that fail. It is never told whether the name or the password was wrong.`,
  body: refTo(credentials),
  response: {
    200: answers(sessionTokens, 'Signed in.'),
    ...refusals([BadField, BadCredentials, UserDisabled, RateLimited], false),
  },
});

const REFRESH = tagged('sessions', 'refresh', 'Trades a refresh token for the next tokens.', {
  body: refTo(refreshRequest),
  response: {
    200: answers(sessionTokens, 'The next tokens; the old refresh token is used up.'),
    ...refusals([BadField, TokenInvalid, TokenExpired], false),
  },
});

const SIGN_OUT = tagged('sessions', 'signOut', 'Ends the session of a refresh token at once.', {
  ...BEARER,
  description: 'Its access token and its open connections end with it. A token that is no longer known is no error.',
  body: refTo(refreshRequest),
  response: { 204: answersNothing('Signed out.'), ...refusals([BadField]) },
});

export function addAuthRoutes(app: TypedApp, parts: AuthRoutesParts): void {
  const { auth, hub, limits, audit } = parts;

  /** Runs it, and takes note of how it went and for whom. */
  async function noted(event: AuditName, address: string, run: () => Promise<SessionTokens>): Promise<SessionTokens> {
    try {
      const tokens = await run();
      audit.record({ event, outcome: 'done', userId: tokens.userId, address });
      return tokens;
    } catch (error) {
      const { code } = toErrorPayload(error);
      if (code !== ErrorCode.RateLimited) {
        audit.record({ event, outcome: 'refused', address, detail: code });
      }
      throw error;
    }
  }

  /** Before the body is read: nonsense is an attempt too. */
  async function countAttempt(request: FastifyRequest): Promise<void> {
    await takeOrRefuse(limits.attempts, request.ip);
  }

  /** Counted before the password is looked at, so that attempts at once are counted too; what succeeds is given back. */
  async function signIn(sent: Credentials, device: string): Promise<SessionTokens> {
    const key = nameKey(sent.userName);
    await takeOrRefuse(limits.failures, key);
    const tokens = await auth.signIn(sent, device);
    await limits.failures.giveBack(key);
    return tokens;
  }

  /** A used token that comes again has ended its session: so end its connections. */
  async function refresh(token: string, address: string): Promise<SessionTokens> {
    const { tokens, ended } = await auth.refresh(token);
    if (ended !== null) {
      const { userId, sessionId } = ended;
      audit.record({ event: 'refresh-reuse', outcome: 'refused', userId, sessionId, address });
      hub.closeSession(sessionId);
      throw tokenInvalid();
    }
    return tokens;
  }

  app.post('/v1/auth/sign-up', { schema: SIGN_UP, onRequest: countAttempt }, async (request, reply) => {
    const tokens: SessionTokens = await noted('sign-up', request.ip, () =>
      auth.signUp(request.body, deviceOf(request)),
    );
    return reply.code(201).send(tokens);
  });

  app.post('/v1/auth/sign-in', { schema: SIGN_IN, onRequest: countAttempt }, async (request): Promise<SessionTokens> =>
    noted('sign-in', request.ip, () => signIn(request.body, deviceOf(request))),
  );

  app.post('/v1/auth/refresh', { schema: REFRESH }, async (request): Promise<SessionTokens> =>
    noted('refresh', request.ip, () => refresh(request.body.refreshToken, request.ip)),
  );

  app.post('/v1/auth/sign-out', { schema: SIGN_OUT, onRequest: requireIdentity(auth) }, async (request, reply) => {
    const { userId } = identityOf(request);
    const sessionId = await auth.signOut(userId, request.body.refreshToken);
    if (sessionId !== null) {
      audit.record({ event: 'sign-out', outcome: 'done', userId, sessionId, address: request.ip });
      hub.closeSession(sessionId);
    }
    return reply.code(204).send();
  });
}
