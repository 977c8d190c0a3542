import type { RoomEvent, RoomFile } from '../../../../common/core/src/main/ets/wire/Frames';
import type { MemberRecord } from '../store';

/** A room as a batch of commands found it, and as the commands before this one left it. */
export interface RoomState {
  readonly roomId: string;
  readonly name: string;
  readonly nameKey: string;
  readonly epoch: string;
  readonly createdAtMs: number;
  /** Whether the batch made it. */
  readonly isNew: boolean;
  headSeq: number;
  lastMessage: RoomEvent | null;
  lastMessageSeq: number;
  /** In the order in which they joined. All of them where someone enters in this batch, else those who act. */
  readonly members: Map<string, MemberRecord>;
}

/** A user who may become a member. */
export type Person = Omit<MemberRecord, 'joinedSeq'>;

export interface KnownFile {
  readonly file: RoomFile;
  readonly roomId: string;
  readonly userId: string;
}

/** Names a message within the store: a resend has the same one. */
export function messageKey(roomId: string, userId: string, clientId: string): string {
  return JSON.stringify([roomId, userId, clientId]);
}

/** Everything that a batch of commands may ask for. */
export interface LogState {
  /** By id. */
  readonly rooms: Map<string, RoomState>;
  readonly takenNameKeys: Set<string>;
  /** Those who create or join, by id. */
  readonly people: ReadonlyMap<string, Person>;
  /** By `messageKey`. */
  readonly messages: Map<string, RoomEvent>;
  readonly files: ReadonlyMap<string, KnownFile>;
}
