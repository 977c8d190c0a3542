import { setTimeout } from 'node:timers/promises';
import type { LogCommand, LogOutcome, Store } from '../store/store';
import type { CommandEnd, CommandObserver } from './command-observer';

export type CommitResult = { readonly outcome: LogOutcome } | { readonly error: unknown };

/** Called as soon as the outcome is on disk, before the same outcome is published. */
export type Settle = (result: CommitResult) => void;

/** Brings a committed outcome to those who must see it. Must not throw and must not wait. */
export type Publish = (command: LogCommand, outcome: LogOutcome) => void;

interface CommandItem {
  readonly kind: 'command';
  readonly command: LogCommand;
  readonly settle: Settle;
  readonly end: CommandEnd | undefined;
}

type Item = CommandItem | { readonly kind: 'reading'; readonly read: () => Promise<void> };

/** Most commands of one transaction: bounds how long the event loop stands still. */
const MAX_BATCH = 256;

/** A commit of so many commands had company: more are on their way. */
const COMPANY = 3;
/** Enough to share the price of a commit. */
const MANY = 32;
/** So many times a commit waits `GATHER_MS` for more, as long as some come. */
const GATHERINGS = 4;
const GATHER_MS = 1;

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/**
 * The one line in which everything that writes a log waits. It gives two orders their ground: the log's (commands are
 * committed in the order of submission) and the fan-out's (each outcome is published before the next is looked at).
 * Commands that wait in the same turn of the event loop share one transaction and so one fsync.
 *
 * A reading stands in the same line: between the moment it reads and the moment it returns nothing is published, so what
 * it read and what is published later have neither gap nor overlap. What other processes committed is held back meanwhile.
 */
export class CommitLine {
  private readonly items: Item[] = [];
  private idleWaiters: (() => void)[] = [];
  private isWorking = false;
  private isReading = false;
  private lastBatch = 0;
  private held: (() => void)[] = [];

  constructor(
    private readonly store: Store,
    private readonly publish: Publish,
    private readonly onDefect: (error: unknown) => void,
    /** The store failed: whether the command was done is not known. */
    private readonly onFailed: (command: LogCommand) => void = () => undefined,
    private readonly observer: CommandObserver | null = null,
    private readonly wait: (ms: number) => Promise<unknown> = setTimeout,
  ) {}

  submit(command: LogCommand, settle: Settle): void {
    this.add({ kind: 'command', command, settle, end: this.observer?.beginCommand(command) });
  }

  /** The outcome, once it is on disk. Rejects where the store failed. */
  run(command: LogCommand): Promise<LogOutcome> {
    return new Promise((resolve, reject) => {
      this.submit(command, (result) => ('outcome' in result ? resolve(result.outcome) : reject(result.error)));
    });
  }

  /** Runs `read` when its turn comes; the line stands still until it is done. */
  read<T>(read: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.add({ kind: 'reading', read: () => read().then(resolve, reject) });
    });
  }

  /** For what is published and did not come out of this line: runs it now, or right after the reading that is under way. */
  whenQuiet(run: () => void): void {
    if (this.isReading) {
      this.held.push(run);
    } else {
      run();
    }
  }

  /** Fulfilled when the line is empty. */
  idle(): Promise<void> {
    return this.isWorking ? new Promise((resolve) => this.idleWaiters.push(resolve)) : Promise.resolve();
  }

  private add(item: Item): void {
    this.items.push(item);
    if (!this.isWorking) {
      this.isWorking = true;
      this.work().catch(this.onDefect);
    }
  }

  private async work(): Promise<void> {
    while (this.items.length > 0) {
      await nextTurn();
      const first = this.items[0];
      if (first?.kind === 'reading') {
        this.items.shift();
        this.isReading = true;
        await first.read();
        this.isReading = false;
        this.runHeld();
      } else {
        await this.commitWaiting();
      }
    }
    // No await between the last look at `items` and this: an item added later starts the work anew.
    this.isWorking = false;
    this.idleWaiters.splice(0).forEach((resolve) => resolve());
  }

  private runHeld(): void {
    this.held.splice(0).forEach((run) => {
      try {
        run();
      } catch (error) {
        this.onDefect(error);
      }
    });
  }

  /**
   * A commit costs about the same for one command as for ten: where the one before had company, this one waits for more. Who
   * writes alone never waits.
   */
  private async gather(): Promise<void> {
    for (let i = 0, before = 0; i < GATHERINGS && this.lastBatch >= COMPANY && this.items.length < MANY; i++) {
      if (this.items.length === before) {
        return;
      }
      before = this.items.length;
      await this.wait(GATHER_MS);
    }
  }

  private async commitWaiting(): Promise<void> {
    await this.gather();
    const batch: CommandItem[] = [];
    while (batch.length < MAX_BATCH && this.items[0]?.kind === 'command') {
      batch.push(this.items.shift() as CommandItem);
    }
    this.lastBatch = batch.length;
    const results = await this.commit(batch);
    batch.forEach((item, index) => {
      const result = results[index] ?? { error: new Error(`expected ${batch.length} outcomes, got ${index}`) };
      try {
        item.settle(result);
        item.end?.answered(result);
        if ('outcome' in result) {
          this.publish(item.command, result.outcome);
          item.end?.published();
        } else {
          this.onFailed(item.command);
        }
      } catch (error) {
        // One command's defect must not stop the line for everyone else.
        this.onDefect(error);
      }
    });
  }

  private async commit(batch: readonly CommandItem[]): Promise<CommitResult[]> {
    try {
      return (await this.store.commit(batch.map((item) => item.command))).map((outcome) => ({ outcome }));
    } catch (error) {
      return batch.map(() => ({ error }));
    }
  }
}
