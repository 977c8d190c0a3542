import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { decodeClientFrames } from '../../../common/core/src/main/ets/wire/ClientFrames';
import { encodeMessagePack } from '../../../common/core/src/main/ets/wire/MessagePack';
import { ErrorCode } from '../../../common/core/src/main/ets/wire/Codes';
import { ProtocolError } from '../../../common/core/src/main/ets/wire/ProtocolError';
import { decodeServerFrames } from '../../../common/core/src/main/ets/wire/ServerFrames';
import type { WireValue } from '../../../common/core/src/main/ets/wire/WireValue';
import { Dice, mutateBytes, mutateValue } from '../support/mutations';
import { EXAMPLES } from '../support/protocol-page';

/** FUZZ_SEED repeats a run, FUZZ_COUNT makes it longer. */
const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
const COUNT = Number(process.env.FUZZ_COUNT ?? 100_000);
const WARM_UP = 10_000;
const MAX_GROWTH_BYTES = 16 * 1024 * 1024;
const CODES = new Set<string>([ErrorCode.BadFrame, ErrorCode.BadField, ErrorCode.UnknownType, ErrorCode.TooLarge]);

const VALUES = EXAMPLES.filter(({ kind }) => /^(client|server)/.test(kind)).map(
  ({ text }) => JSON.parse(text) as WireValue,
);

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What the other side may send in its worst moments: broken values in both encodings, broken bytes, noise. */
function nextMessage(dice: Dice): string | Uint8Array {
  const value = dice.pick(VALUES);
  switch (dice.below(6)) {
    case 0:
      return JSON.stringify(mutateValue(dice, value)) ?? '';
    case 1:
      return encodeMessagePack(mutateValue(dice, value) as WireValue);
    case 2:
      return Buffer.from(mutateBytes(dice, Buffer.from(JSON.stringify(value)))).toString('latin1');
    case 3:
      return mutateBytes(dice, encodeMessagePack(value));
    case 4:
      return Buffer.from(dice.bytes(dice.below(64))).toString('latin1');
    default:
      return dice.bytes(dice.below(64));
  }
}

function describeMessage(message: string | Uint8Array): string {
  return typeof message === 'string' ? JSON.stringify(message) : `0x${Buffer.from(message).toString('hex')}`;
}

function checkError(error: unknown): void {
  assert.ok(error instanceof ProtocolError, `expected a ProtocolError, got ${String(error)}`);
  assert.ok(CODES.has(error.code), `expected a code about input, got ${error.code}`);
  assert.ok(error.message.length < 300, `a complaint of ${error.message.length} characters`);
}

const DECODERS: [whose: string, decode: (message: string | Uint8Array) => void][] = [
  [
    "the client's",
    (message) => {
      try {
        decodeServerFrames(message);
      } catch (error) {
        checkError(error);
      }
    },
  ],
  [
    "the server's",
    (message) => {
      const results = decodeClientFrames(message);
      assert.ok(results.length >= 1 && results.length <= 64, `${results.length} results`);
      results.forEach(({ frame, id, error }) => {
        assert.equal(frame === null, error !== null);
        assert.ok(Number.isSafeInteger(id) && id >= 0, `re ${id}`);
        if (error !== null) {
          checkError(error);
        }
      });
    },
  ],
];

describe(`${COUNT} malformed messages, FUZZ_SEED=${SEED}`, () => {
  DECODERS.forEach(([whose, decode]) => {
    test(`${whose} decoder answers each with frames or a ProtocolError, and keeps nothing`, (t) => {
      t.diagnostic(`FUZZ_SEED=${SEED}`);
      const dice = new Dice(SEED);
      let heapAfterWarmUp = 0;
      for (let i = 0; i < COUNT; i++) {
        const message = nextMessage(dice);
        try {
          decode(message);
        } catch (error) {
          const what = describeMessage(message).slice(0, 2000);
          throw new Error(`FUZZ_SEED=${SEED}, message ${i}: ${what}`, { cause: error });
        }
        if (i === WARM_UP) {
          collectGarbage();
          heapAfterWarmUp = process.memoryUsage().heapUsed;
        }
      }
      collectGarbage();
      const growth = process.memoryUsage().heapUsed - heapAfterWarmUp;
      assert.ok(growth < MAX_GROWTH_BYTES, `the heap grew by ${growth} bytes`);
      assert.equal(({} as { type?: string }).type, undefined, 'the prototype of all objects was changed');
    });
  });
});

describe('messages that promise more than they hold', () => {
  const heads: [what: string, bytes: number[]][] = [
    ['an array of 2^32 - 1', [0xdd, 0xff, 0xff, 0xff, 0xff]],
    ['a map of 2^32 - 1', [0xdf, 0xff, 0xff, 0xff, 0xff]],
    ['a text of 2^32 - 1', [0xdb, 0xff, 0xff, 0xff, 0xff]],
    ['17 arrays in each other', [...Array.from({ length: 17 }, () => 0x91), 0xc0]],
    ['60,000 arrays in each other', Array.from({ length: 60_000 }, () => 0x91)],
    ['60,000 maps in each other', Array.from({ length: 30_000 }, () => [0x81, 0xa0]).flat()],
    ['binary', [0xc4, 1, 0]],
    ['an extension', [0xd4, 1, 0]],
    ['a time stamp', [0xd6, 0xff, 0, 0, 0, 0]],
    ['a number as a key', [0x81, 1, 1]],
    ['a map as a key', [0x81, 0x80, 1]],
    ['two values', [0xc0, 0xc0]],
    ['nothing', []],
    ['text that is not UTF-8', [0xa2, 0xc3, 0x28]],
    ['an overlong form', [0xa2, 0xc0, 0xaf]],
    ['half a surrogate pair', [0xa3, 0xed, 0xa0, 0x80]],
  ];
  heads.forEach(([what, bytes]) => {
    test(`${what}: refused as bad_frame by both sides`, () => {
      const message = Uint8Array.from(bytes);
      assert.equal(decodeClientFrames(message)[0]?.error?.code, 'bad_frame');
      assert.throws(() => decodeServerFrames(message), { name: 'ProtocolError', code: 'bad_frame' });
    });
  });
});
