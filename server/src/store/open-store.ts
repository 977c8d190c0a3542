import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Settings } from '../settings';
import { openPostgresStore } from './postgres/postgres-store';
import { SqliteStore } from './sqlite/sqlite-store';
import type { Store } from './store';

/** In the data folder. */
export const DATABASE_FILE = 'parley.db';

/** The store that the settings name. Rejects with `StoreFailure`. */
export async function openStore({ dataDir, databaseUrl, databasePoolSize }: Settings, log: Logger): Promise<Store> {
  if (databaseUrl === null) {
    return new SqliteStore(join(dataDir, DATABASE_FILE));
  }
  return openPostgresStore({
    url: databaseUrl,
    poolSize: databasePoolSize,
    onIdleError: (error) => log.warn({ err: error }, 'a connection to the database broke'),
  });
}
