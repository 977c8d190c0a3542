import type relationalStore from '@ohos.data.relationalStore';
import { HostError } from '../../runtime/core/errors.js';
import { KitError, parameterError } from './business-error.js';
import type { SqlValue } from './sqlite.js';

type ValueType = relationalStore.ValueType;

export const CORRUPTED = 14800011;
export const ROW_OUT_OF_BOUNDS = 14800012;
export const COLUMN_OUT_OF_BOUNDS = 14800013;
export const CLOSED = 14800014;
export const NOT_A_QUERY = 14800019;
const GENERIC = 14800021;

/** SQLite's texts, in the order of asking. The kit's numbers are those of its reference. */
const CODES: readonly (readonly [RegExp, number])[] = [
  [/malformed|not a database/i, CORRUPTED],
  [/constraint failed/i, 14800032],
  [/disk is full/i, 14800029],
  [/too big/i, 14800031],
  [/datatype mismatch/i, 14800033],
  [/readonly/i, 14800027],
];

/** What SQLite threw, as the kit reports it. Errors of the kit itself pass. */
export function sqlError(error: unknown): Error {
  if (error instanceof KitError || error instanceof HostError) {
    return error;
  }
  const text = error instanceof Error ? error.message : String(error);
  return new KitError(CODES.find(([pattern]) => pattern.test(text))?.[1] ?? GENERIC, `SQLite: ${text}`);
}

/** A boolean is stored as 1 or 0, as SQLite knows no other. */
export function toSql(value: ValueType | undefined): SqlValue {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
      return value;
    case 'boolean':
      return value ? 1 : 0;
    case 'undefined':
      throw parameterError('value', 'a ValueType', value);
    default:
      if (value === null || value instanceof Uint8Array) {
        return value;
      }
      throw new HostError(`relationalStore: a value of type ${kindOf(value)} is not implemented by the host`);
  }
}

function kindOf(value: object | bigint): string {
  return typeof value === 'bigint' ? 'bigint' : value.constructor.name;
}
