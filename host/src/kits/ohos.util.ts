import type util from '@ohos.util';
import { HostError } from '../runtime/core/errors.js';
import { base64ToBytes, bytesToBase64 } from './support/base64.js';
import { parameterError } from './support/business-error.js';
import { loud } from './support/loud.js';

const URL_SAFE = 2;
const MIME = 1;
const MIME_URL_SAFE = 3;
const Type = { BASIC: 0, MIME, BASIC_URL_SAFE: URL_SAFE, MIME_URL_SAFE };

function checkUtf8(encoding: string): void {
  if (!/^utf-?8$/i.test(encoding)) {
    throw new HostError(`util: encoding '${encoding}' is not implemented by the host, only utf-8`);
  }
}

class HostTextEncoder {
  readonly encoding = 'utf-8';
  private readonly inner = new TextEncoder();

  constructor(encoding = 'utf-8') {
    checkUtf8(encoding);
  }

  static create(encoding?: string): util.TextEncoder {
    return encoder(encoding);
  }

  encodeInto(input?: string): Uint8Array;
  encodeInto(input: string, dest: Uint8Array): util.EncodeIntoUint8ArrayInfo;
  encodeInto(input = '', dest?: Uint8Array): Uint8Array | util.EncodeIntoUint8ArrayInfo {
    return dest === undefined ? this.inner.encode(input) : this.inner.encodeInto(input, dest);
  }

  encode(input = ''): Uint8Array {
    return this.inner.encode(input);
  }

  encodeIntoUint8Array(input: string, dest: Uint8Array): util.EncodeIntoUint8ArrayInfo {
    return this.inner.encodeInto(input, dest);
  }
}

function encoder(encoding?: string): util.TextEncoder {
  return new HostTextEncoder(encoding);
}

class HostTextDecoder implements util.TextDecoder {
  readonly encoding = 'utf-8';
  readonly fatal: boolean;
  readonly ignoreBOM = false;
  private readonly inner: TextDecoder;

  constructor(encoding = 'utf-8', options: util.TextDecoderOptions = {}) {
    checkUtf8(encoding);
    this.fatal = options.fatal ?? false;
    this.inner = new TextDecoder('utf-8', { fatal: this.fatal, ignoreBOM: options.ignoreBOM ?? false });
  }

  static create(encoding?: string, options?: util.TextDecoderOptions): util.TextDecoder {
    return new HostTextDecoder(encoding, options);
  }

  decode(input: Uint8Array, options?: { stream?: false }): string {
    return this.inner.decode(input, options);
  }

  decodeWithStream(input: Uint8Array, options?: util.DecodeWithStreamOptions): string {
    return this.inner.decode(input, options);
  }

  decodeToString(input: Uint8Array, options?: util.DecodeToStringOptions): string {
    return this.inner.decode(input, options);
  }
}

/** BASIC and BASIC_URL_SAFE (which has no padding); line-broken MIME output is not implemented. */
class HostBase64Helper implements util.Base64Helper {
  encodeToStringSync(src: Uint8Array, options: number = Type.BASIC): string {
    if (options === MIME || options === MIME_URL_SAFE) {
      throw new HostError('util.Base64Helper: MIME output is not implemented by the host');
    }
    const text = bytesToBase64(src);
    return options === URL_SAFE ? text.replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '') : text;
  }

  encodeSync(src: Uint8Array, options?: number): Uint8Array {
    return new TextEncoder().encode(this.encodeToStringSync(src, options));
  }

  decodeSync(src: Uint8Array | string, options: number = Type.BASIC): Uint8Array {
    const text = typeof src === 'string' ? src : new TextDecoder().decode(src);
    const isUrlSafe = options === URL_SAFE || options === MIME_URL_SAFE;
    const standard = isUrlSafe ? text.replace(/-/g, '+').replace(/_/g, '/') : text;
    try {
      return base64ToBytes(standard);
    } catch {
      throw parameterError('src', 'Base64 text', `${text.slice(0, 20)}…`);
    }
  }

  async encode(src: Uint8Array, options?: number): Promise<Uint8Array> {
    return this.encodeSync(src, options);
  }

  async encodeToString(src: Uint8Array, options?: number): Promise<string> {
    return this.encodeToStringSync(src, options);
  }

  async decode(src: Uint8Array | string, options?: number): Promise<Uint8Array> {
    return this.decodeSync(src, options);
  }
}

/** Version 4. `crypto.randomUUID` exists only in secure contexts, and a preview on a LAN address is none. */
function generateRandomBinaryUUID(): Uint8Array {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes;
}

function generateRandomUUID(): string {
  const hex = Array.from(generateRandomBinaryUUID(), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export default loud<typeof util>('util', {
  generateRandomUUID,
  generateRandomBinaryUUID,
  TextEncoder: HostTextEncoder as typeof util.TextEncoder,
  TextDecoder: HostTextDecoder as typeof util.TextDecoder,
  Base64Helper: HostBase64Helper,
  Type: Type as unknown as typeof util.Type,
});
