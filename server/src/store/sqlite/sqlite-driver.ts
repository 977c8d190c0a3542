import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'libsql';
import type { Driver } from '../sql/driver';
import type { Reply, Script } from '../sql/script';
import type { Statement } from '../sql/statement';
import { migrate } from './sqlite-migrations';

/** How long a statement waits for a lock that another process (a backup, say) holds. */
const BUSY_TIMEOUT_MS = 2000;
/** Holds the ends of some thousand logs: a commit to many rooms finds their pages here. */
const CACHE_KIB = 32_768;
/** Pages of the log that are brought into the file at once: the same page is written there once for many commits. */
const CHECKPOINT_PAGES = 2000;
/** `PRAGMA synchronous`: fsync of the log at each commit. Less would acknowledge what a power cut can take back. */
const SYNCHRONOUS_FULL = 2;

export interface Durability {
  readonly journalMode: string;
  readonly synchronous: number;
}

function readDurability(db: Database.Database): Durability {
  const { journal_mode: journalMode } = db.prepare('PRAGMA journal_mode').get() as { journal_mode: string };
  const { synchronous } = db.prepare('PRAGMA synchronous').get() as { synchronous: number };
  return { journalMode, synchronous };
}

function openDatabase(path: string): Database.Database {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const db = new Database(path, { timeout: BUSY_TIMEOUT_MS });
  db.prepare('PRAGMA journal_mode = WAL').get();
  db.exec('PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;');
  db.exec(`PRAGMA cache_size = ${-CACHE_KIB}; PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};`);
  const { journalMode, synchronous } = readDurability(db);
  if (journalMode !== 'wal' || synchronous !== SYNCHRONOUS_FULL) {
    db.close();
    throw new Error(`expected journal_mode wal and synchronous 2, got ${journalMode} and ${synchronous}`);
  }
  return db;
}

/** SQLite in one file. Scripts run at one go: while one runs, nothing else in this process can come between. */
export class SqliteDriver implements Driver {
  private readonly db: Database.Database;
  private readonly prepared = new Map<Statement<unknown, unknown>, Database.Statement>();
  /** The file's number on its disk. */
  private readonly inode: number;

  /** Brings the file to the newest version. */
  constructor(private readonly path: string) {
    this.db = openDatabase(path);
    this.inode = statSync(path).ino;
    migrate(this.db);
  }

  async transaction<T>(script: () => Script<T>): Promise<T> {
    this.refuseLostFile();
    return this.between('BEGIN IMMEDIATE', script);
  }

  async read<T>(script: () => Script<T>): Promise<T> {
    return this.between('BEGIN', script);
  }

  async check(): Promise<void> {
    this.refuseLostFile();
    const { quick_check: found } = this.db.prepare('PRAGMA quick_check(1)').get() as { quick_check: string };
    if (found !== 'ok') {
      throw new Error(`the database ${this.path} is damaged: ${found}`);
    }
  }

  async close(): Promise<void> {
    // All in one file again: who copies it while no server runs needs no other.
    this.db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
    this.db.close();
  }

  /** What SQLite says that it does, not what it was asked for. */
  durability(): Durability {
    return readDurability(this.db);
  }

  private between<T>(begin: string, script: () => Script<T>): T {
    this.db.exec(begin);
    try {
      const result = this.runThrough(script());
      this.db.exec('COMMIT');
      return result;
    } catch (error) {
      // SQLite ends the transaction itself after some errors (a full disk); a second ROLLBACK would hide the cause.
      if (this.db.inTransaction) {
        this.db.exec('ROLLBACK');
      }
      throw error;
    }
  }

  private runThrough<T>(script: Script<T>): T {
    let step = script.next();
    while (step.done !== true) {
      const { statement, params } = step.value;
      step = script.next(this.execute(statement, statement.bind(params)));
    }
    return step.value;
  }

  private execute(statement: Statement<unknown, unknown>, values: unknown[]): Reply {
    const prepared = this.prepared.get(statement) ?? this.db.prepare(statement.sql);
    this.prepared.set(statement, prepared);
    return statement.hasRows
      ? { rows: prepared.all(...values), changes: 0 }
      : { rows: [], changes: prepared.run(...values).changes };
  }

  /** SQLite goes on writing to a file that was removed or replaced: what it calls durable then is gone at the end. */
  refuseLostFile(): void {
    if (statSync(this.path, { throwIfNoEntry: false })?.ino !== this.inode) {
      throw new Error(`the database ${this.path} was removed or replaced; start the server again`);
    }
  }
}
