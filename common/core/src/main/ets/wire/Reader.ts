/** Reads untrusted JSON field by field. Internal to `wire`: nothing outside parses wire text. */
import { ErrorCode } from './Codes';
import { ProtocolError } from './ProtocolError';

type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject | undefined;
interface JsonObject { [key: string]: JsonValue; }

const ID_PATTERN: RegExp = /^[A-Za-z0-9_-]+$/;

function describe(value: JsonValue): string {
  if (value === null) {
    return 'null';
  }
  if (value === undefined) {
    return 'nothing';
  }
  if (Array.isArray(value)) {
    return 'an array';
  }
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** False for text with a lone surrogate or a NUL: it would not come back from a store as it went in. */
export function isStorableText(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 0 || (unit >= 0xDC00 && unit <= 0xDFFF)) {
      return false;
    }
    if (unit >= 0xD800 && unit <= 0xDBFF) {
      const next = i + 1 < text.length ? text.charCodeAt(i + 1) : 0;
      if (next < 0xDC00 || next > 0xDFFF) {
        return false;
      }
      i++;
    }
  }
  return true;
}

export class Reader {
  private readonly source: JsonObject;
  private readonly path: string;

  private constructor(source: JsonObject, path: string) {
    this.source = source;
    this.path = path;
  }

  /** The object that `text` holds. Throws `bad_frame` where it is not JSON or not an object. */
  public static parse(text: string): Reader {
    let value: JsonValue;
    try {
      value = JSON.parse(text) as JsonValue;
    } catch {
      throw new ProtocolError(ErrorCode.BadFrame, '', 'a JSON object', 'text that is not JSON');
    }
    return Reader.of(value, '', ErrorCode.BadFrame);
  }

  private static of(value: JsonValue, path: string, code: ErrorCode): Reader {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new ProtocolError(code, path, 'a JSON object', describe(value));
    }
    return new Reader(value, path);
  }

  private at(field: string): string {
    return this.path === '' ? field : `${this.path}.${field}`;
  }

  /** Own fields only, so that `constructor` or `__proto__` is never read from the prototype. */
  private value(field: string): JsonValue {
    return Object.prototype.hasOwnProperty.call(this.source, field) ? this.source[field] : undefined;
  }

  public fail(field: string, expected: string, actual: string): ProtocolError {
    return new ProtocolError(ErrorCode.BadField, this.at(field), expected, actual);
  }

  public object(field: string): Reader {
    return Reader.of(this.value(field), this.at(field), ErrorCode.BadField);
  }

  /** An object, or null where the field is null. */
  public objectOrNull(field: string): Reader | null {
    return this.value(field) === null ? null : this.object(field);
  }

  public array(field: string, maxLength: number): Reader[] {
    const value = this.value(field);
    if (!Array.isArray(value)) {
      throw this.fail(field, 'an array', describe(value));
    }
    if (value.length > maxLength) {
      throw this.fail(field, `at most ${maxLength} entries`, `${value.length}`);
    }
    return value.map((item: JsonValue, index: number) =>
      Reader.of(item, `${this.at(field)}[${index}]`, ErrorCode.BadField));
  }

  /** Length in UTF-16 code units. */
  public string(field: string, minLength: number, maxLength: number): string {
    const value = this.value(field);
    if (typeof value !== 'string') {
      throw this.fail(field, 'a string', describe(value));
    }
    if (value.length < minLength || value.length > maxLength) {
      throw this.fail(field, `${minLength} to ${maxLength} characters`, `${value.length}`);
    }
    if (!isStorableText(value)) {
      throw this.fail(field, 'well-formed text without NUL', 'a NUL or a lone surrogate');
    }
    return value;
  }

  /** Text for people: not only white space. */
  public text(field: string, maxLength: number): string {
    const value = this.string(field, 1, maxLength);
    if (value.trim() === '') {
      throw this.fail(field, 'text', 'only white space');
    }
    return value;
  }

  public id(field: string, minLength: number, maxLength: number): string {
    const value = this.string(field, minLength, maxLength);
    if (!ID_PATTERN.test(value)) {
      throw this.fail(field, 'only A-Z a-z 0-9 _ -', 'another character');
    }
    return value;
  }

  public integer(field: string, min: number): number {
    const value = this.value(field);
    if (typeof value !== 'number') {
      throw this.fail(field, 'a number', describe(value));
    }
    if (!Number.isSafeInteger(value) || value < min) {
      throw this.fail(field, `an integer of at least ${min}`, `${value}`);
    }
    return value;
  }

  public integerOr(field: string, min: number, fallback: number): number {
    return this.value(field) === undefined ? fallback : this.integer(field, min);
  }

  public boolean(field: string): boolean {
    const value = this.value(field);
    if (typeof value !== 'boolean') {
      throw this.fail(field, 'true or false', describe(value));
    }
    return value;
  }

  public oneOf<T extends string>(field: string, allowed: T[]): T {
    const value = this.string(field, 1, MAX_ENUM_LENGTH);
    const found = allowed.find((word: T) => word === value);
    if (found === undefined) {
      throw this.fail(field, allowed.join(' | '), 'another word');
    }
    return found;
  }
}

const MAX_ENUM_LENGTH: number = 64;
