import Database from 'libsql';
import pg from 'pg';
import { placeOf } from '../ports/place';
import { StoreFailure } from '../store/store';

const CONNECT_TIMEOUT_MS = 5000;
/** `undefined_table`: no server was ever here. */
const NO_TABLE = '42P01';

/** The version of a database file. Nothing in it changes. */
export function sqliteVersion(path: string): number {
  const db = new Database(path);
  try {
    return (db.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
  } finally {
    db.close();
  }
}

/** The version of a database; 0 for an empty one. Nothing in it changes. Rejects with `StoreFailure`. */
export async function postgresVersion(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string }>('SELECT version FROM schema_version');
    return Number(rows[0]?.version ?? 0);
  } catch (error) {
    if ((error as { readonly code?: string }).code === NO_TABLE) {
      return 0;
    }
    throw new StoreFailure(`cannot open the database ${placeOf(url)}: ${(error as Error).message}`, error);
  } finally {
    await client.end();
  }
}
