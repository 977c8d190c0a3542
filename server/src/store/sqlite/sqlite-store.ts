import { SqlStore } from '../sql/sql-store';
import { StoreFailure } from '../store';
import { sqliteDialect } from './sqlite-dialect';
import { type Durability, SqliteDriver } from './sqlite-driver';

/** SQLite in one file. */
export class SqliteStore extends SqlStore {
  private readonly sqlite: SqliteDriver;

  /** Throws `StoreFailure` with a sentence that names the file. */
  constructor(path: string) {
    const driver = opened(path);
    super(driver, sqliteDialect());
    this.sqlite = driver;
  }

  /** Not where the file is another one than was opened: reading goes on then, and nothing can be written. */
  override async ping(): Promise<void> {
    try {
      this.sqlite.refuseLostFile();
    } catch (error) {
      throw new StoreFailure((error as Error).message, error);
    }
    await super.ping();
  }

  /** What SQLite says that it does, not what it was asked for. */
  durability(): Durability {
    return this.sqlite.durability();
  }
}

function opened(path: string): SqliteDriver {
  try {
    return new SqliteDriver(path);
  } catch (error) {
    throw new StoreFailure(`cannot open the database ${path}: ${(error as Error).message}`, error);
  }
}
