import type { ClientBase } from 'pg';

/**
 * Step n brings a database from version n to n + 1. A released step never changes; a new need is a new step. Ids and keys
 * are compared byte by byte (collation "C"), as SQLite does it.
 */
const STEPS: readonly string[] = [
  `
  CREATE EXTENSION IF NOT EXISTS pg_trgm;

  CREATE TABLE users (
    user_id TEXT COLLATE "C" PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    created_at_ms BIGINT NOT NULL,
    last_seen_ms BIGINT NOT NULL DEFAULT 0
  );

  CREATE TABLE sessions (
    session_id TEXT COLLATE "C" PRIMARY KEY,
    user_id TEXT COLLATE "C" NOT NULL REFERENCES users,
    refresh_hash TEXT COLLATE "C" NOT NULL UNIQUE,
    refresh_expires_at_ms BIGINT NOT NULL,
    created_at_ms BIGINT NOT NULL,
    device TEXT NOT NULL,
    last_used_at_ms BIGINT NOT NULL
  );
  CREATE INDEX sessions_by_user ON sessions (user_id);
  CREATE INDEX sessions_by_expiry ON sessions (refresh_expires_at_ms);

  CREATE TABLE spent_tokens (
    refresh_hash TEXT COLLATE "C" PRIMARY KEY,
    session_id TEXT COLLATE "C" NOT NULL REFERENCES sessions ON DELETE CASCADE,
    spent_at_ms BIGINT NOT NULL
  );
  CREATE INDEX spent_tokens_by_session ON spent_tokens (session_id);

  CREATE TABLE rooms (
    room_id TEXT COLLATE "C" PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL UNIQUE,
    epoch TEXT NOT NULL,
    head_seq BIGINT NOT NULL,
    last_message_seq BIGINT NOT NULL,
    created_at_ms BIGINT NOT NULL
  );

  CREATE TABLE members (
    room_id TEXT COLLATE "C" NOT NULL REFERENCES rooms,
    user_id TEXT COLLATE "C" NOT NULL REFERENCES users,
    joined_seq BIGINT NOT NULL,
    PRIMARY KEY (room_id, user_id)
  );
  CREATE INDEX members_by_user ON members (user_id);

  CREATE TABLE files (
    file_id TEXT COLLATE "C" PRIMARY KEY,
    room_id TEXT COLLATE "C" NOT NULL REFERENCES rooms,
    user_id TEXT COLLATE "C" NOT NULL REFERENCES users,
    upload_key TEXT COLLATE "C" NOT NULL,
    name TEXT NOT NULL,
    content_type TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    width_px BIGINT NOT NULL,
    height_px BIGINT NOT NULL,
    created_at_ms BIGINT NOT NULL,
    is_used BIGINT NOT NULL,
    UNIQUE (user_id, upload_key)
  );
  CREATE INDEX files_unused ON files (created_at_ms) WHERE is_used = 0;

  CREATE TABLE events (
    room_id TEXT COLLATE "C" NOT NULL REFERENCES rooms,
    seq BIGINT NOT NULL,
    at_ms BIGINT NOT NULL,
    kind TEXT NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL REFERENCES users,
    client_id TEXT COLLATE "C" NOT NULL,
    text TEXT NOT NULL,
    file_id TEXT COLLATE "C" REFERENCES files,
    PRIMARY KEY (room_id, seq)
  );
  CREATE UNIQUE INDEX messages_once ON events (room_id, user_id, client_id) WHERE kind = 'message';
  CREATE INDEX events_of_files ON events (file_id) WHERE file_id IS NOT NULL;

  CREATE TABLE search_rows (
    row_no BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    room_id TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    words TEXT COLLATE "C" NOT NULL,
    UNIQUE (room_id, seq)
  );
  CREATE INDEX search_words ON search_rows USING gin (words gin_trgm_ops);
  `,
  `
  ALTER TABLE users ADD COLUMN is_disabled BIGINT NOT NULL DEFAULT 0;
  CREATE TABLE session_endings (
    ending_no BIGINT PRIMARY KEY,
    session_id TEXT COLLATE "C" NOT NULL
  );
  CREATE TABLE session_ending_head (last_no BIGINT NOT NULL);
  INSERT INTO session_ending_head VALUES (0);
  `,
];

/** The version of a database that this server has opened. */
export const NEWEST_VERSION = STEPS.length;

/** Any number, the same in every server: who holds it migrates, the others wait. */
const MIGRATION_LOCK = 7_275_395;

async function versionOf(client: ClientBase): Promise<number> {
  await client.query('CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)');
  const { rows } = await client.query<{ version: number }>('SELECT version FROM schema_version');
  return rows[0]?.version ?? 0;
}

/** Brings the database to step `target`, the newest by default. One of a newer server is refused: its rows could be misread. */
export async function migrate(client: ClientBase, target = STEPS.length): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    const version = await versionOf(client);
    if (version > STEPS.length) {
      throw new Error(`the database has version ${version}, this server knows versions up to ${STEPS.length}`);
    }
    for (const step of STEPS.slice(version, target)) {
      await client.query(step);
    }
    if (version < target) {
      await client.query('DELETE FROM schema_version');
      await client.query('INSERT INTO schema_version VALUES ($1)', [target]);
    }
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}
