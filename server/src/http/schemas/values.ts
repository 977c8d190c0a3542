import { type SchemaOptions, type Static, type TSchema, type TUnsafe, Type } from '@sinclair/typebox';
import { MAX_ID_LENGTH } from '../../../../common/core/src/main/ets/wire/Limits';

/**
 * Lengths of texts are counted in UTF-16 units everywhere in the protocol, in JSON Schema in code points. So `minLength` and
 * `maxLength` in the document are what follows for code points, and this keyword says, and checks, the exact rule.
 */
export const UNITS_KEYWORD = 'x-utf16-length';
/** What a value that breaks the schema should have been, in the words of an error's `expected` and `actual`. */
export const EXPECTED_KEYWORD = 'x-expected';
export const ACTUAL_KEYWORD = 'x-actual';

/** Neither NUL nor half of a surrogate pair. */
const STORABLE = '^[^\\u0000\\uD800-\\uDFFF]*$';
const ID = '^[A-Za-z0-9_-]*$';
/** Not only white space. */
const SAID = '^[^\\u0000\\uD800-\\uDFFF]*[^\\s\\u0000\\uD800-\\uDFFF][^\\u0000\\uD800-\\uDFFF]*$';

export interface TextRule extends SchemaOptions {
  readonly min: number;
  readonly max: number;
  /** As in ECMA-262 with the `u` flag. Without it: any text that is well-formed and has no NUL. */
  readonly pattern?: string;
  readonly expected?: string;
  readonly actual?: string;
}

export function text(rule: TextRule): TUnsafe<string> {
  const { min, max, pattern, expected, actual, ...others } = rule;
  return Type.Unsafe<string>({
    type: 'string',
    minLength: Math.ceil(min / 2),
    maxLength: max,
    pattern: pattern ?? STORABLE,
    [UNITS_KEYWORD]: [min, max],
    [EXPECTED_KEYWORD]: expected ?? 'well-formed text without NUL',
    [ACTUAL_KEYWORD]: actual ?? 'a NUL or a lone surrogate',
    ...others,
  });
}

/** Text for people. */
export function said(max: number, description: string): TUnsafe<string> {
  return text({ min: 1, max, pattern: SAID, expected: 'text', actual: 'other text', description });
}

export function id(description: string, min = 1): TUnsafe<string> {
  return text({
    min,
    max: MAX_ID_LENGTH,
    pattern: ID,
    expected: 'only A-Z a-z 0-9 _ -',
    actual: 'another character',
    description,
  });
}

export function integer(min: number, description: string): TUnsafe<number> {
  return Type.Unsafe<number>({ type: 'integer', minimum: min, maximum: Number.MAX_SAFE_INTEGER, description });
}

export function word<T extends string>(words: readonly T[], description: string): TUnsafe<T> {
  return Type.Unsafe<T>({ type: 'string', enum: [...words], description });
}

/** A schema that is added to the server by its `$id`, and named there in the document. */
export function refTo<S extends TSchema>(schema: S): TUnsafe<Static<S>> {
  if (schema.$id === undefined) {
    throw new Error('a reference to a schema: expected one with an $id, got one without');
  }
  return Type.Unsafe<Static<S>>({ $ref: `${schema.$id}#` });
}

export function orNull<S extends TSchema>(schema: S): TUnsafe<Static<S> | null> {
  return Type.Unsafe<Static<S> | null>({ anyOf: [schema, { type: 'null' }] });
}

export function listOf<S extends TSchema>(items: S, maxItems: number, description: string): TUnsafe<Static<S>[]> {
  return Type.Unsafe<Static<S>[]>({ type: 'array', items, maxItems, description });
}
