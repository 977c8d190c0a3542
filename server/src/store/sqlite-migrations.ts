import type Database from 'libsql';

/** Step n brings a file from `user_version` n to n + 1. A released step never changes; a new need is a new step. */
const STEPS: readonly string[] = [
  `
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
];

/** Brings the file to the newest step. A file of a newer server is refused: its rows could be misread. */
export function migrate(db: Database.Database): void {
  const row = db.prepare('PRAGMA user_version').get() as { user_version: number };
  if (row.user_version > STEPS.length) {
    throw new Error(`the file has version ${row.user_version}, this server knows versions up to ${STEPS.length}`);
  }
  for (let version = row.user_version; version < STEPS.length; version++) {
    db.exec(`BEGIN IMMEDIATE; ${STEPS[version]}; PRAGMA user_version = ${version + 1}; COMMIT;`);
  }
}
