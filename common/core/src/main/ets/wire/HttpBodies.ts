/** Bodies of the HTTP API and their gates. Source: docs/PROTOCOL.md, "HTTP API". */
import { ErrorCode } from './Codes';
import { ErrorPayload, RoomEvent, RoomFile, RoomState } from './Frames';
import {
  MAX_DEVICE_LENGTH, MAX_HISTORY_PAGE, MAX_HIT_RANGES, MAX_ID_LENGTH, MAX_LISTED_SESSIONS,
  MAX_PASSWORD_LENGTH, MAX_ROOM_NAME_LENGTH, MAX_ROOM_PAGE, MAX_SEARCH_PAGE, MAX_TOKEN_LENGTH,
  MAX_USER_NAME_LENGTH, MIN_PASSWORD_LENGTH, MIN_USER_NAME_LENGTH
} from './Limits';
import { readEvent, readEvents, readFile, readRoom } from './Model';
import { Reader } from './Reader';

const USER_NAME_PATTERN: RegExp = /^[\p{L}\p{M}\p{N}_.-]+$/u;
const MAX_SENTENCE_LENGTH: number = 1000;
const MAX_CURSOR_LENGTH: number = 100;

export interface Credentials {
  readonly userName: string;
  readonly password: string;
}

export interface RefreshRequest {
  readonly refreshToken: string;
}

/** What signing up, signing in and refreshing answer. */
export interface SessionTokens {
  readonly userId: string;
  readonly userName: string;
  readonly accessToken: string;
  readonly accessExpiresAtMs: number;
  readonly refreshToken: string;
  readonly refreshExpiresAtMs: number;
}

export interface CreateRoomRequest {
  readonly name: string;
}

export interface RoomListing {
  readonly roomId: string;
  readonly name: string;
  readonly memberCount: number;
  readonly isMember: boolean;
}

/** `nextAfter` is the `after` of the next page, empty on the last one. */
export interface RoomDirectory {
  readonly rooms: RoomListing[];
  readonly nextAfter: string;
}

export interface RoomAnswer {
  readonly room: RoomState;
}

/** `events` in ascending `seq`; `hasMore` tells whether older ones exist. */
export interface HistoryPage {
  readonly roomId: string;
  readonly epoch: string;
  readonly events: RoomEvent[];
  readonly hasMore: boolean;
}

/** What an upload answers. */
export interface FileAnswer {
  readonly file: RoomFile;
}

/** UTF-16 units of a text from `start` to before `end`. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** A found message, and where in its text the words are: at most 16 places, ascending, none touching another. */
export interface SearchHit {
  readonly event: RoomEvent;
  readonly ranges: TextRange[];
}

/** Found messages, the newest first. `nextBefore` is the `before` of the next page, empty on the last one. */
export interface SearchPage {
  readonly hits: SearchHit[];
  readonly nextBefore: string;
}

export interface ErrorAnswer {
  readonly error: ErrorPayload;
}

export function decodeCredentials(text: string): Credentials {
  const r = Reader.parse(text);
  const userName = r.string('userName', MIN_USER_NAME_LENGTH, MAX_USER_NAME_LENGTH);
  if (!USER_NAME_PATTERN.test(userName)) {
    throw r.fail('userName', 'letters, digits, _ . -', 'another character');
  }
  return { userName, password: r.string('password', MIN_PASSWORD_LENGTH, MAX_PASSWORD_LENGTH) };
}

export function decodeRefreshRequest(text: string): RefreshRequest {
  return { refreshToken: Reader.parse(text).string('refreshToken', 1, MAX_TOKEN_LENGTH) };
}

export function decodeCreateRoomRequest(text: string): CreateRoomRequest {
  return { name: Reader.parse(text).text('name', MAX_ROOM_NAME_LENGTH).trim() };
}

export function decodeSessionTokens(text: string): SessionTokens {
  const r = Reader.parse(text);
  return {
    userId: r.id('userId', 1, MAX_ID_LENGTH),
    userName: r.string('userName', 1, MAX_USER_NAME_LENGTH),
    accessToken: r.string('accessToken', 1, MAX_TOKEN_LENGTH),
    accessExpiresAtMs: r.integer('accessExpiresAtMs', 0),
    refreshToken: r.string('refreshToken', 1, MAX_TOKEN_LENGTH),
    refreshExpiresAtMs: r.integer('refreshExpiresAtMs', 0)
  };
}

/** A sign-in as its user sees it. `device` may be empty. */
export interface SessionListing {
  readonly sessionId: string;
  readonly device: string;
  readonly createdAtMs: number;
  readonly lastUsedAtMs: number;
  /** Whether the request came with its token. */
  readonly isCurrent: boolean;
}

export interface SessionList {
  /** The newest first. */
  readonly sessions: SessionListing[];
}

export function decodeSessionList(text: string): SessionList {
  const r = Reader.parse(text);
  return {
    sessions: r.array('sessions', MAX_LISTED_SESSIONS).map((session: Reader): SessionListing => ({
      sessionId: session.id('sessionId', 1, MAX_ID_LENGTH),
      device: session.string('device', 0, MAX_DEVICE_LENGTH),
      createdAtMs: session.integer('createdAtMs', 0),
      lastUsedAtMs: session.integer('lastUsedAtMs', 0),
      isCurrent: session.boolean('isCurrent')
    }))
  };
}

export function decodeRoomDirectory(text: string): RoomDirectory {
  const r = Reader.parse(text);
  return {
    rooms: r.array('rooms', MAX_ROOM_PAGE).map((room: Reader): RoomListing => ({
      roomId: room.id('roomId', 1, MAX_ID_LENGTH),
      name: room.string('name', 1, MAX_ROOM_NAME_LENGTH),
      memberCount: room.integer('memberCount', 0),
      isMember: room.boolean('isMember')
    })),
    nextAfter: r.string('nextAfter', 0, MAX_ID_LENGTH)
  };
}

export function decodeRoomAnswer(text: string): RoomAnswer {
  return { room: readRoom(Reader.parse(text).object('room')) };
}

export function decodeHistoryPage(text: string): HistoryPage {
  const r = Reader.parse(text);
  return {
    roomId: r.id('roomId', 1, MAX_ID_LENGTH),
    epoch: r.id('epoch', 1, MAX_ID_LENGTH),
    events: readEvents(r, 'events', MAX_HISTORY_PAGE),
    hasMore: r.boolean('hasMore')
  };
}

export function decodeFileAnswer(text: string): FileAnswer {
  return { file: readFile(Reader.parse(text).object('file')) };
}

function readRange(r: Reader, length: number): TextRange {
  const start = r.integer('start', 0);
  const end = r.integer('end', start + 1);
  if (end > length) {
    throw r.fail('end', `at most ${length}`, `${end}`);
  }
  return { start, end };
}

function readHit(r: Reader): SearchHit {
  const event = readEvent(r.object('event'));
  const ranges = r.array('ranges', MAX_HIT_RANGES);
  return { event, ranges: ranges.map((range: Reader): TextRange => readRange(range, event.text.length)) };
}

export function decodeSearchPage(text: string): SearchPage {
  const r = Reader.parse(text);
  return {
    hits: r.array('hits', MAX_SEARCH_PAGE).map(readHit),
    nextBefore: r.string('nextBefore', 0, MAX_CURSOR_LENGTH)
  };
}

/** The error of a refused request. Throws `ProtocolError` where the body is not one (a proxy's error page, say). */
export function decodeErrorAnswer(text: string): ErrorPayload {
  const r = Reader.parse(text).object('error');
  return {
    code: r.oneOf<ErrorCode>('code', Object.values(ErrorCode) as ErrorCode[]),
    message: r.string('message', 0, MAX_SENTENCE_LENGTH),
    field: r.string('field', 0, MAX_SENTENCE_LENGTH),
    expected: r.string('expected', 0, MAX_SENTENCE_LENGTH),
    actual: r.string('actual', 0, MAX_SENTENCE_LENGTH),
    retryAfterMs: r.integerOr('retryAfterMs', 0, 0)
  };
}
