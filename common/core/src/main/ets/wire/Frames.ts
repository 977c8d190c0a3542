/**
 * Every frame of `parley.v1`. One interface for each payload, one for each frame; the meaning of each field, its unit
 * and its limits stand in docs/PROTOCOL.md under the frame's name.
 */
import { ErrorCode } from './Codes';

export enum FrameType {
  Hello = 'hello',
  Welcome = 'welcome',
  AuthRenew = 'auth.renew',
  AuthRenewed = 'auth.renewed',
  Ping = 'ping',
  Pong = 'pong',
  MessageSend = 'message.send',
  MessageAck = 'message.ack',
  RoomEvent = 'room.event',
  RoomAdded = 'room.added',
  RoomRemoved = 'room.removed',
  LogResume = 'log.resume',
  LogResumed = 'log.resumed',
  TypingSet = 'typing.set',
  TypingChanged = 'typing.changed',
  PresenceSet = 'presence.set',
  PresenceChanged = 'presence.changed',
  Bye = 'bye',
  Error = 'error'
}

export enum PresenceStatus {
  Online = 'online',
  Away = 'away',
  Offline = 'offline'
}

export enum EventKind {
  Created = 'created',
  Joined = 'joined',
  Left = 'left',
  Message = 'message'
}

/** A file in a room. The sizes in pixels are those at which it is shown; 0 unless it is an image of a known kind. */
export interface RoomFile {
  readonly fileId: string;
  readonly name: string;
  readonly contentType: string;
  readonly sizeBytes: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

/**
 * One entry of a room's durable log. `clientId` and `text` are empty strings unless `kind` is `message`; a message with
 * a `file` may have an empty `text`. `file` is absent where there is none, never null.
 */
export interface RoomEvent {
  readonly roomId: string;
  readonly seq: number;
  readonly atMs: number;
  readonly kind: EventKind;
  readonly userId: string;
  readonly userName: string;
  readonly clientId: string;
  readonly text: string;
  readonly file?: RoomFile;
}

/** `lastSeenMs` is 0 unless `status` is `offline` and the user was seen before. */
export interface MemberState {
  readonly userId: string;
  readonly userName: string;
  readonly status: PresenceStatus;
  readonly lastSeenMs: number;
}

export interface TypingState {
  readonly userId: string;
  readonly expiresInMs: number;
}

/** A room as one of its members sees it at one moment: the head of its log and the ephemeral snapshot. */
export interface RoomState {
  readonly roomId: string;
  readonly name: string;
  readonly epoch: string;
  readonly headSeq: number;
  readonly members: MemberState[];
  readonly typing: TypingState[];
  readonly lastMessage: RoomEvent | null;
}

export interface HelloPayload {
  readonly token: string;
  readonly client: string;
}

export interface WelcomePayload {
  readonly connectionId: string;
  readonly userId: string;
  readonly userName: string;
  readonly serverTimeMs: number;
  readonly heartbeatMs: number;
  readonly tokenExpiresInMs: number;
  readonly rooms: RoomState[];
}

export interface AuthRenewPayload {
  readonly token: string;
}

export interface AuthRenewedPayload {
  readonly expiresInMs: number;
}

export interface PingPayload {
  readonly sentAtMs: number;
}

export interface PongPayload {
  readonly sentAtMs: number;
  readonly serverTimeMs: number;
}

/** `text` may be empty where `fileId` names a file; an absent or empty `fileId` names none. */
export interface MessageSendPayload {
  readonly roomId: string;
  readonly clientId: string;
  readonly text: string;
  readonly fileId?: string;
}

export interface MessageAckPayload {
  readonly roomId: string;
  readonly clientId: string;
  readonly seq: number;
  readonly atMs: number;
}

export interface RoomEventPayload {
  readonly epoch: string;
  readonly event: RoomEvent;
}

export interface RoomAddedPayload {
  readonly room: RoomState;
}

export interface RoomRemovedPayload {
  readonly roomId: string;
}

export interface LogResumePayload {
  readonly roomId: string;
  readonly epoch: string;
  readonly afterSeq: number;
}

export interface LogResumedPayload {
  readonly roomId: string;
  readonly epoch: string;
  readonly recovered: boolean;
  readonly headSeq: number;
  readonly events: RoomEvent[];
}

export interface TypingSetPayload {
  readonly roomId: string;
  readonly isTyping: boolean;
}

export interface TypingChangedPayload {
  readonly roomId: string;
  readonly userId: string;
  readonly isTyping: boolean;
  readonly expiresInMs: number;
}

export interface PresenceSetPayload {
  readonly status: PresenceStatus;
}

export interface PresenceChangedPayload {
  readonly userId: string;
  readonly status: PresenceStatus;
  readonly lastSeenMs: number;
}

export interface ByePayload {
  readonly retryAfterMs: number;
}

/** `field`, `expected` and `actual` are empty unless the input was at fault; `retryAfterMs` is 0 unless advised. */
export interface ErrorPayload {
  readonly code: ErrorCode;
  readonly message: string;
  readonly field: string;
  readonly expected: string;
  readonly actual: string;
  readonly retryAfterMs: number;
}

/** Client to server. `id` numbers the commands of one connection from 1; the answer carries it as `re`. */
export interface HelloFrame { readonly type: FrameType.Hello; readonly id: number; readonly payload: HelloPayload; }
export interface AuthRenewFrame {
  readonly type: FrameType.AuthRenew;
  readonly id: number;
  readonly payload: AuthRenewPayload;
}
export interface PingFrame { readonly type: FrameType.Ping; readonly id: number; readonly payload: PingPayload; }
export interface MessageSendFrame {
  readonly type: FrameType.MessageSend;
  readonly id: number;
  readonly payload: MessageSendPayload;
}
export interface LogResumeFrame {
  readonly type: FrameType.LogResume;
  readonly id: number;
  readonly payload: LogResumePayload;
}
export interface TypingSetFrame {
  readonly type: FrameType.TypingSet;
  readonly id: number;
  readonly payload: TypingSetPayload;
}
export interface PresenceSetFrame {
  readonly type: FrameType.PresenceSet;
  readonly id: number;
  readonly payload: PresenceSetPayload;
}

export type ClientFrame = HelloFrame | AuthRenewFrame | PingFrame | MessageSendFrame | LogResumeFrame | TypingSetFrame
  | PresenceSetFrame;

/** Server to client. `re` is the `id` of the command that is answered, 0 in frames that answer none. */
export interface WelcomeFrame {
  readonly type: FrameType.Welcome;
  readonly re: number;
  readonly payload: WelcomePayload;
}
export interface AuthRenewedFrame {
  readonly type: FrameType.AuthRenewed;
  readonly re: number;
  readonly payload: AuthRenewedPayload;
}
export interface PongFrame { readonly type: FrameType.Pong; readonly re: number; readonly payload: PongPayload; }
export interface MessageAckFrame {
  readonly type: FrameType.MessageAck;
  readonly re: number;
  readonly payload: MessageAckPayload;
}
export interface RoomEventFrame {
  readonly type: FrameType.RoomEvent;
  readonly re: number;
  readonly payload: RoomEventPayload;
}
export interface RoomAddedFrame {
  readonly type: FrameType.RoomAdded;
  readonly re: number;
  readonly payload: RoomAddedPayload;
}
export interface RoomRemovedFrame {
  readonly type: FrameType.RoomRemoved;
  readonly re: number;
  readonly payload: RoomRemovedPayload;
}
export interface LogResumedFrame {
  readonly type: FrameType.LogResumed;
  readonly re: number;
  readonly payload: LogResumedPayload;
}
export interface TypingChangedFrame {
  readonly type: FrameType.TypingChanged;
  readonly re: number;
  readonly payload: TypingChangedPayload;
}
export interface PresenceChangedFrame {
  readonly type: FrameType.PresenceChanged;
  readonly re: number;
  readonly payload: PresenceChangedPayload;
}
export interface ByeFrame { readonly type: FrameType.Bye; readonly re: number; readonly payload: ByePayload; }
export interface ErrorFrame { readonly type: FrameType.Error; readonly re: number; readonly payload: ErrorPayload; }

export type ServerFrame = WelcomeFrame | AuthRenewedFrame | PongFrame | MessageAckFrame | RoomEventFrame
  | RoomAddedFrame | RoomRemovedFrame | LogResumedFrame | TypingChangedFrame | PresenceChangedFrame | ByeFrame
  | ErrorFrame;
