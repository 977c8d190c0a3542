import { ErrorCode } from '../../../common/core/src/main/ets/wire/Codes';
import type { Audit } from '../audit/audit';
import type { AuthService } from '../auth/auth-service';
import type { Hub } from '../hub/hub';
import { refusalOf } from '../refusal';
import { identityOf, requireIdentity } from './authentication';
import type { TypedApp } from './http-schemas';
import { sessionList } from './schemas/answers';
import { ofSession } from './schemas/parameters';
import { answers, answersNothing, refusals } from './schemas/responses';
import { BEARER, tagged } from './schemas/route-schema';

export interface SessionRoutesParts {
  readonly auth: AuthService;
  readonly hub: Hub;
  readonly audit: Audit;
}

const LIST = tagged('sessions', 'listSessions', 'The sign-ins of the user, the newest first.', {
  ...BEARER,
  response: { 200: answers(sessionList, 'Where the user is signed in.'), ...refusals([]) },
});

const END = tagged('sessions', 'endSession', 'Signs another device out, at once.', {
  ...BEARER,
  params: ofSession,
  response: {
    204: answersNothing('The session has ended: its tokens, and its connections to whichever server.'),
    ...refusals([ErrorCode.NotFound]),
  },
});

const END_OTHERS = tagged('sessions', 'endOtherSessions', 'Signs all other devices out, at once.', {
  ...BEARER,
  response: { 204: answersNothing('Only the session of the request is left.'), ...refusals([]) },
});

/** Where a user is signed in, and how to change that. Source: docs/PROTOCOL.md, "HTTP API". */
export function addSessionRoutes(app: TypedApp, { auth, hub, audit }: SessionRoutesParts): void {
  const onRequest = requireIdentity(auth);

  app.get('/v1/auth/sessions', { schema: LIST, onRequest }, async (request) => {
    const { userId, sessionId } = identityOf(request);
    const listed = await auth.sessionsOf(userId);
    return { sessions: listed.map((session) => ({ ...session, isCurrent: session.sessionId === sessionId })) };
  });

  app.post('/v1/auth/sessions/:sessionId/sign-out', { schema: END, onRequest }, async (request, reply) => {
    const { userId } = identityOf(request);
    const { sessionId } = request.params;
    if (!(await auth.endSession(userId, sessionId))) {
      throw refusalOf(ErrorCode.NotFound, 'session');
    }
    audit.record({ event: 'session-ended', outcome: 'done', userId, sessionId, address: request.ip });
    hub.closeSession(sessionId);
    return reply.code(204).send();
  });

  app.post('/v1/auth/sign-out-others', { schema: END_OTHERS, onRequest }, async (request, reply) => {
    const identity = identityOf(request);
    const { userId } = identity;
    const ended = await auth.endOtherSessions(identity);
    ended.forEach((sessionId) =>
      audit.record({ event: 'session-ended', outcome: 'done', userId, sessionId, address: request.ip }),
    );
    hub.closeSessionsOf(userId, identity.sessionId);
    return reply.code(204).send();
  });
}
