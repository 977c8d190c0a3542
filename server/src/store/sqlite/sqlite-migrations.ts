import type Database from 'libsql';
import { fillSearchIndex } from './fill-search-index';

interface Step {
  readonly sql: string;
  /** What SQL cannot do; in the same transaction. */
  readonly fill?: (db: Database.Database) => void;
}

/**
 * Step n brings a file from `user_version` n to n + 1. A released step never changes; a new need is a new step. So is another
 * way to fold text (`search/fold`): it has to fill the index again.
 */
const STEPS: readonly Step[] = [
  {
    sql: `
  CREATE TABLE users (
    user_id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    last_seen_ms INTEGER NOT NULL DEFAULT 0
  ) STRICT;

  CREATE TABLE sessions (
    session_id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (user_id),
    refresh_hash TEXT NOT NULL UNIQUE,
    refresh_expires_at_ms INTEGER NOT NULL,
    created_at_ms INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE rooms (
    room_id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    epoch TEXT NOT NULL,
    head_seq INTEGER NOT NULL,
    last_message_seq INTEGER NOT NULL,
    created_at_ms INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE members (
    room_id TEXT NOT NULL REFERENCES rooms (room_id),
    user_id TEXT NOT NULL REFERENCES users (user_id),
    joined_seq INTEGER NOT NULL,
    PRIMARY KEY (room_id, user_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX members_by_user ON members (user_id);

  CREATE TABLE events (
    room_id TEXT NOT NULL REFERENCES rooms (room_id),
    seq INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    kind TEXT NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (user_id),
    client_id TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (room_id, seq)
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX messages_once ON events (room_id, user_id, client_id) WHERE kind = 'message';
  `,
  },
  {
    sql: `
  CREATE TABLE files (
    file_id TEXT PRIMARY KEY,
    room_id TEXT NOT NULL REFERENCES rooms (room_id),
    user_id TEXT NOT NULL REFERENCES users (user_id),
    upload_key TEXT NOT NULL,
    name TEXT NOT NULL,
    content_type TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    width_px INTEGER NOT NULL,
    height_px INTEGER NOT NULL,
    created_at_ms INTEGER NOT NULL,
    is_used INTEGER NOT NULL,
    UNIQUE (user_id, upload_key)
  ) STRICT;
  CREATE INDEX files_unused ON files (created_at_ms) WHERE is_used = 0;
  ALTER TABLE events ADD COLUMN file_id TEXT REFERENCES files (file_id);
  CREATE INDEX events_of_files ON events (file_id) WHERE file_id IS NOT NULL;

  CREATE TABLE search_rows (
    row_no INTEGER PRIMARY KEY,
    room_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    UNIQUE (room_id, seq)
  ) STRICT;
  CREATE VIRTUAL TABLE search_index USING fts5 (
    room, words, content = '', contentless_delete = 1, tokenize = 'trigram case_sensitive 1'
  );
  `,
    fill: fillSearchIndex,
  },
  {
    sql: `
  ALTER TABLE sessions ADD COLUMN device TEXT NOT NULL DEFAULT '';
  ALTER TABLE sessions ADD COLUMN last_used_at_ms INTEGER NOT NULL DEFAULT 0;
  UPDATE sessions SET last_used_at_ms = created_at_ms;
  CREATE INDEX sessions_by_user ON sessions (user_id);
  CREATE INDEX sessions_by_expiry ON sessions (refresh_expires_at_ms);
  CREATE TABLE spent_tokens (
    refresh_hash TEXT PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES sessions (session_id) ON DELETE CASCADE,
    spent_at_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX spent_tokens_by_session ON spent_tokens (session_id);
  `,
  },
  {
    // Without places, and merged where `SqliteSearchIndex` says so: half the time for each message, and no long stops.
    sql: `
  DROP TABLE search_index;
  DELETE FROM search_rows;
  CREATE VIRTUAL TABLE search_index USING fts5 (
    room, words, content = '', contentless_delete = 1, detail = none, tokenize = 'trigram case_sensitive 1'
  );
  INSERT INTO search_index (search_index, rank) VALUES ('automerge', 0), ('crisismerge', 1000), ('usermerge', 8);
  `,
    fill: fillSearchIndex,
  },
  {
    sql: `
  ALTER TABLE users ADD COLUMN is_disabled INTEGER NOT NULL DEFAULT 0;
  CREATE TABLE session_endings (
    ending_no INTEGER PRIMARY KEY,
    session_id TEXT NOT NULL
  ) STRICT;
  CREATE TABLE session_ending_head (last_no INTEGER NOT NULL) STRICT;
  INSERT INTO session_ending_head VALUES (0);
  `,
  },
];

/** The version of a file that this server has opened. */
export const NEWEST_VERSION = STEPS.length;

function take(db: Database.Database, step: Step, newVersion: number): void {
  db.exec(`BEGIN IMMEDIATE; ${step.sql}`);
  step.fill?.(db);
  db.exec(`PRAGMA user_version = ${newVersion}; COMMIT;`);
}

/** Brings the file to step `target`, the newest by default. A file of a newer server is refused: its rows could be misread. */
export function migrate(db: Database.Database, target = STEPS.length): void {
  const row = db.prepare('PRAGMA user_version').get() as { user_version: number };
  if (row.user_version > STEPS.length) {
    throw new Error(`the file has version ${row.user_version}, this server knows versions up to ${STEPS.length}`);
  }
  STEPS.slice(row.user_version, target).forEach((step, index) => take(db, step, row.user_version + index + 1));
}
