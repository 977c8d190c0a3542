import { join } from 'node:path';
import Database from 'libsql';
import { SettingError } from '../settings';

const FILE_NAME = 'server.lock';

export interface DataDirLock {
  release(): void;
}

/**
 * Keeps `dataDir` for this process: a second server would write the same logs, and neither would bring the other's events
 * to its own connections. The lock is SQLite's on a file of its own: the system drops it with the process, however that
 * ends, and backups of the database are not in its way.
 */
export function lockDataDir(dataDir: string): DataDirLock {
  let db: Database.Database | null = null;
  try {
    db = new Database(join(dataDir, FILE_NAME), { timeout: 0 });
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db?.close();
    throw new SettingError('DATA_DIR', 'a folder that no other server uses', `${dataDir}: ${(error as Error).message}`);
  }
  const held = db;
  return { release: () => void held.close() };
}
