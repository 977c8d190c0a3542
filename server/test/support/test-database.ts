import { createHash } from 'node:crypto';
import pg from 'pg';

/** Names a PostgreSQL server whose user may create databases; set by `scripts/node-test.ts … --on postgres`. */
export const TEST_POSTGRES_VARIABLE = 'PARLEY_TEST_POSTGRES_URL';

/** The address of the database that belongs to a data folder where the run is about PostgreSQL; null where it is about SQLite. */
export async function testDatabaseOf(dataDir: string): Promise<string | null> {
  const server = process.env[TEST_POSTGRES_VARIABLE];
  if (server === undefined) {
    return null;
  }
  const name = `t_${createHash('sha256').update(dataDir).digest('hex').slice(0, 32)}`;
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
  if (rowCount === 0) {
    await client.query(`CREATE DATABASE ${name}`);
  }
  await client.end();
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}
