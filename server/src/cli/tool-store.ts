import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Settings } from '../settings';
import { type DataDirLock, lockDataDir } from '../store/data-dir-lock';
import { DATABASE_FILE, openStore } from '../store/open-store';
import { NEWEST_VERSION as NEWEST_POSTGRES_VERSION } from '../store/postgres/postgres-migrations';
import { NEWEST_VERSION as NEWEST_SQLITE_VERSION } from '../store/sqlite/sqlite-migrations';
import type { Store } from '../store/store';
import { CommandFailure } from './command';
import { postgresVersion, sqliteVersion } from './database-version';

/**
 * - `read`, `write`: also while a server runs. Both databases let others read and write beside it; what is written this way are rows
 *   that a server reads anew each time (users, sessions).
 * - `alone`: no server may run on the data folder, because it would not notice what is written (logs of rooms).
 */
export type StoreUse = 'read' | 'write' | 'alone';

type Work<T> = (store: Store) => Promise<T>;

function lockIfFree(dataDir: string): DataDirLock | null {
  try {
    return lockDataDir(dataDir);
  } catch {
    return null; // A server has it; opening the database will tell of any other reason.
  }
}

function lockAlone(dataDir: string): DataDirLock {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const lock = lockIfFree(dataDir);
  if (lock === null) {
    throw new CommandFailure(
      `DATA_DIR: expected a folder on which no server runs, got ${dataDir}; stop the server first`,
    );
  }
  return lock;
}

async function worked<T>(settings: Settings, work: Work<T>): Promise<T> {
  const store = await openStore(settings, pino({ level: 'silent' }));
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

function otherVersion(newest: number, version: number): CommandFailure {
  return new CommandFailure(
    `expected a database of version ${newest}, got ${version}: servers of another version may run on it; ` +
      'use their parley-server, or start this server first',
  );
}

async function withPostgres<T>(url: string, settings: Settings, use: StoreUse, work: Work<T>): Promise<T> {
  // Any number of servers may run on it, and nobody knows which: the format is theirs to change.
  const version = await postgresVersion(url);
  if (version === 0 && use === 'read') {
    throw new CommandFailure('DATABASE_URL: expected the database of a server, got an empty one');
  }
  if (version !== 0 && version !== NEWEST_POSTGRES_VERSION) {
    throw otherVersion(NEWEST_POSTGRES_VERSION, version);
  }
  // Files in the data folder are the running server's: what it takes in right now would be taken for left over.
  const lock = use === 'alone' && settings.filesDir === null ? lockAlone(settings.dataDir) : null;
  try {
    return await worked(settings, work);
  } finally {
    lock?.release();
  }
}

async function withSqlite<T>(settings: Settings, use: StoreUse, work: Work<T>): Promise<T> {
  const { dataDir } = settings;
  const path = join(dataDir, DATABASE_FILE);
  if (!existsSync(path) && use === 'read') {
    throw new CommandFailure(`DATA_DIR: expected a folder with the database ${DATABASE_FILE}, got ${dataDir}`);
  }
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const lock = use === 'alone' ? lockAlone(dataDir) : lockIfFree(dataDir);
  try {
    if (lock === null && sqliteVersion(path) !== NEWEST_SQLITE_VERSION) {
      throw otherVersion(NEWEST_SQLITE_VERSION, sqliteVersion(path));
    }
    return await worked(settings, work);
  } finally {
    lock?.release();
  }
}

/**
 * The store of the server with `settings`, for a command. Never changes the format of a database that a running server may use.
 * Throws `CommandFailure` and `StoreFailure`.
 */
export function withStore<T>(settings: Settings, use: StoreUse, work: Work<T>): Promise<T> {
  const { databaseUrl } = settings;
  return databaseUrl === null ? withSqlite(settings, use, work) : withPostgres(databaseUrl, settings, use, work);
}
