import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decode } from '@msgpack/msgpack';
import { decodeClientFrames, encodeClientFrames } from '../../common/core/src/main/ets/wire/ClientFrames';
import { CloseCode, ErrorCode } from '../../common/core/src/main/ets/wire/Codes';
import { type ClientFrame, FrameType } from '../../common/core/src/main/ets/wire/Frames';
import * as bodies from '../../common/core/src/main/ets/wire/HttpBodies';
import {
  decodeLineEnd,
  decodeLineOpened,
  encodeLineEnd,
  encodeLineOpened,
} from '../../common/core/src/main/ets/wire/LineEvents';
import { decodeServerFrames, encodeServerFrames } from '../../common/core/src/main/ets/wire/ServerFrames';
import { EXAMPLES, PROTOCOL_PAGE } from './support/protocol-page';

const HTTP_DECODERS: Record<string, (text: string) => unknown> = {
  Credentials: bodies.decodeCredentials,
  RefreshRequest: bodies.decodeRefreshRequest,
  SessionTokens: bodies.decodeSessionTokens,
  SessionList: bodies.decodeSessionList,
  CreateRoomRequest: bodies.decodeCreateRoomRequest,
  RoomDirectory: bodies.decodeRoomDirectory,
  RoomAnswer: bodies.decodeRoomAnswer,
  HistoryPage: bodies.decodeHistoryPage,
  FileAnswer: bodies.decodeFileAnswer,
  SearchPage: bodies.decodeSearchPage,
  ErrorAnswer: (text) => ({ error: bodies.decodeErrorAnswer(text) }),
};

const CLIENT_TYPES = [
  FrameType.Hello,
  FrameType.AuthRenew,
  FrameType.Ping,
  FrameType.MessageSend,
  FrameType.LogResume,
  FrameType.TypingSet,
  FrameType.PresenceSet,
];

function clientFrames(data: string | Uint8Array): ClientFrame[] {
  return decodeClientFrames(data).map(({ frame, error }) => {
    if (frame === null) {
      throw error ?? new Error('expected a frame or an error, got neither');
    }
    return frame;
  });
}

/** What somebody else's decoder reads in it. */
function valueOf(message: string | Uint8Array): unknown {
  return typeof message === 'string' ? JSON.parse(message) : decode(message);
}

function typesOf(kind: string): string[] {
  return EXAMPLES.filter((example) => example.kind === kind).map(
    (example) => (JSON.parse(example.text) as { type: string }).type,
  );
}

describe('the examples of PROTOCOL.md', () => {
  EXAMPLES.forEach(({ kind, text }, index) => {
    test(`example ${index + 1} (${kind}) is what the code reads and prints`, () => {
      const expected: unknown = JSON.parse(text);
      if (kind.startsWith('client')) {
        [false, true].forEach((isBinary) => {
          const printed = encodeClientFrames(clientFrames(text), isBinary);
          assert.deepEqual(clientFrames(printed), [expected].flat());
          assert.deepEqual(valueOf(printed), expected);
        });
      } else if (kind.startsWith('server')) {
        [false, true].forEach((isBinary) => {
          const printed = encodeServerFrames(decodeServerFrames(text), isBinary);
          assert.deepEqual(decodeServerFrames(printed), [expected].flat());
          assert.deepEqual(valueOf(printed), expected);
        });
      } else if (kind === 'line open') {
        assert.equal(encodeLineOpened(decodeLineOpened(text)), text);
      } else if (kind === 'line close') {
        assert.equal(encodeLineEnd(decodeLineEnd(text)), text);
      } else {
        const decodeBody = HTTP_DECODERS[kind.replace('http ', '')];
        assert.ok(decodeBody, `expected a known kind of example, got "${kind}"`);
        assert.deepEqual(decodeBody(text), expected);
      }
    });
  });

  test('every client frame has one', () => {
    assert.deepEqual(
      CLIENT_TYPES.filter((type) => !typesOf('client').includes(type)),
      [],
    );
  });

  test('every server frame has one', () => {
    const types = Object.values(FrameType).filter((type) => !CLIENT_TYPES.includes(type));
    assert.deepEqual(
      types.filter((type) => !typesOf('server').includes(type)),
      [],
    );
  });

  test('every HTTP body has one', () => {
    const names = EXAMPLES.filter((example) => example.kind.startsWith('http ')).map((e) => e.kind.slice(5));
    assert.deepEqual(
      Object.keys(HTTP_DECODERS).filter((name) => !names.includes(name)),
      [],
    );
  });
});

function firstColumnOf(heading: string): string[] {
  const section = PROTOCOL_PAGE.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return [...section.matchAll(/^\| `?([a-z_0-9]+)`? \|/gm)]
    .map((row) => row[1] ?? '')
    .filter((word) => word !== 'code');
}

describe('the tables of PROTOCOL.md', () => {
  test('name every error code and no other', () => {
    assert.deepEqual(firstColumnOf('Error codes').sort(), Object.values(ErrorCode).sort());
  });

  test('name every close code and no other', () => {
    const codes = Object.values(CloseCode)
      .filter((code) => typeof code === 'number')
      .map(String);
    assert.deepEqual(firstColumnOf('Close codes').sort(), codes.sort());
  });
});
