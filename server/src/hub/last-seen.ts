import type { Logger } from 'pino';
import type { Clock, Timer } from '../ports/clock';
import type { Store } from '../store/store';

/** Many people leave at once when a network breaks: their times share one write. */
const WRITE_AFTER_MS = 1000;
/** What another process writes is in the store by then. */
const WRITTEN_ELSEWHERE_MS = 5 * WRITE_AFTER_MS;

/** Remembers when users were last seen, and writes it a little later. A crash loses at most the newest second of it. */
export class LastSeen {
  private unwritten = new Map<string, number>();
  /** Written last: who read the store just before that does not have them yet. */
  private written: ReadonlyMap<string, number> = new Map();
  private timer: Timer | null = null;
  /** Times that another process writes: of the last seconds, and of those before. */
  private elsewhere = new Map<string, number>();
  private elsewhereBefore = new Map<string, number>();
  private elsewhereTimer: Timer | null = null;

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  note(userId: string, atMs: number): void {
    this.unwritten.set(userId, Math.max(atMs, this.unwritten.get(userId) ?? 0));
    this.timer ??= this.clock.setTimer(WRITE_AFTER_MS, () => void this.write());
  }

  /** Another process writes it; until then it is known here. */
  heard(userId: string, atMs: number): void {
    this.elsewhere.set(userId, Math.max(atMs, this.elsewhere.get(userId) ?? 0));
    this.elsewhereTimer ??= this.clock.setTimer(WRITTEN_ELSEWHERE_MS, () => this.forgetElsewhere());
  }

  /** The newest of what the store said and what it does not know yet. */
  of(userId: string, storedMs: number): number {
    const known = [this.unwritten, this.written, this.elsewhere, this.elsewhereBefore];
    return Math.max(storedMs, ...known.map((times) => times.get(userId) ?? 0));
  }

  async write(): Promise<void> {
    this.timer?.cancel();
    this.timer = null;
    if (this.unwritten.size === 0) {
      return;
    }
    const batch = new Map(this.unwritten);
    try {
      await this.store.recordSeen(batch);
      this.written = batch;
      batch.forEach((atMs, userId) => {
        if (this.unwritten.get(userId) === atMs) {
          this.unwritten.delete(userId);
        }
      });
    } catch (error) {
      this.log.warn({ err: error, users: batch.size }, 'last seen times not written');
    }
  }

  dispose(): void {
    this.timer?.cancel();
    this.timer = null;
    this.elsewhereTimer?.cancel();
    this.elsewhereTimer = null;
  }

  private forgetElsewhere(): void {
    this.elsewhereBefore = this.elsewhere;
    this.elsewhere = new Map();
    const isEmpty = this.elsewhereBefore.size === 0;
    this.elsewhereTimer = isEmpty ? null : this.clock.setTimer(WRITTEN_ELSEWHERE_MS, () => this.forgetElsewhere());
  }
}
