import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { decodeClientFrame, encodeClientFrame } from '../../common/core/src/main/ets/wire/ClientFrames';
import { CloseCode, ErrorCode } from '../../common/core/src/main/ets/wire/Codes';
import { FrameType } from '../../common/core/src/main/ets/wire/Frames';
import * as bodies from '../../common/core/src/main/ets/wire/HttpBodies';
import { decodeServerFrame, encodeServerFrame } from '../../common/core/src/main/ets/wire/ServerFrames';

const PAGE = readFileSync(new URL('../../docs/PROTOCOL.md', import.meta.url), 'utf8');

interface Example {
  /** The words after `json`: `client`, `server` or `http NAME`. */
  readonly kind: string;
  readonly text: string;
}

const EXAMPLES: Example[] = [...PAGE.matchAll(/^```json ([^\n]+)\n([\s\S]*?)^```$/gm)].map(
  ([, kind = '', text = '']) => ({ kind: kind.trim(), text: text.trim() }),
);

const HTTP_DECODERS: Record<string, (text: string) => unknown> = {
  Credentials: bodies.decodeCredentials,
  RefreshRequest: bodies.decodeRefreshRequest,
  SessionTokens: bodies.decodeSessionTokens,
  CreateRoomRequest: bodies.decodeCreateRoomRequest,
  RoomDirectory: bodies.decodeRoomDirectory,
  RoomAnswer: bodies.decodeRoomAnswer,
  HistoryPage: bodies.decodeHistoryPage,
  ErrorAnswer: (text) => ({ error: bodies.decodeErrorAnswer(text) }),
};

const CLIENT_TYPES = [
  FrameType.Hello,
  FrameType.Ping,
  FrameType.MessageSend,
  FrameType.LogResume,
  FrameType.TypingSet,
  FrameType.PresenceSet,
];

function typesOf(kind: string): string[] {
  return EXAMPLES.filter((example) => example.kind === kind).map(
    (example) => (JSON.parse(example.text) as { type: string }).type,
  );
}

describe('the examples of PROTOCOL.md', () => {
  EXAMPLES.forEach(({ kind, text }, index) => {
    test(`example ${index + 1} (${kind}) is what the code reads and prints`, () => {
      const expected: unknown = JSON.parse(text);
      if (kind === 'client') {
        assert.deepEqual(JSON.parse(encodeClientFrame(decodeClientFrame(text))), expected);
      } else if (kind === 'server') {
        assert.deepEqual(JSON.parse(encodeServerFrame(decodeServerFrame(text))), expected);
      } else {
        const decode = HTTP_DECODERS[kind.replace('http ', '')];
        assert.ok(decode, `expected a known kind of example, got "${kind}"`);
        assert.deepEqual(decode(text), expected);
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
  const section = PAGE.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
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
