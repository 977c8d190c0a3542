/** Bytes of `text` in UTF-8, without building them. A lone surrogate counts three, as encoders replace it. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) {
      bytes += 1;
    } else if (unit < 0x800) {
      bytes += 2;
    } else if (unit >= 0xD800 && unit <= 0xDBFF && i + 1 < text.length
      && text.charCodeAt(i + 1) >= 0xDC00 && text.charCodeAt(i + 1) <= 0xDFFF) {
      bytes += 4;
      i++;
    } else {
      bytes += 3;
    }
  }
  return bytes;
}

function isHigh(unit: number): boolean {
  return unit >= 0xD800 && unit <= 0xDBFF;
}

function isLow(unit: number): boolean {
  return unit >= 0xDC00 && unit <= 0xDFFF;
}

/** Writes `text` from `at` on and returns the end. `target` has room. A lone surrogate becomes U+FFFD. */
export function writeUtf8(text: string, target: Uint8Array, at: number): number {
  let end = at;
  for (let i = 0; i < text.length; i++) {
    let code = text.charCodeAt(i);
    if (code < 0x80) {
      target[end++] = code;
      continue;
    }
    if (isHigh(code) && i + 1 < text.length && isLow(text.charCodeAt(i + 1))) {
      i++;
      code = 0x10000 + (code - 0xD800) * 0x400 + text.charCodeAt(i) - 0xDC00;
    } else if (isHigh(code) || isLow(code)) {
      code = 0xFFFD;
    }
    if (code < 0x800) {
      target[end++] = 0xC0 | (code >> 6);
    } else {
      if (code < 0x10000) {
        target[end++] = 0xE0 | (code >> 12);
      } else {
        target[end++] = 0xF0 | (code >> 18);
        target[end++] = 0x80 | ((code >> 12) & 0x3F);
      }
      target[end++] = 0x80 | ((code >> 6) & 0x3F);
    }
    target[end++] = 0x80 | (code & 0x3F);
  }
  return end;
}

/** Units that are made into text at once: more arguments than this could overflow a stack. */
const CHUNK_UNITS: number = 1024;

/**
 * The text of `bytes` from `start` to before `end`, or null where they are not UTF-8. As strict as the Unicode
 * standard, table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF.
 */
export function readUtf8(bytes: DataView, start: number, end: number): string | null {
  let text = '';
  let units: number[] = [];
  let i = start;
  while (i < end) {
    const first = bytes.getUint8(i++);
    if (first < 0x80) {
      units.push(first);
    } else {
      const more = first >= 0xF0 ? 3 : (first >= 0xE0 ? 2 : 1);
      if (first < 0xC2 || first > 0xF4 || i + more > end) {
        return null;
      }
      let code = first & (0x3F >> more);
      for (let k = 0; k < more; k++) {
        const next = bytes.getUint8(i++);
        if (next < 0x80 || next > 0xBF) {
          return null;
        }
        code = (code << 6) | (next & 0x3F);
      }
      if ((more === 2 && code < 0x800) || (more === 3 && code < 0x10000) || code > 0x10FFFF
        || (code >= 0xD800 && code <= 0xDFFF)) {
        return null;
      }
      if (code < 0x10000) {
        units.push(code);
      } else {
        units.push(0xD800 + ((code - 0x10000) >> 10), 0xDC00 + (code & 0x3FF));
      }
    }
    if (units.length >= CHUNK_UNITS) {
      text += String.fromCharCode(...units);
      units = [];
    }
  }
  return text + String.fromCharCode(...units);
}
