import type { ErrorCode } from '../../../common/core/src/main/ets/wire/Codes';
import type { RoomListing, SearchHit } from '../../../common/core/src/main/ets/wire/HttpBodies';
import type { RoomEvent, RoomFile } from '../../../common/core/src/main/ets/wire/Frames';
import type { SearchQuery } from '../search/search-query';

/** The store could not do what it was asked; nothing of it took effect, or it is safe to ask again. */
export class StoreFailure extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'StoreFailure';
  }
}

export interface UserRecord {
  readonly userId: string;
  readonly userName: string;
  /** The name as it is compared: Unicode NFKC, lower case. Unique. */
  readonly nameKey: string;
  readonly passwordHash: string;
  readonly createdAtMs: number;
}

/** A user as the store knows it. */
export interface KnownUser extends UserRecord {
  /** By the operator: cannot sign in. */
  readonly isDisabled: boolean;
}

/** One sign-in. Its refresh token changes with each use and is kept as a hash only. */
export interface SessionRecord {
  readonly sessionId: string;
  readonly userId: string;
  readonly refreshHash: string;
  readonly refreshExpiresAtMs: number;
  readonly createdAtMs: number;
  /** What the client says that it is, for its user to tell sign-ins apart; may be empty. */
  readonly device: string;
}

/** A sign-in as its user sees it. */
export interface SessionListing {
  readonly sessionId: string;
  readonly device: string;
  readonly createdAtMs: number;
  /** When its refresh token was made. */
  readonly lastUsedAtMs: number;
}

export interface UserListing {
  readonly userId: string;
  readonly userName: string;
  readonly createdAtMs: number;
  /** 0 where the user was never seen. */
  readonly lastSeenMs: number;
  readonly isDisabled: boolean;
}

/** Sessions that ended before their time, by whichever process or command. */
export interface SessionEndings {
  /** Of the newest one here; where there is none, what was asked for. */
  readonly lastNo: number;
  readonly sessionIds: readonly string[];
  /** False where some in between are forgotten: then each session has to be looked for. */
  readonly isWhole: boolean;
}

export interface SessionOwner {
  readonly sessionId: string;
  readonly userId: string;
  readonly userName: string;
  readonly refreshExpiresAtMs: number;
}

/** What takes the place of a refresh token that is used up at `atMs`. */
export interface NextToken {
  readonly hash: string;
  readonly expiresAtMs: number;
  readonly atMs: number;
}

/**
 * - `refreshed`: the next token counts.
 * - `expired`: nothing changed.
 * - `reused`: the token was used up before; the session has ended.
 * - `unknown`: no living session had this token.
 */
export type RefreshOutcome =
  | { readonly status: 'refreshed' | 'expired' | 'reused'; readonly session: SessionOwner }
  | { readonly status: 'unknown' };

export interface MemberRecord {
  readonly userId: string;
  readonly userName: string;
  /** 0 where the user was never seen. */
  readonly lastSeenMs: number;
  /** Of the event by which the user came. */
  readonly joinedSeq: number;
}

/** A room at one position of its log. */
export interface RoomRecord {
  readonly roomId: string;
  readonly name: string;
  readonly epoch: string;
  readonly createdAtMs: number;
  readonly headSeq: number;
  /** In the order in which they joined. */
  readonly members: readonly MemberRecord[];
  readonly lastMessage: RoomEvent | null;
}

/** Everything that writes a room's log. The order in which the store gets them is the order of the log. */
export type LogCommand =
  | {
      readonly kind: 'create';
      readonly roomId: string;
      readonly name: string;
      readonly nameKey: string;
      readonly epoch: string;
      readonly userId: string;
      readonly atMs: number;
    }
  | { readonly kind: 'join'; readonly roomId: string; readonly userId: string; readonly atMs: number }
  | { readonly kind: 'leave'; readonly roomId: string; readonly userId: string; readonly atMs: number }
  | {
      readonly kind: 'message';
      readonly roomId: string;
      readonly userId: string;
      readonly clientId: string;
      readonly text: string;
      /** Empty or absent for none. A file that the user did not bring into this room is refused as `not_found`. */
      readonly fileId?: string;
      readonly atMs: number;
    };

/**
 * - `applied`: a new event is in the log. `room` holds the room right after it for `create` and `join`, else null.
 * - `repeated`: it was done before; nothing changed. `event` is the first one for a message, else null.
 * - `refused`: nothing changed.
 */
export type LogOutcome =
  | { readonly status: 'applied'; readonly epoch: string; readonly event: RoomEvent; readonly room: RoomRecord | null }
  | { readonly status: 'repeated'; readonly event: RoomEvent | null; readonly room: RoomRecord | null }
  | { readonly status: 'refused'; readonly code: ErrorCode };

export interface HistoryRecord {
  readonly epoch: string;
  readonly events: RoomEvent[];
  readonly hasMore: boolean;
}

export interface ResumeRecord {
  readonly epoch: string;
  readonly headSeq: number;
  /** At most as many as asked for: more missing events than that show as `headSeq` above the last one. */
  readonly events: RoomEvent[];
}

/** Where a log ends. */
export interface LogHead {
  readonly epoch: string;
  readonly headSeq: number;
}

/** A file in a room. Its content is not the store's. */
export interface FileRecord {
  readonly file: RoomFile;
  readonly roomId: string;
  /** Who brought it, under which key: unique together. */
  readonly userId: string;
  readonly uploadKey: string;
  readonly createdAtMs: number;
}

/** A room that comes from elsewhere. */
export interface ImportedRoom {
  readonly roomId: string;
  readonly name: string;
  readonly nameKey: string;
  /** A new one: cursors into the room's other life lead nowhere here. */
  readonly epoch: string;
  readonly createdAtMs: number;
}

export interface ImportedMember {
  readonly userId: string;
  readonly joinedSeq: number;
}

/** What retention took from a room. */
export interface ForgottenEvents {
  readonly roomId: string;
  readonly events: number;
  /** Files that no event holds any more; the store has forgotten them. */
  readonly fileIds: string[];
}

/** A message from which a search goes on to older ones. */
export interface SearchPosition {
  readonly roomId: string;
  readonly seq: number;
}

export interface SearchRecord {
  readonly hits: SearchHit[];
  /** Where to go on; null where there is nothing older. A page may hold less than was asked for and still go on. */
  readonly next: SearchPosition | null;
}

/**
 * What the server keeps. A promise that is fulfilled means: on disk. Every method rejects with `StoreFailure` only.
 * The store is the only one that gives out `seq`.
 */
export interface Store {
  /** False where the name is taken. */
  createUser(user: UserRecord): Promise<boolean>;
  findUserByNameKey(nameKey: string): Promise<KnownUser | null>;
  /** At most `limit` users with a name key above `after`, ascending. */
  listUsers(after: string, limit: number): Promise<UserListing[]>;
  /** False where there is no such user. */
  setPasswordHash(userId: string, passwordHash: string): Promise<boolean>;
  /** Ends all sessions of the user in the same step, and finds none of them from then on. The ids of those that ended. */
  disableUser(userId: string): Promise<string[]>;
  /** Takes it back. Sessions that ended stay so. Harmless where the user was not disabled. */
  enableUser(userId: string): Promise<void>;

  createSession(session: SessionRecord): Promise<void>;
  findSession(sessionId: string): Promise<SessionOwner | null>;
  findSessionByRefreshHash(refreshHash: string): Promise<SessionOwner | null>;
  /** The user's, the newest first. */
  listSessions(userId: string): Promise<SessionListing[]>;
  /**
   * Exchanges a refresh token for the next one, in one step: of two that come with the same token one is first. Who shows a token
   * that was used up ends the session, but not within `leewayMs` of its use and before the next one was used: an answer may get
   * lost.
   */
  refreshSession(refreshHash: string, next: NextToken, leewayMs: number): Promise<RefreshOutcome>;
  /** False where there is none. */
  deleteSession(sessionId: string): Promise<boolean>;
  /** The ids of those that ended. `kept` may be empty: then all do. */
  deleteSessionsExcept(userId: string, kept: string): Promise<string[]>;
  deleteSessionsExpiredBefore(atMs: number): Promise<void>;
  /** The number of the newest ending; 0 where no session ever ended. */
  lastSessionEnding(): Promise<number>;
  /** Up to `limit` endings above `afterNo`, ascending. Those of sessions that expired are not among them. */
  sessionEndings(afterNo: number, limit: number): Promise<SessionEndings>;

  /** Applies all in one transaction, in the given order. One outcome for each command, in the same order. */
  commit(commands: readonly LogCommand[]): Promise<LogOutcome[]>;
  /** Keeps the newest time at which each user was seen. */
  recordSeen(seenAtMs: ReadonlyMap<string, number>): Promise<void>;

  /** In the order of their ids. */
  roomsOf(userId: string): Promise<RoomRecord[]>;
  /** In how many rooms the user is. */
  roomCountOf(userId: string): Promise<number>;
  room(roomId: string): Promise<RoomRecord | null>;
  /** Where the logs end. Unknown rooms are missing. */
  heads(roomIds: readonly string[]): Promise<ReadonlyMap<string, LogHead>>;
  isMember(roomId: string, userId: string): Promise<boolean>;
  /** At most `limit` rooms with an id above `after`, ascending. */
  listRooms(userId: string, after: string, limit: number): Promise<RoomListing[]>;
  /** The newest `limit` events below `before` (0: from the head), ascending. Null where there is no such room. */
  history(roomId: string, before: number, limit: number): Promise<HistoryRecord | null>;
  /** Up to `limit` events above `afterSeq`, ascending. Null where there is no such room. */
  eventsAfter(roomId: string, afterSeq: number, limit: number): Promise<ResumeRecord | null>;

  /** The record that counts: the given one, or an earlier one of the same user and key. */
  addFile(record: FileRecord): Promise<FileRecord>;
  findUpload(userId: string, uploadKey: string): Promise<FileRecord | null>;
  hasFile(fileId: string): Promise<boolean>;
  /** Null where there is no such file, or the user is not in its room. */
  findFile(fileId: string, userId: string): Promise<RoomFile | null>;
  /** The ids of those that were made before `atMs` and are in no message; they are forgotten. */
  deleteUnusedFiles(atMs: number): Promise<string[]>;

  /**
   * Messages of the user's rooms that hold every word of `query`, the newest first, below `before` (null: from the newest). Null
   * where `before` is no message of the user's rooms.
   */
  search(
    userId: string,
    query: SearchQuery,
    before: SearchPosition | null,
    limit: number,
  ): Promise<SearchRecord | null>;

  /**
   * An import: `begin`, then events in the order of their numbers from 1, then `finish`, which lets the room appear with its
   * members. Nobody sees it before. False where its id or its name is taken by a room that is there.
   */
  beginImport(room: ImportedRoom): Promise<boolean>;
  /** Users, and the files that events hold, are there before (`addFile`). */
  importEvents(roomId: string, events: readonly RoomEvent[]): Promise<void>;
  finishImport(room: ImportedRoom, headSeq: number, members: readonly ImportedMember[]): Promise<void>;
  /** Takes back an import that was not finished. Nothing happens to a room that is there. */
  cancelImport(roomId: string): Promise<void>;

  /**
   * Deletes at most about `limit` events from the start of one log, the newest of which is older than `beforeMs`; the room keeps its
   * head. Of the first room with an id of at least `fromRoomId` that has such events; null where there is none.
   */
  forgetEvents(beforeMs: number, fromRoomId: string, limit: number): Promise<ForgottenEvents | null>;

  /** Fulfilled where the store answers. */
  ping(): Promise<void>;
  /** Reads all of it where that is possible. Rejects with what is damaged. */
  check(): Promise<void>;
  close(): Promise<void>;
}
