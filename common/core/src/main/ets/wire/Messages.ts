/** One message of a transport: a frame, or a batch of frames in an array. Internal to `wire`. */
import { ErrorCode } from './Codes';
import { MAX_BATCH_FRAMES } from './Limits';
import { decodeMessagePack, encodeMessagePack } from './MessagePack';
import { ProtocolError } from './ProtocolError';
import { WireValue } from './WireValue';

/** `text` is JSON. Throws `bad_frame`. */
export function parseJson(text: string): WireValue {
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
