import { Type, type TUnsafe } from '@sinclair/typebox';
import {
  DEFAULT_HISTORY_PAGE,
  DEFAULT_SEARCH_PAGE,
  MAX_HISTORY_PAGE,
  MAX_QUERY_LENGTH,
  MAX_ROOM_PAGE,
  MAX_SEARCH_PAGE,
} from '../../../../common/core/src/main/ets/wire/Limits';
import { ACTUAL_KEYWORD, EXPECTED_KEYWORD, text } from './values';

const DEFAULT_ROOM_PAGE = 50;
const UPLOAD_KEY = '8 to 64 of A-Z a-z 0-9 _ -';

interface Range {
  readonly minimum: number;
  readonly maximum: number;
  readonly default: number;
}

function number(range: Range, description: string): TUnsafe<number> {
  return Type.Unsafe<number>({
    type: 'integer',
    ...range,
    [EXPECTED_KEYWORD]: `an integer from ${range.minimum} to ${range.maximum}`,
    [ACTUAL_KEYWORD]: 'another value',
    description,
  });
}

function textOrNone(max: number, description: string): TUnsafe<string> {
  return text({ min: 0, max, default: '', description });
}

/** An unknown id and one that cannot be are the same to who asks. */
const anyId = (description: string) => Type.String({ description });

export const inRoom = Type.Object({ roomId: anyId('The room.') });
export const ofSession = Type.Object({ sessionId: anyId('The session.') });
export const ofFile = Type.Object({ fileId: anyId('The file.') });

export const directoryQuery = Type.Object({
  after: textOrNone(64, 'The `nextAfter` of the page before.'),
  limit: number({ minimum: 1, maximum: MAX_ROOM_PAGE, default: DEFAULT_ROOM_PAGE }, 'Rooms of a page.'),
});

export const historyQuery = Type.Object({
  before: number(
    { minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: 0 },
    'Only events with a lower `seq`; 0: from the head.',
  ),
  limit: number({ minimum: 1, maximum: MAX_HISTORY_PAGE, default: DEFAULT_HISTORY_PAGE }, 'Events of a page.'),
});

export const searchQuery = Type.Object({
  q: text({
    min: 0,
    max: MAX_QUERY_LENGTH,
    default: '',
    expected: `1 to ${MAX_QUERY_LENGTH} characters without NUL`,
    actual: 'another text',
    description: 'The words to find, parted by white space; at least one.',
  }),
  limit: number({ minimum: 1, maximum: MAX_SEARCH_PAGE, default: DEFAULT_SEARCH_PAGE }, 'Messages of a page.'),
  before: text({
    min: 0,
    max: 100,
    default: '',
    pattern: '^(?:[A-Za-z0-9_-]{1,64}\\.\\d{1,15})?$',
    expected: 'the nextBefore of an earlier page',
    actual: 'another value',
    description: 'The `nextBefore` of the page before.',
  }),
});

function header(pattern: string, expected: string, description: string): TUnsafe<string> {
  return Type.Unsafe<string>({
    type: 'string',
    pattern,
    [EXPECTED_KEYWORD]: expected,
    [ACTUAL_KEYWORD]: 'another value',
    description,
  });
}

export const uploadHeaders = Type.Object({
  'Idempotency-Key': header(
    '^[A-Za-z0-9_-]{8,64}$',
    UPLOAD_KEY,
    'The client’s own name of this upload: the same one gets the first answer again.',
  ),
  'X-File-Name': Type.Optional(
    Type.String({ description: 'Percent-encoded UTF-8. Of a path only the last part counts.' }),
  ),
});

export const downloadHeaders = Type.Object({
  Range: Type.Optional(Type.String({ description: 'One range of bytes.' })),
  'If-Range': Type.Optional(Type.String({ description: 'The `ETag` for which the range is meant.' })),
  'If-None-Match': Type.Optional(Type.String({ description: 'The `ETag` that the client has.' })),
});

export const revalidationHeaders = Type.Object({
  'If-None-Match': Type.Optional(Type.String({ description: 'The `ETag` that the client has.' })),
});

export const lineHeaders = Type.Object({
  'Parley-Line': Type.Optional(Type.String({ description: 'The key of the line; as secret as a token.' })),
});

export const pollHeaders = Type.Object({
  'Parley-Line': Type.Optional(Type.String({ description: 'The key of the line; none opens one.' })),
  'Last-Event-ID': Type.Optional(
    header('^\\d{0,15}$', 'a number', 'The newest event that has arrived; 0 before the first.'),
  ),
});
