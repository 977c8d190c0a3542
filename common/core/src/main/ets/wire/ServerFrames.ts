/** The gate for server frames: the only place that prints or parses them. */
import { ErrorCode } from './Codes';
import { FrameType, PresenceStatus, ServerFrame } from './Frames';
import { MAX_ID_LENGTH, MAX_RESUME_EVENTS, MAX_SERVER_FRAME_BYTES, MAX_USER_NAME_LENGTH } from './Limits';
import { framesIn, printFrames } from './Messages';
import { PRESENCE_STATUSES, readEvent, readEvents, readRoom } from './Model';
import { ProtocolError } from './ProtocolError';
import { isPlainJson, Reader } from './Reader';
import { WireValue } from './WireValue';

const MAX_TYPE_LENGTH: number = 64;
const MAX_WELCOME_ROOMS: number = 10000;
const MAX_SENTENCE_LENGTH: number = 1000;
const ERROR_CODES: ErrorCode[] = Object.values(ErrorCode) as ErrorCode[];

interface RawFrame {
  type?: WireValue;
  re?: WireValue;
  payload?: WireValue;
}

interface RawRoomEvent {
  epoch?: WireValue;
  event?: WireValue;
}

function readServerFrame(frame: Reader): ServerFrame {
  const raw = frame.raw<RawFrame>();
  const type: string = frame.wordIn(raw.type, 'type', MAX_TYPE_LENGTH);
  const re: number = raw.re === undefined ? 0 : frame.integerIn(raw.re, 're', 0);
  const p: Reader = frame.objectIn(raw.payload, 'payload');
  switch (type) {
    case FrameType.RoomEvent: {
      const found = p.raw<RawRoomEvent>();
      return {
        type, re, payload: {
          epoch: p.idIn(found.epoch, 'epoch', 1, MAX_ID_LENGTH), event: readEvent(p.objectIn(found.event, 'event'))
        }
      };
    }
    case FrameType.Welcome:
      return {
        type, re, payload: {
          connectionId: p.id('connectionId', 1, MAX_ID_LENGTH),
          userId: p.id('userId', 1, MAX_ID_LENGTH),
          userName: p.string('userName', 1, MAX_USER_NAME_LENGTH),
          serverTimeMs: p.integer('serverTimeMs', 0),
          heartbeatMs: p.integer('heartbeatMs', 1),
          tokenExpiresInMs: p.integer('tokenExpiresInMs', 0),
          rooms: p.array('rooms', MAX_WELCOME_ROOMS).map(readRoom)
        }
      };
    case FrameType.AuthRenewed:
      return { type, re, payload: { expiresInMs: p.integer('expiresInMs', 0) } };
    case FrameType.Pong:
      return { type, re, payload: { sentAtMs: p.integer('sentAtMs', 0), serverTimeMs: p.integer('serverTimeMs', 0) } };
    case FrameType.MessageAck:
      return {
        type, re, payload: {
          roomId: p.id('roomId', 1, MAX_ID_LENGTH),
          clientId: p.id('clientId', 1, MAX_ID_LENGTH),
          seq: p.integer('seq', 1),
          atMs: p.integer('atMs', 0)
        }
      };
    case FrameType.RoomAdded:
      return { type, re, payload: { room: readRoom(p.object('room')) } };
    case FrameType.RoomRemoved:
      return { type, re, payload: { roomId: p.id('roomId', 1, MAX_ID_LENGTH) } };
    case FrameType.LogResumed:
      return {
        type, re, payload: {
          roomId: p.id('roomId', 1, MAX_ID_LENGTH),
          epoch: p.id('epoch', 1, MAX_ID_LENGTH),
          recovered: p.boolean('recovered'),
          headSeq: p.integer('headSeq', 0),
          events: readEvents(p, 'events', MAX_RESUME_EVENTS)
        }
      };
    case FrameType.TypingChanged:
      return {
        type, re, payload: {
          roomId: p.id('roomId', 1, MAX_ID_LENGTH),
          userId: p.id('userId', 1, MAX_ID_LENGTH),
          isTyping: p.boolean('isTyping'),
          expiresInMs: p.integer('expiresInMs', 0)
        }
      };
    case FrameType.PresenceChanged:
      return {
        type, re, payload: {
          userId: p.id('userId', 1, MAX_ID_LENGTH),
          status: p.oneOf<PresenceStatus>('status', PRESENCE_STATUSES),
          lastSeenMs: p.integer('lastSeenMs', 0)
        }
      };
    case FrameType.Bye:
      return { type, re, payload: { retryAfterMs: p.integer('retryAfterMs', 0) } };
    case FrameType.Error:
      return {
        type, re, payload: {
          code: p.oneOf<ErrorCode>('code', ERROR_CODES),
          message: p.string('message', 0, MAX_SENTENCE_LENGTH),
          field: p.string('field', 0, MAX_SENTENCE_LENGTH),
          expected: p.string('expected', 0, MAX_SENTENCE_LENGTH),
          actual: p.string('actual', 0, MAX_SENTENCE_LENGTH),
          retryAfterMs: p.integer('retryAfterMs', 0)
        }
      };
    default:
      throw new ProtocolError(ErrorCode.UnknownType, 'type', 'a server frame of parley.v1', 'another word');
  }
}

/** Null for a type that this version does not know. */
function readKnownFrame(frame: Reader): ServerFrame | null {
  try {
    return readServerFrame(frame);
  } catch (e) {
    if (e instanceof ProtocolError && (e as ProtocolError).code === ErrorCode.UnknownType) {
      return null;
    }
    throw e as Error;
  }
}

/**
 * The frame that `text` holds. Throws `ProtocolError` with `bad_frame`, `unknown_type` (a client ignores such a frame:
 * a newer server may send it) or `bad_field`.
 */
export function decodeServerFrame(text: string): ServerFrame {
  return readServerFrame(Reader.parse(text));
}

/**
 * The frames of one message in their order; text holds JSON, bytes hold MessagePack, either one frame or a batch. Types
 * that this version does not know are left out. Throws `ProtocolError` with `bad_frame`, `bad_field` or `too_large`
 * where any frame is wrong: a server sends none, so the rest is not worth trusting either.
 */
export function decodeServerFrames(data: string | Uint8Array): ServerFrame[] {
  // Units of a text are never more than its bytes: cheaper, and near enough for what only guards the memory.
  if (data.length > MAX_SERVER_FRAME_BYTES) {
    throw new ProtocolError(ErrorCode.TooLarge, '', `at most ${MAX_SERVER_FRAME_BYTES} bytes`, 'more');
  }
  const isPlain = isPlainJson(data);
  const frames: ServerFrame[] = [];
  for (const value of framesIn(data)) {
    const frame = readKnownFrame(Reader.frame(value, isPlain));
    if (frame !== null) {
      frames.push(frame);
    }
  }
  return frames;
}

/** One message with `frames`, 1 to 64 of them; bytes fill their buffer. */
export function encodeServerFrames(frames: ServerFrame[], isBinary: boolean): string | Uint8Array {
  return printFrames(frames as object[] as WireValue[], isBinary);
}

/** The text of `frame`. The server builds frames from its own types, so they are printed without a second look. */
export function encodeServerFrame(frame: ServerFrame): string {
  return JSON.stringify(frame);
}
