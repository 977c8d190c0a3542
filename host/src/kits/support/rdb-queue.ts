import { KitError } from './business-error.js';
import type { Images } from './rdb-images.js';
import { CLOSED, sqlError } from './rdb-values.js';
import { SqliteDatabase } from './sqlite.js';

/** A version that no image has: what is in memory counts for nothing. */
const NOTHING_KNOWN = 'nothing';

type Outcome = { readonly value: unknown } | { readonly error: Error };

interface Job {
  readonly isWrite: boolean;
  readonly action: (database: SqliteDatabase) => unknown;
  readonly settle: (outcome: Outcome) => void;
}

/**
 * The calls of one database in their order. All that wait for the same kind of turn share one, and with it one write of the
 * image: a promise resolves when what its call did is durable, and each call happens whole or not at all.
 */
export class RdbQueue {
  private database: SqliteDatabase | null = null;
  private known = NOTHING_KNOWN;
  private jobs: Job[] = [];
  private isBusy = false;
  isClosed = false;

  private constructor(
    private readonly name: string,
    private readonly images: Images,
    private readonly make: (image: Uint8Array | null) => SqliteDatabase,
  ) {}

  static async open(name: string, images: Images): Promise<RdbQueue> {
    const queue = new RdbQueue(name, images, await SqliteDatabase.maker());
    await queue.add(false, (database) => database.all('PRAGMA schema_version'));
    return queue;
  }

  add<T>(isWrite: boolean, action: (database: SqliteDatabase) => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.isClosed) {
        throw closed();
      }
      const settle = (outcome: Outcome): void =>
        'error' in outcome ? reject(outcome.error) : resolve(outcome.value as T);
      this.jobs.push({ isWrite, action, settle });
      void this.work();
    });
  }

  /** On what is in memory, for the few APIs that do not wait. */
  now<T>(action: (database: SqliteDatabase) => T): T {
    if (this.isClosed || this.database === null) {
      throw closed();
    }
    return action(this.database);
  }

  /** Lets the calls before it end. */
  async close(): Promise<void> {
    if (!this.isClosed) {
      await this.add(false, () => undefined);
      this.isClosed = true;
      this.database?.close();
      this.database = null;
    }
  }

  private async work(): Promise<void> {
    if (this.isBusy) {
      return;
    }
    this.isBusy = true;
    // The caller goes on first, as on a device; and calls that are made together share a turn.
    await Promise.resolve();
    while (this.jobs.length > 0) {
      await this.turn(this.nextBatch());
    }
    this.isBusy = false;
  }

  private nextBatch(): Job[] {
    const isWrite = this.jobs[0]?.isWrite;
    const end = this.jobs.findIndex((job) => job.isWrite !== isWrite);
    return this.jobs.splice(0, end < 0 ? this.jobs.length : end);
  }

  private async turn(batch: readonly Job[]): Promise<void> {
    const isWrite = batch[0]?.isWrite === true;
    let outcomes: Outcome[] = [];
    try {
      this.known = await this.images.take(this.name, isWrite, this.known, (image) => {
        const database = this.refresh(image);
        outcomes = batch.map((job) => attempt(database, job));
        return isWrite && outcomes.some((outcome) => 'value' in outcome) ? database.image() : null;
      });
    } catch (error) {
      // What is in memory was not stored: the next turn begins with what was.
      this.known = NOTHING_KNOWN;
      outcomes = batch.map(() => ({ error: sqlError(error) }));
    }
    batch.forEach((job, index) => job.settle(outcomes[index] ?? { error: closed() }));
  }

  private refresh(image: Uint8Array | null | undefined): SqliteDatabase {
    if (image !== undefined || this.database === null) {
      this.database?.close();
      this.database = null;
      this.database = this.make(image ?? null);
    }
    return this.database;
  }
}

function attempt(database: SqliteDatabase, job: Job): Outcome {
  if (!job.isWrite) {
    return outcomeOf(() => job.action(database));
  }
  database.run('SAVEPOINT call');
  const outcome = outcomeOf(() => job.action(database));
  // A conflict with OR ROLLBACK has ended the savepoint too.
  if ('error' in outcome) {
    outcomeOf(() => database.run('ROLLBACK TO call'));
  }
  outcomeOf(() => database.run('RELEASE call'));
  return outcome;
}

function outcomeOf(action: () => unknown): Outcome {
  try {
    return { value: action() };
  } catch (error) {
    return { error: sqlError(error) };
  }
}

function closed(): KitError {
  return new KitError(CLOSED, 'The store is closed.');
}
