import { type ErrorObject, Ajv } from 'ajv';
import type { FastifySchemaCompiler } from 'fastify';
import { ErrorCode } from '../../../../common/core/src/main/ets/wire/Codes';
import { ProtocolError } from '../../../../common/core/src/main/ets/wire/ProtocolError';
import { createRoomRequest, credentials, refreshRequest } from './bodies';
import { ACTUAL_KEYWORD, EXPECTED_KEYWORD, UNITS_KEYWORD } from './values';

type Values = Readonly<Record<string, unknown>>;
type Properties = Readonly<Record<string, Values>>;

/** Of an object, or a reference to one. */
interface Whole {
  readonly type?: string;
  readonly $ref?: string;
  readonly properties?: Properties;
  readonly required?: readonly string[];
}

export const BODY_SCHEMAS = [credentials, refreshRequest, createRoomRequest];

/** The keywords of this project, known to `ajv`: the one that checks, and those that only describe. */
export function teachKeywords(ajv: Ajv): Ajv {
  ajv.addKeyword({
    keyword: UNITS_KEYWORD,
    type: 'string',
    schemaType: 'array',
    validate: ([min, max]: [number, number], text: string) => text.length >= min && text.length <= max,
    errors: false,
  });
  return ajv.addVocabulary([EXPECTED_KEYWORD, ACTUAL_KEYWORD]);
}

function newAjv(): Ajv {
  // Every error at once: the one that is told is that of the first field, as wire's decoders tell it. The schemas of
  // requests have a handful of fields and no lists, so "every" is few.
  const ajv = new Ajv({ strict: true, allErrors: true, verbose: true, useDefaults: true, ownProperties: true });
  return teachKeywords(ajv).addSchema(BODY_SCHEMAS);
}

function describe(value: unknown): string {
  if (value === null || value === undefined) {
    return value === null ? 'null' : 'nothing';
  }
  if (Array.isArray(value)) {
    return 'an array';
  }
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'a string',
  object: 'an object',
  integer: 'a number',
};

/** Whose fault it is: the field's name at the top level, empty for the whole. Requests have no deeper ones. */
function fieldOf(error: ErrorObject): string {
  const { missingProperty } = error.params as { readonly missingProperty?: string };
  return missingProperty ?? error.instancePath.split('/')[1] ?? '';
}

/** The type first, then the length, then what is in it: the order in which wire looks at a text. */
const KEYWORD_ORDER = ['type', 'required', UNITS_KEYWORD, 'minLength', 'maxLength'];

function rankOf(error: ErrorObject): number {
  const rank = KEYWORD_ORDER.indexOf(error.keyword);
  return rank < 0 ? KEYWORD_ORDER.length : rank;
}

function worstOf(errors: readonly ErrorObject[], names: readonly string[]): ErrorObject | undefined {
  const placeOf = (error: ErrorObject): number => names.indexOf(fieldOf(error)) * 100 + rankOf(error);
  return [...errors].sort((a, b) => placeOf(a) - placeOf(b))[0];
}

/** What was wrong, in the words of docs/PROTOCOL.md, "Errors". `values` is never told, only its type or length. */
function complaintOf(errors: readonly ErrorObject[], properties: Properties, isText: boolean): ProtocolError {
  const error = worstOf(errors, Object.keys(properties));
  const field = error === undefined ? '' : fieldOf(error);
  const rules = properties[field] ?? {};
  const name = String(rules.title ?? field);
  if (error === undefined || field === '') {
    return new ProtocolError(ErrorCode.BadFrame, '', 'an object', describe(error?.data));
  }
  if (isText && Array.isArray(error.data)) {
    return new ProtocolError(ErrorCode.BadField, name, 'one value', 'several');
  }
  const told = { expected: String(rules[EXPECTED_KEYWORD] ?? ''), actual: String(rules[ACTUAL_KEYWORD] ?? '') };
  if (!isText && (error.keyword === 'type' || error.keyword === 'required')) {
    const actual = error.keyword === 'required' ? 'nothing' : describe(error.data);
    return new ProtocolError(ErrorCode.BadField, name, TYPE_NAMES[String(rules.type)] ?? 'another type', actual);
  }
  const units = rules[UNITS_KEYWORD] as readonly [number, number] | undefined;
  if (!isText && units !== undefined && rankOf(error) < KEYWORD_ORDER.length) {
    const expected = `${units[0]} to ${units[1]} characters`;
    return new ProtocolError(ErrorCode.BadField, name, expected, String(String(error.data).length));
  }
  return new ProtocolError(ErrorCode.BadField, name, told.expected, told.actual);
}

/** A query is all text: digits where a number is wanted are one; an empty value counts as an absent one. */
function readQuery(query: Values, properties: Properties): Values {
  const given = Object.entries(query).filter(([name, value]) => value !== '' && Object.hasOwn(properties, name));
  return Object.fromEntries(
    given.map(([name, value]) => {
      const isNumber = properties[name]?.type === 'integer' && typeof value === 'string' && /^\d{1,16}$/.test(value);
      return [name, isNumber ? Number(value) : value];
    }),
  );
}

/** Names of headers come in lower case; a complaint has them as they are written in the schema. */
function lowerCased(schema: Whole): Whole {
  const { properties = {}, required = [] } = schema;
  const titled = Object.entries(properties).map(([name, rules]) => [name.toLowerCase(), { ...rules, title: name }]);
  const names = required.map((name) => name.toLowerCase());
  return { type: 'object', properties: Object.fromEntries(titled) as Properties, required: names };
}

/**
 * What the schemas of the routes let in: for each part of a request one function that gives the value to use (with defaults,
 * and numbers where a query has digits) or a `ProtocolError` that names field, expected and actual.
 */
export function createSchemaGate(): FastifySchemaCompiler<unknown> {
  const ajv = newAjv();
  const headers = new WeakMap<object, Whole>();
  const headersOf = (schema: Whole): Whole => {
    const own = headers.get(schema) ?? lowerCased(schema);
    headers.set(schema, own);
    return own;
  };
  return ({ schema, httpPart }) => {
    const own = httpPart === 'headers' ? headersOf(schema as Whole) : (schema as Whole);
    const validate = ajv.compile(own);
    const whole = own.$ref === undefined ? own : (ajv.getSchema(own.$ref)?.schema as Whole | undefined);
    const properties = whole?.properties ?? {};
    return (data: unknown) => {
      const value = httpPart === 'querystring' ? readQuery(data as Values, properties) : data;
      return validate(value)
        ? { value }
        : { error: complaintOf(validate.errors ?? [], properties, httpPart !== 'body') };
    };
  };
}
