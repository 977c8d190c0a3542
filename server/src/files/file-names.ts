import { ErrorCode } from '../../../common/core/src/main/ets/wire/Codes';
import { MAX_FILE_NAME_LENGTH } from '../../../common/core/src/main/ets/wire/Limits';
import { ProtocolError } from '../../../common/core/src/main/ets/wire/ProtocolError';

const NAMELESS = 'file';
/** An ending longer than this is no ending but part of the name. */
const MAX_ENDING_LENGTH = 16;
/** Control characters, and the marks that turn the direction of what follows: `gpj.exe` could look like `exe.jpg`. */
const HIDDEN = /[\p{Cc}\p{Cs}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF]/gu;

/** Cut between characters, never inside of a surrogate pair. */
function cut(text: string, length: number): string {
  const isSplit = /[\uD800-\uDBFF]/.test(text.charAt(length - 1));
  return text.length <= length ? text : text.slice(0, isSplit ? length - 1 : length);
}

function shortened(name: string): string {
  if (name.length <= MAX_FILE_NAME_LENGTH) {
    return name;
  }
  const dot = name.lastIndexOf('.');
  const ending = dot > 0 && name.length - dot <= MAX_ENDING_LENGTH ? name.slice(dot) : '';
  return cut(name, MAX_FILE_NAME_LENGTH - ending.length) + ending;
}

/** A name that no file system, terminal or dialogue takes for something else: no path, nothing hidden, not too long. */
export function cleanFileName(name: string): string {
  const last = name.normalize('NFC').replace(HIDDEN, '').split(/[/\\]/).at(-1) ?? '';
  const bare = last.replace(/^[\s.]+|[\s.]+$/g, '');
  return bare === '' ? NAMELESS : shortened(bare);
}

/** The name in the percent-encoded (UTF-8) header `X-File-Name`. Throws `bad_field`. */
export function fileNameFrom(header: string | undefined): string {
  try {
    return cleanFileName(decodeURIComponent(header ?? ''));
  } catch {
    throw new ProtocolError(ErrorCode.BadField, 'X-File-Name', 'percent-encoded UTF-8', 'another text');
  }
}

/** Everything but the `attr-char` of RFC 8187, 3.2.1. */
function percentEncoded(text: string): string {
  return encodeURIComponent(text).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** `Content-Disposition` as RFC 6266 wants it: a plain name for old readers, the whole one for the others. */
export function contentDisposition(name: string, isInline: boolean): string {
  const kind = isInline ? 'inline' : 'attachment';
  const plain = name.replace(/[^\x20-\x7e]/g, '_').replace(/["\\%]/g, '_');
  return `${kind}; filename="${plain}"; filename*=UTF-8''${percentEncoded(name)}`;
}
