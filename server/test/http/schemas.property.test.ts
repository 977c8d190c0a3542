import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { TSchema } from '@sinclair/typebox';
import { Ajv } from 'ajv';
import * as Bodies from '../../../common/core/src/main/ets/wire/HttpBodies';
import { ProtocolError } from '../../../common/core/src/main/ets/wire/ProtocolError';
import * as answers from '../../src/http/schemas/answers';
import { createRoomRequest, credentials, refreshRequest } from '../../src/http/schemas/bodies';
import { createSchemaGate, teachKeywords } from '../../src/http/schemas/schema-gate';
import { EXAMPLES } from '../support/protocol-page';

const SEED = Date.now() % 2 ** 31;
const RUNS = { seed: SEED, numRuns: 3000 };

interface Gates {
  readonly name: string;
  readonly schema: TSchema;
  readonly decode: (text: string) => unknown;
  readonly fields: readonly string[];
}

const REQUESTS: readonly Gates[] = [
  { name: 'Credentials', schema: credentials, decode: Bodies.decodeCredentials, fields: ['userName', 'password'] },
  { name: 'RefreshRequest', schema: refreshRequest, decode: Bodies.decodeRefreshRequest, fields: ['refreshToken'] },
  { name: 'CreateRoomRequest', schema: createRoomRequest, decode: Bodies.decodeCreateRoomRequest, fields: ['name'] },
];

/** Texts around every limit, of every width, with what stores and people do not want in them. */
const ODD_TEXT = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 140 }),
  fc.string({ unit: 'grapheme', maxLength: 70 }),
  fc.string({ unit: fc.constantFrom(' ', '\t', '\u00a0', '\ufeff', '\u200b', 'x'), maxLength: 3 }),
  fc
    .tuple(fc.constantFrom('x', '𝒜', 'é', '\ud800', '\u0000', ' '), fc.constantFrom(0, 1, 2, 7, 8, 31, 32, 33, 64, 65))
    .map(([unit, times]) => unit.repeat(times)),
  fc.constantFrom('Ann', '__proto__', 'x'.repeat(128), 'x'.repeat(129), 'x'.repeat(4096), 'x'.repeat(4097), "' OR 1=1"),
);
const ODD_VALUE = fc.oneof({ weight: 6, arbitrary: ODD_TEXT }, { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) });
const LIKELY_VALUE = fc.oneof(fc.stringMatching(/^[A-Za-z0-9._-]{8,20}$/), ODD_VALUE);

function bodyOf(fields: readonly string[]): fc.Arbitrary<string> {
  const keys = [...fields, '__proto__', 'constructor', 'other'];
  const entries = fc.array(fc.tuple(fc.constantFrom(...keys), ODD_VALUE), { maxLength: 5 });
  const object = entries.map((pairs) => {
    // Written by hand, so that `__proto__` is a key of the text.
    return `{${pairs.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`;
  });
  const likely = fc.record(Object.fromEntries(fields.map((field) => [field, LIKELY_VALUE])));
  return fc.oneof(
    { weight: 6, arbitrary: object },
    { weight: 6, arbitrary: likely.map((value) => JSON.stringify(value)) },
    { weight: 1, arbitrary: fc.json({ maxDepth: 2 }) },
  );
}

function outcomeOf(run: () => unknown): string {
  try {
    run();
    return 'taken';
  } catch (error) {
    assert.ok(error instanceof ProtocolError, String(error));
    return `${error.code} ${error.field}`;
  }
}

const compile = createSchemaGate();

describe(`the schemas of the HTTP API (seed ${SEED})`, () => {
  REQUESTS.forEach(({ name, schema, decode, fields }) => {
    test(`take and refuse the same ${name} as wire does, for the same field`, () => {
      const gate = compile({ schema: { $ref: `${schema.$id}#` }, method: 'POST', url: '/', httpPart: 'body' });
      const seen = { taken: 0, refused: 0 };
      const property = fc.property(bodyOf(fields), (text) => {
        const byWire = outcomeOf(() => decode(text));
        const bySchema = outcomeOf(() => {
          const { error } = gate(JSON.parse(text)) as { readonly error?: Error };
          if (error !== undefined) {
            throw error;
          }
        });
        seen[byWire === 'taken' ? 'taken' : 'refused']++;
        assert.equal(bySchema, byWire, text);
      });
      fc.assert(property, RUNS);
      assert.ok(seen.taken > 100 && seen.refused > 200, JSON.stringify(seen));
    });
  });

  test('complain in the words of wire about one wrong field', () => {
    const gate = compile({ schema: { $ref: 'Credentials#' }, method: 'POST', url: '/', httpPart: 'body' });
    const password = 'long enough';
    [undefined, 7, null, [], {}, 'A', 'A'.repeat(33), 'An n'].forEach((userName) => {
      const { error } = gate({ userName, password }) as { readonly error: ProtocolError };
      const wanted = ((): unknown => {
        try {
          return Bodies.decodeCredentials(JSON.stringify({ userName, password }));
        } catch (thrown) {
          return thrown;
        }
      })();
      assert.ok(wanted instanceof ProtocolError);
      assert.deepEqual([error.field, error.expected, error.actual], [wanted.field, wanted.expected, wanted.actual]);
    });
  });

  const DECODERS: readonly [schema: TSchema, decode: (text: string) => unknown][] = [
    [answers.sessionTokens, Bodies.decodeSessionTokens],
    [answers.roomDirectory, Bodies.decodeRoomDirectory],
    [answers.roomAnswer, Bodies.decodeRoomAnswer],
    [answers.historyPage, Bodies.decodeHistoryPage],
    [answers.fileAnswer, Bodies.decodeFileAnswer],
    [answers.errorAnswer, Bodies.decodeErrorAnswer],
  ];
  const ajv = teachKeywords(new Ajv({ strict: true })).addSchema([...answers.ANSWER_SCHEMAS]);

  DECODERS.forEach(([schema, decode]) => {
    test(`let no ${schema.$id} out that a client would refuse`, () => {
      const examples = EXAMPLES.filter((example) => example.kind === `http ${schema.$id}`);
      assert.ok(examples.length > 0);
      const changed = fc.tuple(
        fc.constantFrom(...examples.map((example) => example.text)),
        fc.nat({ max: 40 }),
        fc.oneof(ODD_VALUE, fc.constantFrom(-1, 0, 1.5, 2 ** 53, true, null)),
      );
      let accepted = 0;
      const property = fc.property(changed, ([text, at, value]) => {
        let place = 0;
        const mutated = JSON.parse(text, (_key, old: unknown) =>
          (typeof old !== 'object' || old === null) && place++ === at ? value : old,
        ) as unknown;
        if (ajv.validate(`${schema.$id}#`, mutated)) {
          accepted++;
          decode(JSON.stringify(mutated));
        }
      });
      fc.assert(property, RUNS);
      assert.ok(accepted > 100, `only ${accepted} were accepted`);
    });
  });
});
