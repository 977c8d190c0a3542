import type { Clock } from '../ports/clock';

const TOKEN = 1000;

/** `burst` at once, `perSecond` on average. */
export class TokenBucket {
  /** In thousandths of a token: whole numbers, so that waiting for the advised time is exactly enough. */
  private credit: number;
  private filledAtMs: number;

  constructor(
    private readonly clock: Clock,
    private readonly perSecond: number,
    private readonly burst: number,
  ) {
    this.credit = burst * TOKEN;
    this.filledAtMs = clock.nowMs();
  }

  /** Takes `amount` tokens. 0 where there were as many, else the time until there are; then none is taken. */
  take(amount = 1): number {
    const nowMs = this.clock.nowMs();
    const elapsedMs = Math.max(0, nowMs - this.filledAtMs);
    this.credit = Math.min(this.burst * TOKEN, this.credit + elapsedMs * this.perSecond);
    this.filledAtMs = nowMs;
    if (this.credit >= amount * TOKEN) {
      this.credit -= amount * TOKEN;
      return 0;
    }
    return Math.ceil((amount * TOKEN - this.credit) / this.perSecond);
  }

  giveBack(amount: number): void {
    this.credit = Math.min(this.burst * TOKEN, this.credit + amount * TOKEN);
  }

  /** Whether it would be full again: then a new one can take its place. */
  isFullAt(nowMs: number): boolean {
    return this.credit + (nowMs - this.filledAtMs) * this.perSecond >= this.burst * TOKEN;
  }
}

/** Keys are looked through for removable ones at most this often, so that the table does not grow for ever. */
const SWEEP_INTERVAL_MS = 60_000;

/** A token bucket for each key. */
export class TokenBuckets {
  private readonly buckets = new Map<string, TokenBucket>();
  private sweptAtMs = 0;

  constructor(
    private readonly clock: Clock,
    private readonly perSecond: number,
    private readonly burst: number,
  ) {}

  /** Takes `amount` tokens. 0 where there were as many, else the time until there are; then none is taken. */
  take(key: string, amount = 1): number {
    this.sweep(this.clock.nowMs());
    const bucket = this.buckets.get(key) ?? new TokenBucket(this.clock, this.perSecond, this.burst);
    this.buckets.set(key, bucket);
    return bucket.take(amount);
  }

  giveBack(key: string, amount: number): void {
    this.buckets.get(key)?.giveBack(amount);
  }

  get size(): number {
    return this.buckets.size;
  }

  private sweep(nowMs: number): void {
    if (nowMs - this.sweptAtMs < SWEEP_INTERVAL_MS) {
      return;
    }
    this.sweptAtMs = nowMs;
    this.buckets.forEach((bucket, key) => {
      if (bucket.isFullAt(nowMs)) {
        this.buckets.delete(key);
      }
    });
  }
}

/** At most `limit` events of one key in any window of `windowMs`. */
export class SlidingWindows {
  private readonly times = new Map<string, number[]>();
  private sweptAtMs = 0;

  constructor(
    private readonly clock: Clock,
    private readonly limit: number,
    private readonly windowMs: number,
  ) {}

  /** Counts one event. 0 where it is within the limit, else the time until the next one would be; then it is not counted. */
  take(key: string): number {
    const nowMs = this.clock.nowMs();
    this.sweep(nowMs);
    const recent = (this.times.get(key) ?? []).filter((atMs) => nowMs - atMs < this.windowMs);
    this.times.set(key, recent);
    const oldest = recent[0];
    if (oldest !== undefined && recent.length >= this.limit) {
      return oldest + this.windowMs - nowMs;
    }
    recent.push(nowMs);
    return 0;
  }

  /** Forgets the newest event of a key: it did not count after all. */
  giveBack(key: string): void {
    this.times.get(key)?.pop();
  }

  get size(): number {
    return this.times.size;
  }

  private sweep(nowMs: number): void {
    if (nowMs - this.sweptAtMs < this.windowMs) {
      return;
    }
    this.sweptAtMs = nowMs;
    this.times.forEach((recent, key) => {
      const newest = recent.at(-1);
      if (newest === undefined || nowMs - newest >= this.windowMs) {
        this.times.delete(key);
      }
    });
  }
}
