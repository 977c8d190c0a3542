import { existsSync, statSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readSettings } from '../settings';
import { DATABASE_FILE } from '../store/open-store';
import { backupSqlite } from '../store/sqlite/backup';
import { type Command, CommandFailure } from './command';

/** What only its owner may read: a database holds what people said and the hashes of their passwords. */
const OWNER_ONLY = 0o077;

export const backup: Command = {
  words: ['backup'],
  operands: ['FILE'],
  options: {},
  summary: 'the SQLite database as it is at this moment, in a new file, checked',
  notes:
    'While a server runs, too. The files of rooms (files/ in DATA_DIR, or FILES_DIR) and token-secret are copied apart, after it: a file is on disk before ' +
    'the database names it. For PostgreSQL use pg_dump.',
  async run({ terminal, clock, operands: [target = ''] }) {
    const { databaseUrl, dataDir } = readSettings(terminal.env);
    if (databaseUrl !== null) {
      throw new CommandFailure('DATABASE_URL: expected none, because this is for SQLite; PostgreSQL has pg_dump');
    }
    if (existsSync(target)) {
      throw new CommandFailure(`FILE: expected a name that is free, got the existing ${target}`);
    }
    const sinceMs = clock.nowMs();
    const partial = `${target}.partial`;
    const umask = process.umask(OWNER_ONLY);
    try {
      await rm(partial, { force: true });
      backupSqlite(join(dataDir, DATABASE_FILE), partial);
      await rename(partial, target);
    } catch (error) {
      await rm(partial, { force: true });
      throw error;
    } finally {
      process.umask(umask);
    }
    const { size } = statSync(target);
    terminal.note(`${target}: ${size} bytes in ${clock.nowMs() - sinceMs} ms\n`);
    return 0;
  },
};
