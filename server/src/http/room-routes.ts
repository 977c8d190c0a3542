import type { FastifyRequest } from 'fastify';
import { ErrorCode } from '../../../common/core/src/main/ets/wire/Codes';
import type { HistoryPage, RoomAnswer, RoomDirectory } from '../../../common/core/src/main/ets/wire/HttpBodies';
import type { Audit, AuditName } from '../audit/audit';
import type { AuthService } from '../auth/auth-service';
import type { Hub } from '../hub/hub';
import { type RequestLimits, takeOrRefuse } from '../limits/request-limits';
import { refusalOf } from '../refusal';
import type { Store } from '../store/store';
import { identityOf, requireIdentity } from './authentication';
import { sendRevalidated } from './entity-tag';
import type { TypedApp } from './http-schemas';
import { historyPage, roomAnswer, roomDirectory } from './schemas/answers';
import { createRoomRequest } from './schemas/bodies';
import { directoryQuery, historyQuery, inRoom, revalidationHeaders } from './schemas/parameters';
import { answers, answersNothing, refusals } from './schemas/responses';
import { BEARER, tagged } from './schemas/route-schema';
import { refTo } from './schemas/values';

export interface RoomRoutesParts {
  readonly auth: AuthService;
  readonly hub: Hub;
  readonly store: Store;
  readonly limits: RequestLimits;
  readonly audit: Audit;
}

const { BadField, NameTaken, NotFound, NotMember, RateLimited, RoomFull } = ErrorCode;
const UNCHANGED = answersNothing('What the client has still holds.');

const LIST = tagged('rooms', 'listRooms', 'One page of the directory: every room, and which are one’s own.', {
  ...BEARER,
  querystring: directoryQuery,
  headers: revalidationHeaders,
  response: { 200: answers(roomDirectory, 'Rooms by `roomId`.'), 304: UNCHANGED, ...refusals([BadField]) },
});

const CREATE = tagged('rooms', 'createRoom', 'Makes a room; the user is its first member.', {
  ...BEARER,
  body: refTo(createRoomRequest),
  response: {
    201: answers(roomAnswer, 'The room as it starts.'),
    ...refusals([BadField, NameTaken, RoomFull, RateLimited]),
  },
});

const JOIN = tagged('rooms', 'joinRoom', 'Makes the user a member; harmless for who is one.', {
  ...BEARER,
  params: inRoom,
  response: { 200: answers(roomAnswer, 'The room after it.'), ...refusals([NotFound, RoomFull, RateLimited]) },
});

const LEAVE = tagged('rooms', 'leaveRoom', 'Ends the membership; harmless for who is no member.', {
  ...BEARER,
  params: inRoom,
  response: { 204: answersNothing('The user is no member any more.'), ...refusals([RateLimited]) },
});

const HISTORY = tagged('rooms', 'readHistory', 'One page of a room’s log, for members.', {
  ...BEARER,
  params: inRoom,
  querystring: historyQuery,
  headers: revalidationHeaders,
  response: {
    200: answers(historyPage, 'The newest events below `before`, ascending.'),
    304: UNCHANGED,
    ...refusals([BadField, NotMember]),
  },
});

export function addRoomRoutes(app: TypedApp, parts: RoomRoutesParts): void {
  const { auth, hub, store, limits, audit } = parts;
  const onRequest = requireIdentity(auth);

  function note(event: AuditName, request: Pick<FastifyRequest, 'getDecorator' | 'ip'>, roomId: string): void {
    const { userId, sessionId } = identityOf(request);
    audit.record({ event, outcome: 'done', userId, sessionId, roomId, address: request.ip });
  }

  app.get('/v1/rooms', { schema: LIST, onRequest }, async (request, reply) => {
    const { userId } = identityOf(request);
    const { after, limit } = request.query;
    const found = await store.listRooms(userId, after, limit + 1);
    const rooms = found.slice(0, limit);
    const nextAfter = found.length > limit ? (rooms.at(-1)?.roomId ?? '') : '';
    const directory: RoomDirectory = { rooms, nextAfter };
    return sendRevalidated(request, reply, directory);
  });

  app.post('/v1/rooms', { schema: CREATE, onRequest }, async (request, reply) => {
    const { userId } = identityOf(request);
    await takeOrRefuse(limits.creates, userId);
    const answer: RoomAnswer = { room: await hub.createRoom(userId, request.body.name.trim()) };
    note('room-created', request, answer.room.roomId);
    return reply.code(201).send(answer);
  });

  app.post('/v1/rooms/:roomId/join', { schema: JOIN, onRequest }, async (request): Promise<RoomAnswer> => {
    const { userId } = identityOf(request);
    await takeOrRefuse(limits.joins, userId);
    const room = await hub.joinRoom(userId, request.params.roomId);
    note('room-joined', request, room.roomId);
    return { room };
  });

  app.post('/v1/rooms/:roomId/leave', { schema: LEAVE, onRequest }, async (request, reply) => {
    const { userId } = identityOf(request);
    await takeOrRefuse(limits.joins, userId);
    await hub.leaveRoom(userId, request.params.roomId);
    note('room-left', request, request.params.roomId);
    return reply.code(204).send();
  });

  app.get('/v1/rooms/:roomId/events', { schema: HISTORY, onRequest }, async (request, reply) => {
    const { userId } = identityOf(request);
    const { roomId } = request.params;
    const { before, limit } = request.query;
    const isMember = await store.isMember(roomId, userId);
    const page = isMember ? await store.history(roomId, before, limit) : null;
    if (page === null) {
      throw refusalOf(NotMember);
    }
    const history: HistoryPage = { roomId, ...page };
    return sendRevalidated(request, reply, history);
  });
}
