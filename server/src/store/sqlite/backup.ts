import { existsSync } from 'node:fs';
import Database from 'libsql';
import { StoreFailure } from '../store';

/**
 * Writes the database at `path` as it is at this moment into a new file, whole and checked, while a server may go on with it.
 * Blocks until it is done. Throws `StoreFailure`; then there may be a part of the new file.
 */
export function backupSqlite(path: string, target: string): void {
  if (!existsSync(path)) {
    throw new StoreFailure(`${path}: expected a database, got no file`);
  }
  if (existsSync(target)) {
    throw new StoreFailure(`${target}: expected a name that is free, got an existing file`);
  }
  try {
    const db = new Database(path);
    try {
      db.prepare('VACUUM INTO ?').run(target);
    } finally {
      db.close();
    }
    const copy = new Database(target);
    try {
      const { quick_check: found } = copy.prepare('PRAGMA quick_check(1)').get() as { quick_check: string };
      if (found !== 'ok') {
        throw new Error(`the copy is damaged: ${found}`);
      }
    } finally {
      copy.close();
    }
  } catch (error) {
    throw new StoreFailure(`cannot back up ${path}: ${(error as Error).message}`, error);
  }
}
