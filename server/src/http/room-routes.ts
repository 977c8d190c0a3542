import type { FastifyInstance } from 'fastify';
import { ErrorCode } from '../../../common/core/src/main/ets/wire/Codes';
import {
  decodeCreateRoomRequest,
  type HistoryPage,
  type RoomAnswer,
  type RoomDirectory,
} from '../../../common/core/src/main/ets/wire/HttpBodies';
import { DEFAULT_HISTORY_PAGE, MAX_HISTORY_PAGE, MAX_ROOM_PAGE } from '../../../common/core/src/main/ets/wire/Limits';
import type { AuthService } from '../auth/auth-service';
import type { Hub } from '../hub/hub';
import { refusalOf } from '../refusal';
import type { Store } from '../store/store';
import { sendRevalidated } from './entity-tag';
import { bodyOf, identityOf, integerParameter, roomIdOf, textParameter } from './requests';

export interface RoomRoutesParts {
  readonly auth: AuthService;
  readonly hub: Hub;
  readonly store: Store;
}

const DEFAULT_ROOM_PAGE = 50;
const ROOM_PAGE = { min: 1, max: MAX_ROOM_PAGE, fallback: DEFAULT_ROOM_PAGE };
const HISTORY_PAGE = { min: 1, max: MAX_HISTORY_PAGE, fallback: DEFAULT_HISTORY_PAGE };
const BEFORE = { min: 0, max: Number.MAX_SAFE_INTEGER, fallback: 0 };

export function addRoomRoutes(app: FastifyInstance, parts: RoomRoutesParts): void {
  const { auth, hub, store } = parts;

  app.get('/v1/rooms', async (request, reply) => {
    const { userId } = await identityOf(request, auth);
    const limit = integerParameter(request, 'limit', ROOM_PAGE);
    const found = await store.listRooms(userId, textParameter(request, 'after'), limit + 1);
    const rooms = found.slice(0, limit);
    const nextAfter = found.length > limit ? (rooms.at(-1)?.roomId ?? '') : '';
    const directory: RoomDirectory = { rooms, nextAfter };
    return sendRevalidated(request, reply, directory);
  });

  app.post('/v1/rooms', async (request, reply): Promise<RoomAnswer> => {
    const { userId } = await identityOf(request, auth);
    const room = await hub.createRoom(userId, decodeCreateRoomRequest(bodyOf(request)).name);
    void reply.code(201);
    return { room };
  });

  app.post('/v1/rooms/:roomId/join', async (request): Promise<RoomAnswer> => {
    const { userId } = await identityOf(request, auth);
    return { room: await hub.joinRoom(userId, roomIdOf(request)) };
  });

  app.post('/v1/rooms/:roomId/leave', async (request, reply) => {
    const { userId } = await identityOf(request, auth);
    await hub.leaveRoom(userId, roomIdOf(request));
    return reply.code(204).send();
  });

  app.get('/v1/rooms/:roomId/events', async (request, reply) => {
    const { userId } = await identityOf(request, auth);
    const roomId = roomIdOf(request);
    const before = integerParameter(request, 'before', BEFORE);
    const limit = integerParameter(request, 'limit', HISTORY_PAGE);
    const isMember = await store.isMember(roomId, userId);
    const page = isMember ? await store.history(roomId, before, limit) : null;
    if (page === null) {
      throw refusalOf(ErrorCode.NotMember);
    }
    const history: HistoryPage = { roomId, ...page };
    return sendRevalidated(request, reply, history);
  });
}
