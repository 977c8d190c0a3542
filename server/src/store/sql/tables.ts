import type { EventKind } from '../../../../common/core/src/main/ets/wire/Frames';

/** The epoch of a room whose import is not finished: nobody sees it. */
export const IMPORTING = '';

/** The columns as queries see them. What they are in each database is in its migrations. */
export interface UsersTable {
  user_id: string;
  name: string;
  name_key: string;
  password_hash: string;
  created_at_ms: number;
  last_seen_ms: number;
  /** 1: cannot sign in. */
  is_disabled: number;
}

export interface SessionsTable {
  session_id: string;
  user_id: string;
  refresh_hash: string;
  refresh_expires_at_ms: number;
  created_at_ms: number;
  device: string;
  last_used_at_ms: number;
}

/** Refresh tokens that were used up. */
export interface SpentTokensTable {
  refresh_hash: string;
  session_id: string;
  spent_at_ms: number;
}

/** The newest of the sessions that ended, numbered 1, 2, 3 … in the order in which their transactions were committed. */
export interface SessionEndingsTable {
  ending_no: number;
  session_id: string;
}

/** One row, which whoever ends sessions holds until the end of the transaction: so no number shows before a smaller one. */
export interface SessionEndingHeadTable {
  last_no: number;
}

export interface RoomsTable {
  room_id: string;
  name: string;
  name_key: string;
  epoch: string;
  head_seq: number;
  /** 0: none. The message itself may be forgotten. */
  last_message_seq: number;
  created_at_ms: number;
}

export interface MembersTable {
  room_id: string;
  user_id: string;
  joined_seq: number;
}

export interface EventsTable {
  room_id: string;
  seq: number;
  at_ms: number;
  kind: EventKind;
  user_id: string;
  /** Empty where the event is no message. */
  client_id: string;
  text: string;
  file_id: string | null;
}

export interface FilesTable {
  file_id: string;
  room_id: string;
  user_id: string;
  upload_key: string;
  name: string;
  content_type: string;
  size_bytes: number;
  width_px: number;
  height_px: number;
  created_at_ms: number;
  /** 1: in a message. */
  is_used: number;
}

/** Messages that a search can find; `row_no` rises in about the order in which they were written. */
export interface SearchRowsTable {
  row_no: number;
  room_id: string;
  seq: number;
  /** PostgreSQL only: the folded text. */
  words: string;
}

/** SQLite only: FTS5 over trigrams. */
export interface SearchIndexTable {
  rowid: number;
  room: string;
  words: string;
  search_index: string;
  rank: number;
}

export interface Tables {
  users: UsersTable;
  sessions: SessionsTable;
  spent_tokens: SpentTokensTable;
  session_endings: SessionEndingsTable;
  session_ending_head: SessionEndingHeadTable;
  rooms: RoomsTable;
  members: MembersTable;
  events: EventsTable;
  files: FilesTable;
  search_rows: SearchRowsTable;
  search_index: SearchIndexTable;
}
