import { EventKind, FrameType, PresenceStatus } from '../../../common/core/src/main/ets/wire/Frames';
import { MAX_ID_LENGTH } from '../../../common/core/src/main/ets/wire/Limits';
import { Reader } from '../../../common/core/src/main/ets/wire/Reader';
import { decodeServerFrame, encodeServerFrame } from '../../../common/core/src/main/ets/wire/ServerFrames';
import type { Notice, RoomNotice, UserPresence } from './bus';

/** What processes say to each other besides notices. */
export type ProcessMessage =
  /** A sign of life. `version` counts the changes of the sender's users; who `asks` wants one back. */
  | { readonly kind: 'alive'; readonly version: number; readonly asks: boolean }
  | { readonly kind: 'bye' }
  | {
      readonly kind: 'presence';
      readonly version: number;
      readonly userId: string;
      readonly presence: UserPresence | null;
      readonly lastSeenMs: number;
    };

/** Between two processes: a request, the word that it arrived, its answer, or that nobody waits for the answer. */
export type RequestMessage =
  | { readonly kind: 'ask' | 'answer'; readonly number: number; readonly body: string }
  | { readonly kind: 'receipt' | 'cancel'; readonly number: number };

/** An answer to a poll holds what a line may leave unread, as JSON within JSON. */
const MAX_BODY_LENGTH = 8 * 1024 * 1024;
const MAX_KIND_LENGTH = 32;
const MAX_USER_ROOMS = 10_000;
const SENDER_END = ' ';

/** Each message starts with its sender, so that a process can drop its own without reading them. */
export function addSender(processId: string, text: string): string {
  return `${processId}${SENDER_END}${text}`;
}

/** Null where it is this process's own. */
export function senderOf(message: string, ownId: string): { readonly from: string; readonly text: string } | null {
  const end = message.indexOf(SENDER_END);
  const from = message.slice(0, Math.max(0, end));
  return from === ownId ? null : { from, text: message.slice(end + 1) };
}

/** Events and typing marks travel as the frames that clients get: their gate is wire's. */
export function encodeRoomNotice(roomId: string, notice: RoomNotice): string {
  switch (notice.kind) {
    case 'event': {
      const { epoch, event } = notice;
      return encodeServerFrame({ type: FrameType.RoomEvent, re: 0, payload: { epoch, event } });
    }
    case 'typing': {
      const { userId, isTyping } = notice;
      const payload = { roomId, userId, isTyping, expiresInMs: 0 };
      return encodeServerFrame({ type: FrameType.TypingChanged, re: 0, payload });
    }
    case 'head':
      return JSON.stringify(notice);
  }
}

/** Throws `ProtocolError`. */
export function decodeRoomNotice(text: string): RoomNotice {
  if (text.startsWith('{"kind"')) {
    const r = Reader.parse(text);
    return { kind: 'head', epoch: r.id('epoch', 1, MAX_ID_LENGTH), seq: r.integer('seq', 0) };
  }
  const frame = decodeServerFrame(text);
  switch (frame.type) {
    case FrameType.RoomEvent:
      return { kind: 'event', ...frame.payload };
    case FrameType.TypingChanged:
      return { kind: 'typing', userId: frame.payload.userId, isTyping: frame.payload.isTyping };
    default:
      throw Reader.parse(text).fail('type', 'an event or a typing mark', frame.type);
  }
}

/** Whether the event changes who is in the room. */
export function isMembership(kind: EventKind): boolean {
  return kind === EventKind.Created || kind === EventKind.Joined || kind === EventKind.Left;
}

export function encodePresence({ status, roomIds }: UserPresence): string {
  return JSON.stringify({ status, roomIds: [...roomIds] });
}

function readPresence(r: Reader): UserPresence {
  const roomIds = r.raw<{ roomIds?: unknown }>().roomIds;
  if (!Array.isArray(roomIds) || roomIds.length > MAX_USER_ROOMS || roomIds.some((id) => typeof id !== 'string')) {
    throw r.fail('roomIds', `at most ${MAX_USER_ROOMS} ids`, 'another value');
  }
  const statuses = [PresenceStatus.Online, PresenceStatus.Away] as UserPresence['status'][];
  return { status: r.oneOf<UserPresence['status']>('status', statuses), roomIds: roomIds as string[] };
}

/** Throws `ProtocolError`. */
export function decodePresence(text: string): UserPresence {
  return readPresence(Reader.parse(text));
}

export function encodeForAll(message: Notice | ProcessMessage): string {
  if (message.kind !== 'presence' || message.presence === null) {
    return JSON.stringify(message);
  }
  const { status, roomIds } = message.presence;
  return JSON.stringify({ ...message, presence: { status, roomIds: [...roomIds] } });
}

/** Throws `ProtocolError`, also for a kind that a newer process may know. */
export function decodeForAll(text: string): Notice | ProcessMessage {
  const r = Reader.parse(text);
  const kind = r.word('kind', MAX_KIND_LENGTH) as (Notice | ProcessMessage)['kind'];
  const id = (field: string): string => r.id(field, 1, MAX_ID_LENGTH);
  switch (kind) {
    case 'member':
      return { kind, roomId: id('roomId'), userId: id('userId'), epoch: id('epoch'), seq: r.integer('seq', 1) };
    case 'session-ended':
      return { kind, sessionId: id('sessionId') };
    case 'sessions-ended':
      return { kind, userId: id('userId'), exceptSessionId: r.string('exceptSessionId', 0, MAX_ID_LENGTH) };
    case 'missed':
    case 'bye':
      return { kind };
    case 'alive':
      return { kind, version: r.integer('version', 0), asks: r.boolean('asks') };
    case 'presence': {
      const found = r.objectOrNull('presence');
      const presence = found === null ? null : readPresence(found);
      const lastSeenMs = r.integer('lastSeenMs', 0);
      return { kind, version: r.integer('version', 1), userId: id('userId'), presence, lastSeenMs };
    }
    default:
      throw r.fail('kind', 'a notice that this process knows', 'another one');
  }
}

/** Throws `ProtocolError`. */
export function decodeRequestMessage(text: string): RequestMessage {
  const r = Reader.parse(text);
  const kind = r.word('kind', MAX_KIND_LENGTH) as RequestMessage['kind'];
  const number = r.integer('number', 1);
  switch (kind) {
    case 'ask':
    case 'answer':
      return { kind, number, body: r.string('body', 0, MAX_BODY_LENGTH) };
    case 'receipt':
    case 'cancel':
      return { kind, number };
    default:
      throw r.fail('kind', 'ask, receipt, answer or cancel', 'another one');
  }
}
