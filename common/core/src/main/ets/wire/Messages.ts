/** One message of a transport: a frame, or a batch of frames in an array. Internal to `wire`. */
import { ErrorCode } from './Codes';
import { MAX_BATCH_FRAMES, MAX_NESTING } from './Limits';
import { decodeMessagePack, encodeMessagePack } from './MessagePack';
import { ProtocolError } from './ProtocolError';
import { WireValue } from './WireValue';

const QUOTE: number = 0x22;
const BACKSLASH: number = 0x5C;
const BRACKET: number = 0x5B;
const BRACKET_END: number = 0x5D;
const BRACE: number = 0x7B;
const BRACE_END: number = 0x7D;

/** Where the string that begins at `start` ends; where it does not, the end of `text`. */
function stringEnd(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === BACKSLASH) {
      escapes += 1;
    }
    if (escapes % 2 === 0) {
      return end;
    }
  }
  return text.length;
}

/** Looked at before anything is made of it: who reads what was parsed may do so level by level. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = stringEnd(text, at);
    } else if (code === BRACKET || code === BRACE) {
      depth += 1;
      if (depth > MAX_NESTING) {
        return true;
      }
    } else if (code === BRACKET_END || code === BRACE_END) {
      depth -= 1;
    }
  }
  return false;
}

/** `text` is JSON of at most `MAX_NESTING` levels. Throws `bad_frame`. */
export function parseJson(text: string): WireValue {
  if (isTooDeep(text)) {
    throw new ProtocolError(ErrorCode.BadFrame, '', `at most ${MAX_NESTING} levels`, 'more');
  }
  try {
    return JSON.parse(text) as WireValue;
  } catch {
    throw new ProtocolError(ErrorCode.BadFrame, '', 'a JSON object', 'text that is not JSON');
  }
}

function checkBatch(length: number): void {
  if (length < 1 || length > MAX_BATCH_FRAMES) {
    throw new ProtocolError(ErrorCode.BadFrame, '', `1 to ${MAX_BATCH_FRAMES} frames`, `${length}`);
  }
}

/** The frames of a message, not yet looked at: text holds JSON, bytes hold MessagePack. Throws `bad_frame`. */
export function framesIn(data: string | Uint8Array): WireValue[] {
  const value: WireValue = typeof data === 'string' ? parseJson(data) : decodeMessagePack(data);
  if (!Array.isArray(value)) {
    return [value];
  }
  checkBatch(value.length);
  return value;
}

/** One frame as itself, several as a batch. Throws `bad_frame` for none and for too many. */
export function printFrames(frames: WireValue[], isBinary: boolean): string | Uint8Array {
  checkBatch(frames.length);
  const value: WireValue = frames.length === 1 ? frames[0] : frames;
  return isBinary ? encodeMessagePack(value) : JSON.stringify(value);
}
