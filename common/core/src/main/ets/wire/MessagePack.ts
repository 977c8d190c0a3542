/**
 * MessagePack (https://github.com/msgpack/msgpack/blob/master/spec.md) as far as JSON reaches: nil, booleans, numbers,
 * strings, arrays, and maps with string keys. Binary, extension and timestamp values are refused. Internal to `wire`.
 */
import { ErrorCode } from './Codes';
import { MAX_NESTING } from './Limits';
import { ProtocolError } from './ProtocolError';
import { readUtf8, utf8Length, writeUtf8 } from './Utf8';
import { WireObject, WireValue } from './WireValue';

const TWO_32: number = 4294967296;
const FIRST_CAPACITY: number = 256;

/** Numbers are big endian: the format's order. */
class Writer {
  private bytes: Uint8Array = new Uint8Array(FIRST_CAPACITY);
  private view: DataView = new DataView(this.bytes.buffer);
  private length: number = 0;

  /** An array that fills its buffer, so that the buffer can be sent as it is. */
  public result(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }

  public value(value: WireValue, depth: number): void {
    if (value === null || value === undefined) {
      this.byte(0xC0);
    } else if (typeof value === 'boolean') {
      this.byte(value ? 0xC3 : 0xC2);
    } else if (typeof value === 'number') {
      this.number(value);
    } else if (typeof value === 'string') {
      this.text(value);
    } else if (depth >= MAX_NESTING) {
      throw new ProtocolError(ErrorCode.BadFrame, '', `at most ${MAX_NESTING} levels`, 'more');
    } else if (Array.isArray(value)) {
      this.head(value.length, 0x90, 0xDC);
      value.forEach((item: WireValue) => this.value(item, depth + 1));
    } else {
      this.map(value, depth);
    }
  }

  /** A field without a value is left out, as JSON does it. */
  private map(value: WireObject, depth: number): void {
    const keys = Object.keys(value).filter((key: string) => value[key] !== undefined);
    this.head(keys.length, 0x80, 0xDE);
    keys.forEach((key: string) => {
      this.text(key);
      this.value(value[key], depth + 1);
    });
  }

  /** The head of an array or a map: `small` holds up to 15 in itself, `large` is followed by 16 bits. */
  private head(length: number, small: number, large: number): void {
    if (length < 16) {
      this.byte(small + length);
    } else if (length < 0x10000) {
      this.unsigned16(large, length);
    } else {
      this.unsigned32(large + 1, length);
    }
  }

  private number(value: number): void {
    if (!Number.isSafeInteger(value)) {
      this.byte(0xCB);
      this.reserve(8);
      this.view.setFloat64(this.length, value);
      this.length += 8;
    } else if (value >= 0) {
      this.positive(value);
    } else {
      this.negative(value);
    }
  }

  private positive(value: number): void {
    if (value < 0x80) {
      this.byte(value);
    } else if (value < 0x100) {
      this.byte(0xCC);
      this.byte(value);
    } else if (value < 0x10000) {
      this.unsigned16(0xCD, value);
    } else if (value < TWO_32) {
      this.unsigned32(0xCE, value);
    } else {
      this.wide(0xCF, value);
    }
  }

  private negative(value: number): void {
    if (value >= -0x20) {
      this.byte(value + 0x100);
    } else if (value >= -0x80) {
      this.byte(0xD0);
      this.byte(value + 0x100);
    } else if (value >= -0x8000) {
      this.unsigned16(0xD1, value + 0x10000);
    } else if (value >= -0x80000000) {
      this.unsigned32(0xD2, value + TWO_32);
    } else {
      this.wide(0xD3, value);
    }
  }

  /** 64 bits in two's complement. */
  private wide(tag: number, value: number): void {
    this.byte(tag);
    this.reserve(8);
    const high = Math.floor(value / TWO_32);
    this.view.setInt32(this.length, high);
    this.view.setUint32(this.length + 4, value - high * TWO_32);
    this.length += 8;
  }

  private text(value: string): void {
    const bytes = utf8Length(value);
    if (bytes < 32) {
      this.byte(0xA0 + bytes);
    } else if (bytes < 0x100) {
      this.byte(0xD9);
      this.byte(bytes);
    } else if (bytes < 0x10000) {
      this.unsigned16(0xDA, bytes);
    } else {
      this.unsigned32(0xDB, bytes);
    }
    this.reserve(bytes);
    this.length = writeUtf8(value, this.bytes, this.length);
  }

  private byte(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  private unsigned16(tag: number, value: number): void {
    this.byte(tag);
    this.reserve(2);
    this.view.setUint16(this.length, value);
    this.length += 2;
  }

  private unsigned32(tag: number, value: number): void {
    this.byte(tag);
    this.reserve(4);
    this.view.setUint32(this.length, value);
    this.length += 4;
  }

  private reserve(count: number): void {
    if (this.length + count <= this.bytes.length) {
      return;
    }
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.length + count));
    larger.set(this.bytes);
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
  }
}

/** Nothing is allocated for a length before that many bytes are known to be there. */
class Parser {
  private readonly view: DataView;
  private at: number = 0;

  public constructor(bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  public whole(): WireValue {
    const value = this.value(0);
    if (this.at < this.view.byteLength) {
      throw this.bad('one value', 'more bytes behind it');
    }
    return value;
  }

  private value(depth: number): WireValue {
    const tag = this.unsigned(1);
    if (tag < 0x80) {
      return tag;
    }
    if (tag < 0x90) {
      return this.map(tag - 0x80, depth);
    }
    if (tag < 0xA0) {
      return this.array(tag - 0x90, depth);
    }
    if (tag < 0xC0) {
      return this.text(tag - 0xA0);
    }
    return tag >= 0xE0 ? tag - 0x100 : this.tagged(tag, depth);
  }

  private tagged(tag: number, depth: number): WireValue {
    switch (tag) {
      case 0xC0:
        return null;
      case 0xC2:
        return false;
      case 0xC3:
        return true;
      case 0xCA:
        return this.view.getFloat32(this.take(4));
      case 0xCB:
        return this.view.getFloat64(this.take(8));
      case 0xCC:
        return this.unsigned(1);
      case 0xCD:
        return this.unsigned(2);
      case 0xCE:
        return this.unsigned(4);
      case 0xCF:
        return this.unsigned(4) * TWO_32 + this.unsigned(4);
      case 0xD0:
        return this.view.getInt8(this.take(1));
      case 0xD1:
        return this.view.getInt16(this.take(2));
      case 0xD2:
        return this.view.getInt32(this.take(4));
      case 0xD3:
        return this.view.getInt32(this.take(4)) * TWO_32 + this.unsigned(4);
      case 0xD9:
        return this.text(this.unsigned(1));
      case 0xDA:
        return this.text(this.unsigned(2));
      case 0xDB:
        return this.text(this.unsigned(4));
      case 0xDC:
        return this.array(this.unsigned(2), depth);
      case 0xDD:
        return this.array(this.unsigned(4), depth);
      case 0xDE:
        return this.map(this.unsigned(2), depth);
      case 0xDF:
        return this.map(this.unsigned(4), depth);
      default:
        throw this.bad('a value that JSON has too', 'binary or extension');
    }
  }

  private array(length: number, depth: number): WireValue[] {
    this.descend(length, depth);
    const items: WireValue[] = [];
    for (let i = 0; i < length; i++) {
      items.push(this.value(depth + 1));
    }
    return items;
  }

  private map(length: number, depth: number): WireObject {
    this.descend(2 * length, depth);
    const fields: WireObject = {};
    for (let i = 0; i < length; i++) {
      const key = this.value(MAX_NESTING);
      if (typeof key !== 'string') {
        throw this.bad('text as the key of a map', 'another value');
      }
      const value = this.value(depth + 1);
      // Assigned, this one name would change what the object inherits. No frame has such a field.
      if (key !== '__proto__') {
        fields[key] = value;
      }
    }
    return fields;
  }

  /** Every entry takes at least a byte. */
  private descend(entries: number, depth: number): void {
    if (depth >= MAX_NESTING) {
      throw this.bad(`at most ${MAX_NESTING} levels`, 'more');
    }
    this.expect(entries);
  }

  private text(length: number): string {
    const start = this.take(length);
    const text = readUtf8(this.view, start, start + length);
    if (text === null) {
      throw this.bad('text in UTF-8', 'other bytes');
    }
    return text;
  }

  private unsigned(size: number): number {
    const start = this.take(size);
    if (size === 1) {
      return this.view.getUint8(start);
    }
    return size === 2 ? this.view.getUint16(start) : this.view.getUint32(start);
  }

  private take(count: number): number {
    this.expect(count);
    const start = this.at;
    this.at += count;
    return start;
  }

  private expect(count: number): void {
    if (count > this.view.byteLength - this.at) {
      throw this.bad('a whole MessagePack value', 'the end of the message');
    }
  }

  private bad(expected: string, actual: string): ProtocolError {
    return new ProtocolError(ErrorCode.BadFrame, '', expected, actual);
  }
}

/** The bytes of `value`; they fill their buffer. Throws `ProtocolError` above `MAX_NESTING` levels. */
export function encodeMessagePack(value: WireValue): Uint8Array {
  const writer = new Writer();
  writer.value(value, 0);
  return writer.result();
}

/**
 * The one value that `bytes` hold. Of two fields with one name the later counts, as in JSON. An integer beyond 2^53
 * comes out rounded, so that no reader of integers takes it. Throws `ProtocolError` with `bad_frame`.
 */
export function decodeMessagePack(bytes: Uint8Array): WireValue {
  return new Parser(bytes).whole();
}
