import type { Clock, Timer } from '../../ports/clock';
import type { Script } from '../sql/script';
import type { IndexBacklog } from './index-backlog';
import type { SqliteSearchIndex } from './sqlite-search-index';

/** Messages of one transaction: bounds how long the event loop stands still. */
const STEP = 128;
/** With so many behind, a rush waits for the index, and its steps have no pause. */
export const MAX_BEHIND = 20_000;
/** Between steps, and until there is enough for a whole one. */
const PAUSE_MS = 10;
const GATHER_MS = 250;
const RETRY_MS = 1000;
/** Commands of one commit from which on senders wait for the disk: then commits go first. */
const RUSH = 48;

export type RunStep = (script: () => Script<void>) => Promise<void>;

/**
 * Brings messages into the search index behind their commits, many at once: nobody waits for the index at an ack. What a crash
 * leaves behind is found at the next start.
 */
export class SearchIndexer {
  private timer: Timer | null = null;
  private largestCommit = 0;
  private isClosed = false;
  /** Until the first step nobody knows what an earlier process left behind. */
  private isCounted = false;
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly index: SqliteSearchIndex,
    private readonly backlog: IndexBacklog,
    private readonly run: RunStep,
    private readonly clock: Clock,
  ) {
    backlog.onNoted = () => this.wake(GATHER_MS);
    this.wake(GATHER_MS);
  }

  /** How many commands shared a commit. */
  committed(count: number): void {
    this.largestCommit = Math.max(this.largestCommit, count);
  }

  /** Fulfilled when all that is on disk now is in the index. Rejects where the store failed. */
  async caughtUp(): Promise<void> {
    if (!this.isCounted) {
      await this.step();
    }
    for (let left = this.backlog.size; left > 0; left -= STEP) {
      await this.step();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Nothing runs by itself any more. */
  close(): void {
    this.isClosed = true;
    this.timer?.cancel();
  }

  private wake(afterMs: number): void {
    if (this.timer === null && !this.isClosed) {
      this.timer = this.clock.setTimer(afterMs, () => {
        this.timer = null;
        this.work().then(
          () => this.backlog.size > 0 && this.wake(this.pauseMs),
          () => this.wake(RETRY_MS),
        );
      });
    }
  }

  private get pauseMs(): number {
    const { size } = this.backlog;
    return size < STEP ? GATHER_MS : size < MAX_BEHIND ? PAUSE_MS : 0;
  }

  private async work(): Promise<void> {
    const isRush = this.largestCommit >= RUSH;
    this.largestCommit = 0;
    if (!isRush || this.backlog.size >= MAX_BEHIND) {
      await this.step();
    }
  }

  /** One after the other: each takes what the one before left. */
  private step(): Promise<void> {
    const step = this.last.then(() => this.runStep());
    this.last = step.catch(() => undefined);
    return step;
  }

  private async runStep(): Promise<void> {
    const { index, backlog } = this;
    if (!this.isCounted) {
      await this.run(function* () {
        backlog.reset(yield* index.allUnindexed());
      });
      this.isCounted = true;
    }
    const keys = backlog.peek(STEP);
    if (keys.length > 0) {
      await this.run(() => index.index(keys));
      backlog.forget(keys.length);
    }
  }
}
