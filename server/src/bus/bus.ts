import type { PresenceStatus, RoomEvent } from '../../../common/core/src/main/ets/wire/Frames';

/** What is new in one room: for the processes that listen to it. */
export type RoomNotice =
  | { readonly kind: 'event'; readonly epoch: string; readonly event: RoomEvent }
  /** The log reaches to `seq` at least: who has less reads the rest from the store. */
  | { readonly kind: 'head'; readonly epoch: string; readonly seq: number }
  | { readonly kind: 'typing'; readonly userId: string; readonly isTyping: boolean };

/** What every process must know. */
export type Notice =
  /** The user created, joined or left the room, as its log says up to event `seq`. */
  | {
      readonly kind: 'member';
      readonly roomId: string;
      readonly userId: string;
      readonly epoch: string;
      readonly seq: number;
    }
  | { readonly kind: 'session-ended'; readonly sessionId: string }
  | { readonly kind: 'sessions-ended'; readonly userId: string; readonly exceptSessionId: string }
  /** The sender had more to tell than it could keep while it was cut off: what it told is in the store. */
  | { readonly kind: 'missed' };

/** A user who is connected to a process. */
export interface UserPresence {
  readonly status: PresenceStatus.Online | PresenceStatus.Away;
  /** All rooms of the user: who shares one is told. */
  readonly roomIds: Iterable<string>;
}

/** What a process hears from the others. No method may throw or wait; nothing comes from the process itself. */
export interface BusListener {
  onRoom(roomId: string, notice: RoomNotice, processId: string): void;
  onNotice(notice: Notice): void;
  /** `presence` is null where the user is connected to that process no more; then `lastSeenMs` says since when. */
  onPresence(processId: string, userId: string, presence: UserPresence | null, lastSeenMs: number): void;
  /** The process said good-bye: its users will be back elsewhere soon. */
  onGoodbye(processId: string, userIds: readonly string[]): void;
  /** A process died; it falls to this one, and to no other, to write when its users were last seen. */
  onInherited(userIds: readonly string[], lastSeenMs: number): void;
  /** From now on these rooms are heard; what was announced in them before may have been missed. */
  onListening(roomIds: readonly string[]): void;
  /** The others are heard, at first and after each time in which they were not: what they told all before may have been missed. */
  onReturn(): void;
}

/** Does what another process asks for. Rejects never; `signal` fires when nobody waits for the answer any more. */
export type AnswerRequest = (body: string, signal: AbortSignal) => Promise<string>;

/**
 * What joins the server processes of one community. It carries news, never the truth: that is in the store, which alone numbers
 * events. A notice can be lost, late or out of order; nothing here waits, throws or keeps more than a bounded amount when
 * the others cannot be reached.
 */
export interface Bus {
  /** Other than that of any other process, now or before. An id of 14 characters. */
  readonly processId: string;
  /** False where this process is alone: then nothing is ever heard. */
  readonly isShared: boolean;
  /** Whether the other processes can be reached now. */
  isReady(): boolean;
  /** Called once, before anything else. Returns at once; an unreachable bus is tried again for ever. */
  start(listener: BusListener, answer: AnswerRequest): void;
  /** Wants the notices of a room; `onListening` tells from when on they come. */
  listen(roomId: string): void;
  unlisten(roomId: string): void;
  announce(roomId: string, notice: RoomNotice): void;
  tellAll(notice: Notice): void;
  /** A user of this process: `presence` is null where no connection is left; `lastSeenMs` says since when. */
  setPresence(userId: string, presence: UserPresence | null, lastSeenMs: number): void;
  /** What process `processId` answers; null where it is gone or silent. Harmless where it never existed. */
  request(processId: string, body: string, signal: AbortSignal): Promise<string | null>;
  /** Says good-bye. Nothing is heard after it; harmless when repeated. */
  close(): Promise<void>;
}
