import pg from 'pg';
import type { Driver } from '../sql/driver';
import type { Ask, Reply, Script } from '../sql/script';
import type { Statement } from '../sql/statement';
import { migrate } from './postgres-migrations';

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database` */
  readonly url: string;
  /** Connections at most. */
  readonly poolSize: number;
  /** Told of connections that broke while nobody used them. */
  readonly onIdleError: (error: Error) => void;
}

const CONNECT_TIMEOUT_MS = 5000;
/** A statement that takes longer is stopped: nothing here should. */
const STATEMENT_TIMEOUT_MS = 30_000;
/** How often a transaction is tried again that another process came between. */
const MAX_ATTEMPTS = 10;

/** serialization_failure, deadlock_detected, unique_violation: another one was first, the next attempt sees what it did. */
const CONFLICTS = new Set(['40001', '40P01', '23505']);

/** BIGINT and COUNT as numbers: times in ms and positions stay far below 2^53. */
const INT8 = 20;

const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === INT8 ? Number : (pg.types.getTypeParser(oid, format as 'text') as (value: string) => unknown),
};

function isConflict(error: unknown): boolean {
  return CONFLICTS.has((error as { readonly code?: string }).code ?? '');
}

async function setting(client: pg.ClientBase, name: string): Promise<string> {
  const { rows } = await client.query<{ value: string }>('SELECT current_setting($1) AS value', [name]);
  return rows[0]?.value ?? '';
}

/** Throws where the database would acknowledge what a power cut can take back. */
async function refuseUnsafe(client: pg.ClientBase): Promise<void> {
  for (const name of ['fsync', 'synchronous_commit', 'full_page_writes']) {
    const value = await setting(client, name);
    if (value === 'off') {
      throw new Error(`${name}: expected on, got off`);
    }
  }
}

/** PostgreSQL. Each script has a connection of its own while it runs. */
export class PostgresDriver implements Driver {
  private readonly names = new Map<Statement<unknown, unknown>, string>();

  private constructor(private readonly pool: pg.Pool) {}

  /** Brings the database to the newest version. Rejects with what is wrong, and then holds no connection. */
  static async open({ url, poolSize, onIdleError }: PostgresOptions): Promise<PostgresDriver> {
    const pool = new pg.Pool({
      connectionString: url,
      max: poolSize,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
      application_name: 'parley',
      types,
    });
    pool.on('error', onIdleError);
    try {
      const client = await pool.connect();
      try {
        await refuseUnsafe(client);
        await migrate(client);
      } finally {
        client.release();
      }
    } catch (error) {
      await pool.end();
      throw error;
    }
    return new PostgresDriver(pool);
  }

  async transaction<T>(script: () => Script<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.between('BEGIN', script);
      } catch (error) {
        if (!isConflict(error) || attempt === MAX_ATTEMPTS) {
          throw error;
        }
      }
    }
  }

  read<T>(script: () => Script<T>): Promise<T> {
    return this.between('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', script);
  }

  async check(): Promise<void> {
    const client = await this.pool.connect();
    try {
      await refuseUnsafe(client);
    } finally {
      client.release();
    }
  }

  close(): Promise<void> {
    return this.pool.end();
  }

  private async between<T>(begin: string, script: () => Script<T>): Promise<T> {
    const client = await this.pool.connect();
    let isBroken = false;
    // Tells of a connection that breaks between two statements; the next statement fails with it.
    const onError = (): void => {
      isBroken = true;
    };
    client.on('error', onError);
    try {
      await client.query(begin);
      const result = await this.runThrough(client, script());
      await client.query('COMMIT');
      return result;
    } catch (error) {
      isBroken = isBroken || !(await rolledBack(client));
      throw error;
    } finally {
      client.removeListener('error', onError);
      client.release(isBroken);
    }
  }

  private async runThrough<T>(client: pg.ClientBase, script: Script<T>): Promise<T> {
    let step = script.next();
    while (step.done !== true) {
      step = script.next(await this.execute(client, step.value));
    }
    return step.value;
  }

  /** Named, so that each connection parses and plans a statement once. */
  private async execute(client: pg.ClientBase, { statement, params }: Ask): Promise<Reply> {
    const name = this.names.get(statement) ?? `parley_${this.names.size}`;
    this.names.set(statement, name);
    const { rows, rowCount } = await client.query({ name, text: statement.sql, values: statement.bind(params) });
    return { rows, changes: rowCount ?? 0 };
  }
}

/** False where the connection is of no use any more. */
async function rolledBack(client: pg.ClientBase): Promise<boolean> {
  try {
    await client.query('ROLLBACK');
    return true;
  } catch {
    return false; // The error that led here says more than this one.
  }
}
