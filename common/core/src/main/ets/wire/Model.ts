/** Readers of the objects that several frames and HTTP bodies share. Internal to `wire`. */
import {
  MAX_CONTENT_TYPE_LENGTH, MAX_FILE_NAME_LENGTH, MAX_ID_LENGTH, MAX_ROOM_MEMBERS, MAX_ROOM_NAME_LENGTH,
  MAX_TEXT_LENGTH, MAX_USER_NAME_LENGTH
} from './Limits';
import { EventKind, MemberState, PresenceStatus, RoomEvent, RoomFile, RoomState, TypingState } from './Frames';
import { Reader } from './Reader';
import { WireValue } from './WireValue';

export const PRESENCE_STATUSES: PresenceStatus[] =
  [PresenceStatus.Online, PresenceStatus.Away, PresenceStatus.Offline];
const EVENT_KINDS: EventKind[] = [EventKind.Created, EventKind.Joined, EventKind.Left, EventKind.Message];

/** An event while it is read: an absent file stays absent, so that plain messages are printed as small as they came. */
interface EventDraft extends RoomEvent {
  file?: RoomFile;
}

export function readFile(r: Reader): RoomFile {
  return {
    fileId: r.id('fileId', 1, MAX_ID_LENGTH),
    name: r.string('name', 1, MAX_FILE_NAME_LENGTH),
    contentType: r.string('contentType', 1, MAX_CONTENT_TYPE_LENGTH),
    sizeBytes: r.integer('sizeBytes', 0),
    widthPx: r.integer('widthPx', 0),
    heightPx: r.integer('heightPx', 0)
  };
}

/** An event as it came. Events are nearly all that a client receives. */
interface RawEvent {
  roomId?: WireValue;
  seq?: WireValue;
  atMs?: WireValue;
  kind?: WireValue;
  userId?: WireValue;
  userName?: WireValue;
  clientId?: WireValue;
  text?: WireValue;
  file?: WireValue;
}

export function readEvent(r: Reader): RoomEvent {
  const raw = r.raw<RawEvent>();
  const event: EventDraft = {
    roomId: r.idIn(raw.roomId, 'roomId', 1, MAX_ID_LENGTH),
    seq: r.integerIn(raw.seq, 'seq', 1),
    atMs: r.integerIn(raw.atMs, 'atMs', 0),
    kind: r.oneIn<EventKind>(raw.kind, 'kind', EVENT_KINDS),
    userId: r.idIn(raw.userId, 'userId', 1, MAX_ID_LENGTH),
    userName: r.stringIn(raw.userName, 'userName', 1, MAX_USER_NAME_LENGTH),
    clientId: r.stringIn(raw.clientId, 'clientId', 0, MAX_ID_LENGTH),
    text: r.stringIn(raw.text, 'text', 0, MAX_TEXT_LENGTH)
  };
  if (raw.file !== undefined && raw.file !== null) {
    event.file = readFile(r.objectIn(raw.file, 'file'));
  }
  return event;
}

export function readMember(r: Reader): MemberState {
  return {
    userId: r.id('userId', 1, MAX_ID_LENGTH),
    userName: r.string('userName', 1, MAX_USER_NAME_LENGTH),
    status: r.oneOf<PresenceStatus>('status', PRESENCE_STATUSES),
    lastSeenMs: r.integer('lastSeenMs', 0)
  };
}

function readTyping(r: Reader): TypingState {
  return { userId: r.id('userId', 1, MAX_ID_LENGTH), expiresInMs: r.integer('expiresInMs', 0) };
}

export function readRoom(r: Reader): RoomState {
  const last = r.objectOrNull('lastMessage');
  return {
    roomId: r.id('roomId', 1, MAX_ID_LENGTH),
    name: r.string('name', 1, MAX_ROOM_NAME_LENGTH),
    epoch: r.id('epoch', 1, MAX_ID_LENGTH),
    headSeq: r.integer('headSeq', 0),
    members: r.array('members', MAX_ROOM_MEMBERS).map(readMember),
    typing: r.array('typing', MAX_ROOM_MEMBERS).map(readTyping),
    lastMessage: last === null ? null : readEvent(last)
  };
}

export function readEvents(r: Reader, field: string, maxLength: number): RoomEvent[] {
  return r.array(field, maxLength).map(readEvent);
}
