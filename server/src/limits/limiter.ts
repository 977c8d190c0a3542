import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { Clock } from '../ports/clock';
import { SlidingWindows, TokenBuckets } from './buckets';

/** How often something may be done under one key. */
export type Allowance =
  /** `burst` at once, `perSecond` on average. */
  | { readonly perSecond: number; readonly burst: number }
  /** `count` in any window of `windowMs`. */
  | { readonly count: number; readonly windowMs: number };

/** Counts what is done under each key. Never throws: where it cannot count with others, it counts alone. */
export interface Limiter {
  /** 0 where `amount` more (default 1) is within the limit, else the time until it would be; then it is not counted. */
  take(key: string, amount?: number): Promise<number>;
  /** It did not count after all. */
  giveBack(key: string, amount?: number): Promise<void>;
}

/**
 * In the memory of this process. Own buckets and not the library's: they keep the time of the `Clock`, need no timer for
 * each key and no promise, so that the way of each message (hub) can use the same ones.
 */
export class MemoryLimiter implements Limiter {
  private readonly counts: TokenBuckets | SlidingWindows;

  constructor(clock: Clock, allowance: Allowance) {
    this.counts =
      'burst' in allowance
        ? new TokenBuckets(clock, allowance.perSecond, allowance.burst)
        : new SlidingWindows(clock, allowance.count, allowance.windowMs);
  }

  async take(key: string, amount = 1): Promise<number> {
    return this.counts.take(key, amount);
  }

  async giveBack(key: string, amount = 1): Promise<void> {
    this.counts.giveBack(key, amount);
  }
}

/** Shared by all processes that have the same Redis. While Redis is away, each counts in its own memory. */
export class SharedLimiter implements Limiter {
  private readonly shared: RateLimiterRedis;
  private readonly alone: MemoryLimiter;
  private isAway = false;

  constructor(
    client: Redis,
    private readonly name: string,
    allowance: Allowance,
    clock: Clock,
    private readonly log: Logger,
  ) {
    const points = 'burst' in allowance ? allowance.burst : allowance.count;
    const durationS = 'burst' in allowance ? points / allowance.perSecond : allowance.windowMs / 1000;
    this.alone = new MemoryLimiter(clock, allowance);
    this.shared = new RateLimiterRedis({
      storeClient: client,
      keyPrefix: `parley:limit:${name}`,
      points,
      duration: Math.max(1, Math.ceil(durationS)),
      // A command that waits for Redis would keep its request waiting: rather count alone.
      rejectIfRedisNotReady: true,
    });
  }

  async take(key: string, amount = 1): Promise<number> {
    try {
      await this.shared.consume(key, amount);
      this.isBack();
      return 0;
    } catch (error) {
      if (error instanceof RateLimiterRes) {
        this.isBack();
        return Math.max(1, error.msBeforeNext);
      }
      this.isGone(error);
      return this.alone.take(key, amount);
    }
  }

  async giveBack(key: string, amount = 1): Promise<void> {
    try {
      await this.shared.reward(key, amount);
    } catch (error) {
      this.isGone(error);
      await this.alone.giveBack(key, amount);
    }
  }

  private isGone(error: unknown): void {
    if (!this.isAway) {
      this.isAway = true;
      this.log.warn({ limit: this.name, err: error }, 'counts alone: Redis is away');
    }
  }

  private isBack(): void {
    if (this.isAway) {
      this.isAway = false;
      this.log.info({ limit: this.name }, 'counts with the others again');
    }
  }
}
