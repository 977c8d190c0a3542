import { Redis } from 'ioredis';
import { REDIS_OPTIONS } from '../bus/redis-options';

/** The connection on which limits are counted. While Redis is away each process counts alone. */
export function openLimitsRedis(url: string): Redis {
  const redis = new Redis(url, REDIS_OPTIONS);
  // The bus tells of the outage, and each limiter that it counts alone.
  redis.on('error', () => undefined);
  return redis;
}
