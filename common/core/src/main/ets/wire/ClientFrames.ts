/** The gate for client frames: the only place that prints or parses them. */
import { ErrorCode } from './Codes';
import { ClientFrame, FrameType, PresenceStatus } from './Frames';
import {
  MAX_CLIENT_FRAME_BYTES, MAX_ID_LENGTH, MAX_TEXT_LENGTH, MAX_TOKEN_LENGTH, MIN_CLIENT_ID_LENGTH
} from './Limits';
import { ProtocolError } from './ProtocolError';
import { Reader } from './Reader';
import { utf8Length } from './Utf8';

const MAX_TYPE_LENGTH: number = 64;
const MAX_CLIENT_NAME_LENGTH: number = 64;

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
    case FrameType.Ping:
      return { type, id, payload: { sentAtMs: p.integer('sentAtMs', 0) } };
    case FrameType.MessageSend:
      return {
        type, id, payload: {
          roomId: p.id('roomId', 1, MAX_ID_LENGTH),
          clientId: p.id('clientId', MIN_CLIENT_ID_LENGTH, MAX_ID_LENGTH),
          text: p.text('text', MAX_TEXT_LENGTH)
        }
      };
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

/** The frame that `text` holds. Throws `ProtocolError` with `bad_frame`, `too_large`, `unknown_type` or `bad_field`. */
export function decodeClientFrame(text: string): ClientFrame {
  if (utf8Length(text) > MAX_CLIENT_FRAME_BYTES) {
    throw new ProtocolError(ErrorCode.TooLarge, '', `at most ${MAX_CLIENT_FRAME_BYTES} bytes`, 'more');
  }
  return readClientFrame(Reader.parse(text));
}

/** The text of `frame`, checked by the same rules as on the way in. Throws `ProtocolError`. */
export function encodeClientFrame(frame: ClientFrame): string {
  const text: string = JSON.stringify(frame);
  decodeClientFrame(text);
  return text;
}

/** The `id` of a frame that did not decode, so that the error can name it; 0 where there is none. */
export function clientFrameId(text: string): number {
  try {
    return Reader.parse(text).integerOr('id', 1, 0);
  } catch {
    return 0;
  }
}
