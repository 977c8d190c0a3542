import { type Static, type TObject, Type } from '@sinclair/typebox';
import { ErrorCode } from '../../../../common/core/src/main/ets/wire/Codes';
import { EventKind, PresenceStatus } from '../../../../common/core/src/main/ets/wire/Frames';
import type * as Bodies from '../../../../common/core/src/main/ets/wire/HttpBodies';
import {
  MAX_CONTENT_TYPE_LENGTH,
  MAX_FILE_NAME_LENGTH,
  MAX_HISTORY_PAGE,
  MAX_HIT_RANGES,
  MAX_ROOM_MEMBERS,
  MAX_ROOM_NAME_LENGTH,
  MAX_ROOM_PAGE,
  MAX_SEARCH_PAGE,
  MAX_TEXT_LENGTH,
  MAX_TOKEN_LENGTH,
  MAX_USER_NAME_LENGTH,
} from '../../../../common/core/src/main/ets/wire/Limits';
import { id, integer, listOf, orNull, refTo, text, word } from './values';

/** What the server answers. Only what is named here leaves it. Source: docs/PROTOCOL.md, "HTTP API". */
const CLOSED = { additionalProperties: false };
const AT = 'Milliseconds since 1970-01-01 UTC.';
const MAX_SENTENCE_LENGTH = 1000;
const MAX_CURSOR_LENGTH = 100;

const userName = text({ min: 1, max: MAX_USER_NAME_LENGTH, description: 'As the user wrote it.' });
const token = (description: string) => text({ min: 1, max: MAX_TOKEN_LENGTH, description });
const sentence = (description: string) => text({ min: 0, max: MAX_SENTENCE_LENGTH, description });

export const sessionTokens = Type.Object(
  {
    userId: id('The user.'),
    userName,
    accessToken: token('Goes into `Authorization: Bearer` and into `hello`, never into a URL.'),
    accessExpiresAtMs: integer(0, AT),
    refreshToken: token('Good for one use.'),
    refreshExpiresAtMs: integer(0, AT),
  },
  { ...CLOSED, $id: 'SessionTokens' },
);

export const roomFile = Type.Object(
  {
    fileId: id('The file.'),
    name: text({ min: 1, max: MAX_FILE_NAME_LENGTH, description: 'Never a path.' }),
    contentType: text({ min: 1, max: MAX_CONTENT_TYPE_LENGTH, description: 'Without parameters.' }),
    sizeBytes: integer(0, 'Bytes.'),
    widthPx: integer(0, 'Of an image as it is shown; 0 of anything else.'),
    heightPx: integer(0, 'Of an image as it is shown; 0 of anything else.'),
  },
  { ...CLOSED, $id: 'RoomFile' },
);

export const roomEvent = Type.Object(
  {
    roomId: id('The room.'),
    seq: integer(1, 'Its number in the log of the room: 1, 2, 3 … without holes.'),
    atMs: integer(0, AT),
    kind: word(Object.values(EventKind), 'What happened.'),
    userId: id('Who did it.'),
    userName,
    clientId: id('The sender’s own id of a message; empty of anything else.', 0),
    text: text({ min: 0, max: MAX_TEXT_LENGTH, description: 'Of a message; empty of anything else.' }),
    file: Type.Optional(refTo(roomFile)),
  },
  { ...CLOSED, $id: 'RoomEvent' },
);

const memberState = Type.Object(
  {
    userId: id('The member.'),
    userName,
    status: word(Object.values(PresenceStatus), 'Whether the member is there.'),
    lastSeenMs: integer(0, `0 unless offline and seen before. ${AT}`),
  },
  { ...CLOSED, $id: 'MemberState' },
);

const typingState = Type.Object(
  { userId: id('Who types.'), expiresInMs: integer(0, 'The mark’s time to live.') },
  { ...CLOSED, $id: 'TypingState' },
);

export const roomState = Type.Object(
  {
    roomId: id('The room.'),
    name: text({ min: 1, max: MAX_ROOM_NAME_LENGTH }),
    epoch: id('One life of the log.'),
    headSeq: integer(0, 'The number of the newest event.'),
    members: listOf(refTo(memberState), MAX_ROOM_MEMBERS, 'The creator and who joined.'),
    typing: listOf(refTo(typingState), MAX_ROOM_MEMBERS, 'Of others.'),
    lastMessage: orNull(refTo(roomEvent)),
  },
  { ...CLOSED, $id: 'RoomState' },
);

export const roomListing = Type.Object(
  {
    roomId: id('The room.'),
    name: text({ min: 1, max: MAX_ROOM_NAME_LENGTH }),
    memberCount: integer(0, 'Members.'),
    isMember: Type.Boolean({ description: 'Whether the user is one.' }),
  },
  { ...CLOSED, $id: 'RoomListing' },
);

export const roomDirectory = Type.Object(
  {
    rooms: listOf(refTo(roomListing), MAX_ROOM_PAGE, 'By `roomId`.'),
    nextAfter: id('The `after` of the next page; empty on the last one.', 0),
  },
  { ...CLOSED, $id: 'RoomDirectory' },
);

export const roomAnswer = Type.Object({ room: refTo(roomState) }, { ...CLOSED, $id: 'RoomAnswer' });

export const historyPage = Type.Object(
  {
    roomId: id('The room.'),
    epoch: id('One life of the log.'),
    events: listOf(refTo(roomEvent), MAX_HISTORY_PAGE, 'Ascending by `seq`.'),
    hasMore: Type.Boolean({ description: 'Whether older ones exist.' }),
  },
  { ...CLOSED, $id: 'HistoryPage' },
);

export const fileAnswer = Type.Object({ file: refTo(roomFile) }, { ...CLOSED, $id: 'FileAnswer' });

const textRange = Type.Object(
  { start: integer(0, 'UTF-16 units.'), end: integer(1, 'UTF-16 units; not included.') },
  { ...CLOSED, $id: 'TextRange' },
);

const searchHit = Type.Object(
  { event: refTo(roomEvent), ranges: listOf(refTo(textRange), MAX_HIT_RANGES, 'Where in the text the words are.') },
  { ...CLOSED, $id: 'SearchHit' },
);

export const searchPage = Type.Object(
  {
    hits: listOf(refTo(searchHit), MAX_SEARCH_PAGE, 'The newest first.'),
    nextBefore: text({
      min: 0,
      max: MAX_CURSOR_LENGTH,
      description: 'The `before` of the next page; empty on the last.',
    }),
  },
  { ...CLOSED, $id: 'SearchPage' },
);

const errorPayload = Type.Object(
  {
    code: word(Object.values(ErrorCode), 'Source: docs/PROTOCOL.md, "Error codes".'),
    message: sentence('For developers.'),
    field: sentence('Empty unless the input was at fault.'),
    expected: sentence('Empty unless the input was at fault.'),
    actual: sentence('Empty unless the input was at fault.'),
    retryAfterMs: integer(0, '0 unless the server advises to wait.'),
  },
  { ...CLOSED, $id: 'ErrorPayload' },
);

export const errorAnswer = Type.Object({ error: refTo(errorPayload) }, { ...CLOSED, $id: 'ErrorAnswer' });

export const health = Type.Object({ ok: Type.Boolean() }, { ...CLOSED, $id: 'Health' });

const listedSession = Type.Object(
  {
    sessionId: Type.String(),
    device: Type.String({ description: 'What the client called itself at sign-in; may be empty.' }),
    createdAtMs: Type.Integer(),
    lastUsedAtMs: Type.Integer({ description: 'When its refresh token was made.' }),
    isCurrent: Type.Boolean({ description: 'Whether the request came with its token.' }),
  },
  CLOSED,
);

export const sessionList = Type.Object({ sessions: Type.Array(listedSession) }, { ...CLOSED, $id: 'SessionList' });

const failedCheck = Type.Object({ name: Type.String(), reason: Type.String() }, CLOSED);

export const readiness = Type.Object(
  { ready: Type.Boolean(), failing: Type.Array(failedCheck) },
  { ...CLOSED, $id: 'Readiness' },
);

export const ANSWER_SCHEMAS: readonly TObject[] = [
  sessionTokens,
  roomFile,
  roomEvent,
  memberState,
  typingState,
  roomState,
  roomListing,
  roomDirectory,
  roomAnswer,
  historyPage,
  fileAnswer,
  textRange,
  searchHit,
  searchPage,
  errorPayload,
  errorAnswer,
  health,
  readiness,
  sessionList,
];

/** The compiler refuses a schema that says something else than wire's type. */
export type SameAsWire = [
  Same<Static<typeof sessionTokens>, Bodies.SessionTokens>,
  Same<Static<typeof sessionList>, Bodies.SessionList>,
  Same<Static<typeof roomDirectory>, Bodies.RoomDirectory>,
  Same<Static<typeof roomAnswer>, Bodies.RoomAnswer>,
  Same<Static<typeof historyPage>, Bodies.HistoryPage>,
  Same<Static<typeof fileAnswer>, Bodies.FileAnswer>,
  Same<Static<typeof searchPage>, Bodies.SearchPage>,
  Same<Static<typeof errorAnswer>, Bodies.ErrorAnswer>,
];
type Same<A extends B, B> = [A, B];
