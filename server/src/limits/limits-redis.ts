import { Redis } from 'ioredis';

const CONNECT_TIMEOUT_MS = 5000;
const MAX_RETRY_WAIT_MS = 2000;

/** The connection on which limits are counted. Nothing waits for a Redis that is away: each process counts alone then. */
export function openLimitsRedis(url: string): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: CONNECT_TIMEOUT_MS,
    retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 10), MAX_RETRY_WAIT_MS),
  });
  // The bus tells of the outage, and each limiter that it counts alone.
  redis.on('error', () => undefined);
  return redis;
}
