import type { ErrorPayload, RoomEvent, RoomState } from '../../../common/core/src/main/ets/wire/Frames';
import {
  decodeErrorAnswer,
  decodeHistoryPage,
  decodeRoomAnswer,
  decodeRoomDirectory,
  decodeSessionTokens,
  type HistoryPage,
  type RoomDirectory,
  type SessionTokens,
} from '../../../common/core/src/main/ets/wire/HttpBodies';
import { ANSWERS } from './answer-check';

export interface ApiReply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export const PASSWORD = 'correct horse battery';

/** The HTTP API as a client sees it: every answer goes through wire's own decoders, and is held against docs/openapi.json. */
export class ApiClient {
  constructor(
    private readonly baseUrl: string,
    readonly token = '',
  ) {}

  async call(
    method: string,
    path: string,
    body?: string | Uint8Array,
    headers: Record<string, string> = {},
  ): Promise<ApiReply> {
    const authorization: Record<string, string> = this.token === '' ? {} : { authorization: `Bearer ${this.token}` };
    const response = await fetch(`${this.baseUrl}${path}`, {
      method,
      headers: { ...authorization, ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body) }),
    });
    const { status } = response;
    const text = await response.text();
    ANSWERS.check(method, path, { status, text });
    return { status, headers: response.headers, text };
  }

  async signUp(userName: string): Promise<SessionTokens> {
    const reply = await this.call('POST', '/v1/auth/sign-up', JSON.stringify({ userName, password: PASSWORD }));
    return decodeSessionTokens(expectStatus(reply, 201).text);
  }

  async createRoom(name: string): Promise<RoomState> {
    const reply = await this.call('POST', '/v1/rooms', JSON.stringify({ name }));
    return decodeRoomAnswer(expectStatus(reply, 201).text).room;
  }

  async join(roomId: string): Promise<RoomState> {
    return decodeRoomAnswer(expectStatus(await this.call('POST', `/v1/rooms/${roomId}/join`), 200).text).room;
  }

  async leave(roomId: string): Promise<void> {
    expectStatus(await this.call('POST', `/v1/rooms/${roomId}/leave`), 204);
  }

  async history(roomId: string, query = ''): Promise<HistoryPage> {
    return decodeHistoryPage(expectStatus(await this.call('GET', `/v1/rooms/${roomId}/events${query}`), 200).text);
  }

  /** The whole log, oldest first, page by page. */
  async wholeLog(roomId: string): Promise<RoomEvent[]> {
    const events: RoomEvent[] = [];
    for (;;) {
      const page = await this.history(roomId, `?limit=200&before=${events[0]?.seq ?? 0}`);
      events.unshift(...page.events);
      if (!page.hasMore) {
        return events;
      }
    }
  }

  async directory(query = ''): Promise<RoomDirectory> {
    return decodeRoomDirectory(expectStatus(await this.call('GET', `/v1/rooms${query}`), 200).text);
  }
}

export function expectStatus(reply: ApiReply, status: number): ApiReply {
  if (reply.status !== status) {
    throw new Error(`expected status ${status}, got ${reply.status}: ${reply.text}`);
  }
  return reply;
}

/** The error of a refused request, as `status code field`. */
export function refusalIn(reply: Pick<ApiReply, 'status' | 'text'>): string {
  const error: ErrorPayload = decodeErrorAnswer(reply.text);
  return `${reply.status} ${error.code} ${error.field}`.trim();
}
