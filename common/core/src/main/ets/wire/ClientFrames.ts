/** The gate for client frames: the only place that prints or parses them. */
import { ErrorCode } from './Codes';
import { ClientFrame, FrameType, MessageSendPayload, PresenceStatus } from './Frames';
import {
  MAX_CLIENT_FRAME_BYTES, MAX_ID_LENGTH, MAX_TEXT_LENGTH, MAX_TOKEN_LENGTH, MIN_CLIENT_ID_LENGTH
} from './Limits';
import { framesIn, printFrames } from './Messages';
import { ProtocolError } from './ProtocolError';
import { isPlainJson, Reader } from './Reader';
import { utf8Length } from './Utf8';
import { WireValue } from './WireValue';

const MAX_TYPE_LENGTH: number = 64;
const MAX_CLIENT_NAME_LENGTH: number = 64;

function readMessage(p: Reader): MessageSendPayload {
  const roomId = p.id('roomId', 1, MAX_ID_LENGTH);
  const clientId = p.id('clientId', MIN_CLIENT_ID_LENGTH, MAX_ID_LENGTH);
  const fileId = p.isAbsent('fileId') ? '' : p.id('fileId', 0, MAX_ID_LENGTH);
  if (fileId === '') {
    return { roomId, clientId, text: p.text('text', MAX_TEXT_LENGTH) };
  }
  return { roomId, clientId, text: p.textOrNone('text', MAX_TEXT_LENGTH), fileId };
}

function readClientFrame(frame: Reader): ClientFrame {
  const type: string = frame.string('type', 1, MAX_TYPE_LENGTH);
  const id: number = frame.integer('id', 1);
  const p: Reader = frame.object('payload');
  switch (type) {
    case FrameType.Hello:
      return {
        type, id, payload: {
          token: p.string('token', 1, MAX_TOKEN_LENGTH),
          client: p.string('client', 0, MAX_CLIENT_NAME_LENGTH)
        }
      };
    case FrameType.AuthRenew:
      return { type, id, payload: { token: p.string('token', 1, MAX_TOKEN_LENGTH) } };
    case FrameType.Ping:
      return { type, id, payload: { sentAtMs: p.integer('sentAtMs', 0) } };
    case FrameType.MessageSend:
      return { type, id, payload: readMessage(p) };
    case FrameType.LogResume:
      return {
        type, id, payload: {
          roomId: p.id('roomId', 1, MAX_ID_LENGTH),
          epoch: p.id('epoch', 1, MAX_ID_LENGTH),
          afterSeq: p.integer('afterSeq', 0)
        }
      };
    case FrameType.TypingSet:
      return { type, id, payload: { roomId: p.id('roomId', 1, MAX_ID_LENGTH), isTyping: p.boolean('isTyping') } };
    case FrameType.PresenceSet:
      return {
        type, id, payload: {
          status: p.oneOf<PresenceStatus>('status', [PresenceStatus.Online, PresenceStatus.Away])
        }
      };
    default:
      throw new ProtocolError(ErrorCode.UnknownType, 'type', 'a client frame of parley.v1', 'another word');
  }
}

/** A frame of a message, or why it is none. */
export class ClientFrameResult {
  /** Null where the frame is wrong. */
  public readonly frame: ClientFrame | null;
  /** What its error names as `re`: the frame's `id`, 0 where none can be read. */
  public readonly id: number;
  /** Null where the frame is right. */
  public readonly error: ProtocolError | null;

  public constructor(frame: ClientFrame | null, id: number, error: ProtocolError | null) {
    this.frame = frame;
    this.id = id;
    this.error = error;
  }
}

function checkSize(data: string | Uint8Array): void {
  const bytes = typeof data === 'string' ? utf8Length(data) : data.length;
  if (bytes > MAX_CLIENT_FRAME_BYTES) {
    throw new ProtocolError(ErrorCode.TooLarge, '', `at most ${MAX_CLIENT_FRAME_BYTES} bytes`, 'more');
  }
}

function failed(e: Error, id: number): ClientFrameResult {
  if (e instanceof ProtocolError) {
    return new ClientFrameResult(null, id, e as ProtocolError);
  }
  throw e;
}

function idOf(value: WireValue): number {
  try {
    return Reader.frame(value, false).integerOr('id', 1, 0);
  } catch {
    return 0;
  }
}

function readResult(value: WireValue, isPlain: boolean): ClientFrameResult {
  try {
    const frame = readClientFrame(Reader.frame(value, isPlain));
    return new ClientFrameResult(frame, frame.id, null);
  } catch (e) {
    return failed(e as Error, idOf(value));
  }
}

/**
 * The frames of one message in their order, at least one; text holds JSON, bytes hold MessagePack, either one frame or
 * a batch. Never throws: a wrong frame of a batch does not take the others with it, and where the message itself is
 * wrong (`bad_frame`, `too_large`) that is the only result.
 */
export function decodeClientFrames(data: string | Uint8Array): ClientFrameResult[] {
  try {
    checkSize(data);
    const isPlain = isPlainJson(data);
    return framesIn(data).map((value: WireValue) => readResult(value, isPlain));
  } catch (e) {
    return [failed(e as Error, 0)];
  }
}

/**
 * One message with `frames`, 1 to 64 of them, each checked by the rules of the way in. As MessagePack where `isBinary`:
 * those bytes fill their buffer. Throws `ProtocolError`, also where the whole would be above the limit.
 */
export function encodeClientFrames(frames: ClientFrame[], isBinary: boolean): string | Uint8Array {
  const values: WireValue[] = frames as object[] as WireValue[];
  values.forEach((value: WireValue) => {
    readClientFrame(Reader.frame(value, false));
  });
  const data = printFrames(values, isBinary);
  checkSize(data);
  return data;
}

/** The frame that `text` holds. Throws `ProtocolError` with `bad_frame`, `too_large`, `unknown_type` or `bad_field`. */
export function decodeClientFrame(text: string): ClientFrame {
  checkSize(text);
  return readClientFrame(Reader.parse(text));
}

/** The text of `frame`, checked by the same rules as on the way in. Throws `ProtocolError`. */
export function encodeClientFrame(frame: ClientFrame): string {
  return encodeClientFrames([frame], false) as string;
}

/** The `id` of a frame that did not decode, so that the error can name it; 0 where there is none. */
export function clientFrameId(text: string): number {
  try {
    return Reader.parse(text).integerOr('id', 1, 0);
  } catch {
    return 0;
  }
}
