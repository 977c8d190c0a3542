/** Reads an untrusted object field by field. Internal to `wire`: nothing outside parses wire text. */
import { ErrorCode } from './Codes';
import { parseJson } from './Messages';
import { ProtocolError } from './ProtocolError';
import { WireObject, WireValue } from './WireValue';

/** A NUL, or half of a surrogate pair: nearly no text has one, and this look is faster than one at each unit. */
const DOUBTFUL_UNIT: RegExp = /[\u0000\uD800-\uDFFF]/;
const ID_CHARACTERS: string = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-';
/** 1 at the units of `ID_CHARACTERS`. Ids are short and many: for them a look into a table is faster than a pattern. */
const ID_UNITS: Uint8Array = idUnits();

function idUnits(): Uint8Array {
  const units = new Uint8Array(128);
  for (let i = 0; i < ID_CHARACTERS.length; i++) {
    units[ID_CHARACTERS.charCodeAt(i)] = 1;
  }
  return units;
}

function isId(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    // Beyond the table stands nothing, which is not 1.
    if (ID_UNITS[text.charCodeAt(i)] !== 1) {
      return false;
    }
  }
  return true;
}

function describe(value: WireValue): string {
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
  if (!DOUBTFUL_UNIT.test(text)) {
    return true;
  }
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

/**
 * Whether `data` is JSON in which every string is storable, whatever it says: without an escape it holds no NUL, and
 * UTF-8, which it came as, holds no half of a surrogate pair.
 */
export function isPlainJson(data: string | Uint8Array): boolean {
  return typeof data === 'string' && !data.includes('\\');
}

export class Reader {
  private readonly source: WireObject;
  /** The object that holds this one, null for the frame itself; paths are put together only for complaints. */
  private readonly parent: Reader | null;
  private readonly name: string;
  private readonly isPlain: boolean;

  private constructor(source: WireObject, parent: Reader | null, name: string, isPlain: boolean) {
    this.source = source;
    this.parent = parent;
    this.name = name;
    this.isPlain = isPlain;
  }

  /** The object that `text` holds. Throws `bad_frame` where it is not JSON or not an object. */
  public static parse(text: string): Reader {
    return Reader.frame(parseJson(text), isPlainJson(text));
  }

  /**
   * The object of a whole frame. Throws `bad_frame` where it is another value. `isPlain`: `isPlainJson` of what it was
   * read from, false for an object of another origin.
   */
  public static frame(value: WireValue, isPlain: boolean): Reader {
    return Reader.of(value, null, '', isPlain);
  }

  private static of(value: WireValue, parent: Reader | null, name: string, isPlain: boolean): Reader {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw parent === null ? new ProtocolError(ErrorCode.BadFrame, '', 'an object', describe(value))
        : parent.fail(name, 'an object', describe(value));
    }
    return new Reader(value, parent, name, isPlain);
  }

  private at(field: string): string {
    return this.parent === null ? field : `${this.parent.at(this.name)}.${field}`;
  }

  /** `field` is a name of the protocol, never one that came over the wire: none of them is on the prototype. */
  private value(field: string): WireValue {
    return this.source[field];
  }

  public fail(field: string, expected: string, actual: string): ProtocolError {
    return new ProtocolError(ErrorCode.BadField, this.at(field), expected, actual);
  }

  /**
   * The object itself, for readers of what comes often: `x.roomId` is read faster than `x[field]`. What they find goes
   * through the checks whose names end in `In`.
   */
  public raw<T>(): T {
    return this.source as Object as T;
  }

  public object(field: string): Reader {
    return this.objectIn(this.value(field), field);
  }

  public objectIn(value: WireValue, field: string): Reader {
    return Reader.of(value, this, field, this.isPlain);
  }

  /** An object, or null where the field is null. */
  public objectOrNull(field: string): Reader | null {
    return this.value(field) === null ? null : this.object(field);
  }

  /** An object, or null where the field is null or absent. */
  public objectIfAny(field: string): Reader | null {
    return this.isAbsent(field) ? null : this.objectOrNull(field);
  }

  public isAbsent(field: string): boolean {
    return this.value(field) === undefined;
  }

  public array(field: string, maxLength: number): Reader[] {
    const value = this.value(field);
    if (!Array.isArray(value)) {
      throw this.fail(field, 'an array', describe(value));
    }
    if (value.length > maxLength) {
      throw this.fail(field, `at most ${maxLength} entries`, `${value.length}`);
    }
    return value.map((item: WireValue, index: number) =>
      Reader.of(item, this, `${field}[${index}]`, this.isPlain));
  }

  /** Text that is only compared with known words, so what is in it does not matter. */
  public word(field: string, maxLength: number): string {
    return this.wordIn(this.value(field), field, maxLength);
  }

  public wordIn(value: WireValue, field: string, maxLength: number): string {
    return this.sized(value, field, 1, maxLength);
  }

  /** Length in UTF-16 code units. */
  public string(field: string, minLength: number, maxLength: number): string {
    return this.stringIn(this.value(field), field, minLength, maxLength);
  }

  public stringIn(found: WireValue, field: string, minLength: number, maxLength: number): string {
    const value = this.sized(found, field, minLength, maxLength);
    if (!this.isPlain && !isStorableText(value)) {
      throw this.fail(field, 'well-formed text without NUL', 'a NUL or a lone surrogate');
    }
    return value;
  }

  private sized(value: WireValue, field: string, minLength: number, maxLength: number): string {
    if (typeof value !== 'string') {
      throw this.fail(field, 'a string', describe(value));
    }
    if (value.length < minLength || value.length > maxLength) {
      throw this.fail(field, `${minLength} to ${maxLength} characters`, `${value.length}`);
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

  /** Text for people, or none at all: an empty string. */
  public textOrNone(field: string, maxLength: number): string {
    return this.value(field) === '' ? '' : this.text(field, maxLength);
  }

  public id(field: string, minLength: number, maxLength: number): string {
    return this.idIn(this.value(field), field, minLength, maxLength);
  }

  public idIn(found: WireValue, field: string, minLength: number, maxLength: number): string {
    const value = this.sized(found, field, minLength, maxLength);
    if (!isId(value)) {
      throw this.fail(field, 'only A-Z a-z 0-9 _ -', 'another character');
    }
    return value;
  }

  public integer(field: string, min: number): number {
    return this.integerIn(this.value(field), field, min);
  }

  public integerIn(value: WireValue, field: string, min: number): number {
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
    return this.oneIn<T>(this.value(field), field, allowed);
  }

  public oneIn<T extends string>(found: WireValue, field: string, allowed: T[]): T {
    const value = this.sized(found, field, 1, MAX_ENUM_LENGTH) as T;
    if (allowed.indexOf(value) < 0) {
      throw this.fail(field, allowed.join(' | '), 'another word');
    }
    return value;
  }
}

const MAX_ENUM_LENGTH: number = 64;
