import { placeOf } from '../../ports/place';
import { SqlStore } from '../sql/sql-store';
import { StoreFailure } from '../store';
import { postgresDialect } from './postgres-dialect';
import { PostgresDriver, type PostgresOptions } from './postgres-driver';

/** Rejects with `StoreFailure` and a sentence that names the place and no secret. */
export async function openPostgresStore(options: PostgresOptions): Promise<SqlStore> {
  try {
    return new SqlStore(await PostgresDriver.open(options), postgresDialect());
  } catch (error) {
    throw new StoreFailure(`cannot open the database ${placeOf(options.url)}: ${(error as Error).message}`, error);
  }
}
