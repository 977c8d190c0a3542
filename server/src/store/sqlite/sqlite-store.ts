import { type Clock, SystemClock } from '../../ports/clock';
import { SqlStore } from '../sql/sql-store';
import { type LogCommand, type LogOutcome, type SearchRecord, StoreFailure } from '../store';
import { IndexBacklog } from './index-backlog';
import { SearchIndexer } from './search-indexer';
import { sqliteDialect } from './sqlite-dialect';
import { type Durability, SqliteDriver } from './sqlite-driver';

/** SQLite in one file. */
export class SqliteStore extends SqlStore {
  private readonly sqlite: SqliteDriver;
  private readonly indexer: SearchIndexer;

  /** Throws `StoreFailure` with a sentence that names the file. */
  constructor(path: string, clock: Clock = new SystemClock()) {
    const driver = opened(path);
    const backlog = new IndexBacklog();
    const dialect = sqliteDialect(backlog);
    super(driver, dialect);
    this.sqlite = driver;
    this.indexer = new SearchIndexer(dialect.search, backlog, (script) => this.write(script), clock);
  }

  override async commit(commands: readonly LogCommand[]): Promise<LogOutcome[]> {
    this.indexer.committed(commands.length);
    return super.commit(commands);
  }

  override async search(...question: Parameters<SqlStore['search']>): Promise<SearchRecord | null> {
    await this.indexer.caughtUp();
    return super.search(...question);
  }

  override async close(): Promise<void> {
    this.indexer.close();
    await super.close();
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
