import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decode, encode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { decodeMessagePack, encodeMessagePack } from '../../common/core/src/main/ets/wire/MessagePack';
import type { WireValue } from '../../common/core/src/main/ets/wire/WireValue';

/** Everything that JSON can say, with numbers and lengths at the borders of the format's types. */
const BORDERS = [0, 1, 15, 16, 31, 32, 127, 128, 255, 256, 32_767, 32_768, 65_535, 65_536, 2 ** 31, 2 ** 32];
const INTEGERS = BORDERS.flatMap((n) => [n, n - 1, 0 - n, -n - 1]);
const { value: VALUES } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 8, withCrossShrink: true },
    fc.constantFrom(null, true, false),
    fc.maxSafeInteger(),
    // JSON has no -0, and neither encoder keeps it.
    fc.double({ noNaN: true }).filter((number) => !Object.is(number, -0)),
    fc.constantFrom(...INTEGERS, 2 ** 53 - 1, 1 - 2 ** 53),
    fc.string({ unit: 'grapheme' }),
    fc.array(tie('value'), { maxLength: 20 }),
    fc.dictionary(fc.string({ unit: 'grapheme', maxLength: 40 }), tie('value'), { maxKeys: 20, noNullPrototype: true }),
  ),
}));

/** The one field name that either side leaves out. */
function isPlain(value: unknown): boolean {
  return !JSON.stringify(value).includes('__proto__');
}

describe("MessagePack beside somebody else's", () => {
  test('what it writes, the other reads, and the other way round', () => {
    fc.assert(
      fc.property(VALUES.filter(isPlain), (value) => {
        const ours = encodeMessagePack(value as WireValue);
        assert.equal(ours.byteLength, ours.buffer.byteLength);
        assert.deepEqual(decode(ours), value);
        assert.deepEqual(decodeMessagePack(encode(value)), value);
        assert.deepEqual(decodeMessagePack(ours), value);
      }),
      { numRuns: 2000 },
    );
  });

  test('it writes every value as short as the other does', () => {
    const texts = [0, 31, 32, 255, 256, 65_535, 65_536].map((length) => 'x'.repeat(length));
    const arrays = [0, 15, 16, 65_535, 65_536].map((length) => Array.from({ length }, () => 1));
    const maps = [0, 15, 16, 65_535, 65_536].map((length) =>
      Object.fromEntries(Array.from({ length }, (_, index) => [`k${index}`, 1])),
    );
    [...INTEGERS, ...texts, ...arrays, ...maps, 2 ** 53 - 1, -(2 ** 53) + 1, 0.5].forEach((value) => {
      assert.deepEqual(Buffer.from(encodeMessagePack(value)), Buffer.from(encode(value)));
    });
  });

  test('it reads the wider forms too that others may choose', () => {
    const forms: [bytes: number[], value: unknown][] = [
      [[0xcc, 5], 5],
      [[0xcd, 0, 5], 5],
      [[0xce, 0, 0, 0, 5], 5],
      [[0xcf, 0, 0, 0, 0, 0, 0, 0, 5], 5],
      [[0xd0, 0xfb], -5],
      [[0xd1, 0xff, 0xfb], -5],
      [[0xd2, 0xff, 0xff, 0xff, 0xfb], -5],
      [[0xd3, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfb], -5],
      [[0xca, 0x3f, 0x80, 0, 0], 1],
      [[0xd9, 1, 0x61], 'a'],
      [[0xda, 0, 1, 0x61], 'a'],
      [[0xdb, 0, 0, 0, 1, 0x61], 'a'],
      [[0xdc, 0, 1, 5], [5]],
      [[0xdd, 0, 0, 0, 1, 5], [5]],
      [[0xde, 0, 1, 0xa1, 0x61, 5], { a: 5 }],
      [[0xdf, 0, 0, 0, 1, 0xa1, 0x61, 5], { a: 5 }],
    ];
    forms.forEach(([bytes, value]) => assert.deepEqual(decodeMessagePack(Uint8Array.from(bytes)), value));
  });

  test('reads from the middle of a larger buffer', () => {
    const bytes = Uint8Array.from([0xff, 0xff, 0x92, 0xa1, 0x61, 0xcd, 1, 0, 0xff]);
    assert.deepEqual(decodeMessagePack(bytes.subarray(2, 8)), ['a', 256]);
  });

  test('an integer beyond 2^53 is no integer any more, in either direction', () => {
    [2n ** 53n, 2n ** 64n - 1n, -(2n ** 53n), -(2n ** 63n)].forEach((integer) => {
      const value = decodeMessagePack(encode(integer, { useBigInt64: true }));
      assert.equal(typeof value === 'number' && !Number.isSafeInteger(value), true, String(integer));
    });
  });

  test('of two fields with one name the later counts, and none reaches the prototype', () => {
    assert.deepEqual(decodeMessagePack(Uint8Array.from([0x82, 0xa1, 0x61, 1, 0xa1, 0x61, 2])), { a: 2 });
    const value = decodeMessagePack(Uint8Array.from([0x81, 0xa9, ...Buffer.from('__proto__'), 0x81, 0xa1, 0x61, 1]));
    assert.deepEqual(Object.getPrototypeOf(value), Object.prototype);
    assert.deepEqual(value, {});
  });

  test('a lone surrogate goes out as U+FFFD', () => {
    ['\ud800', 'a\udc00b', '\ud800\ud800'].forEach((text) => {
      assert.equal(decodeMessagePack(encodeMessagePack(text)), Buffer.from(text).toString());
    });
  });

  test('16 levels are written and read, 17 are not', () => {
    const nested = (levels: number): WireValue => (levels === 0 ? 1 : [nested(levels - 1)]);
    assert.deepEqual(decodeMessagePack(encodeMessagePack(nested(16))), nested(16));
    assert.throws(() => encodeMessagePack(nested(17)), { code: 'bad_frame' });
    assert.throws(() => decodeMessagePack(encode(nested(17))), { code: 'bad_frame' });
  });
});
