import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { HubLimits } from '../hub/limits';
import type { Clock } from '../ports/clock';
import { tooFast } from '../refusal';
import { type Allowance, type Limiter, MemoryLimiter, SharedLimiter } from './limiter';

const MINUTE_MS = 60_000;
const DAY_S = 24 * 60 * 60;

export interface RequestLimitsParts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly limits: HubLimits;
  readonly authAttemptsPerMinute: number;
  /** Shared by the processes of one community; null where there is one process alone. */
  readonly redis: Redis | null;
}

/** What requests are counted by. Source: docs/PROTOCOL.md, "Limits". */
export class RequestLimits {
  /** Sign-up and sign-in attempts, by address. */
  readonly attempts: Limiter;
  /** Sign-ins that failed, by user name: slow guessing from many addresses. */
  readonly failures: Limiter;
  /** By user, as everything below. */
  readonly creates: Limiter;
  /** Also of leaving: both write into the log of the room. */
  readonly joins: Limiter;
  readonly searches: Limiter;
  readonly uploads: Limiter;
  readonly uploadBytes: Limiter;

  constructor(private readonly parts: RequestLimitsParts) {
    const { limits, authAttemptsPerMinute } = parts;
    this.attempts = this.limiter('attempts', { count: authAttemptsPerMinute, windowMs: MINUTE_MS });
    this.failures = this.limiter('failures', { count: limits.signInFailuresPerHour, windowMs: 60 * MINUTE_MS });
    this.creates = this.limiter('creates', { perSecond: limits.createsPerSecond, burst: limits.createBurst });
    this.joins = this.limiter('joins', { perSecond: limits.joinsPerSecond, burst: limits.joinBurst });
    this.searches = this.limiter('searches', { perSecond: limits.searchesPerSecond, burst: limits.searchBurst });
    this.uploads = this.limiter('uploads', { perSecond: limits.uploadsPerSecond, burst: limits.uploadBurst });
    const bytes = limits.uploadBytesPerDay;
    this.uploadBytes = this.limiter('upload-bytes', { perSecond: bytes / DAY_S, burst: bytes });
  }

  private limiter(name: string, allowance: Allowance): Limiter {
    const { redis, clock, log } = this.parts;
    return redis === null ? new MemoryLimiter(clock, allowance) : new SharedLimiter(redis, name, allowance, clock, log);
  }
}

/** Throws `Refusal` with `rate_limited` and the time to wait. */
export async function takeOrRefuse(limiter: Limiter, key: string, amount = 1): Promise<void> {
  const retryAfterMs = await limiter.take(key, amount);
  if (retryAfterMs > 0) {
    throw tooFast(retryAfterMs);
  }
}
