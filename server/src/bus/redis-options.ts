import type { RedisOptions } from 'ioredis';

const CONNECT_TIMEOUT_MS = 5000;
const FIRST_RETRY_WAIT_MS = 50;
const MAX_RETRY_WAIT_MS = 2000;

/** Nothing waits for a Redis that is away: a command is refused at once, and connecting is tried for ever. */
export const REDIS_OPTIONS = {
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  connectTimeout: CONNECT_TIMEOUT_MS,
  retryStrategy: (times: number) => Math.min(FIRST_RETRY_WAIT_MS * 2 ** Math.min(times, 10), MAX_RETRY_WAIT_MS),
} satisfies RedisOptions;

/** What every key and channel starts with. Databases of one Redis share their channels: the number keeps two communities apart. */
export function redisPrefixOf(url: string): string {
  const [, number = ''] = /^\/(\d+)$/.exec(new URL(url).pathname) ?? [];
  return `parley:${number === '' ? '0' : number}:`;
}

/** Of an error only its sentence: the error of a refused AUTH carries the password in its fields. */
export function redisSentenceOf(error: unknown): string {
  return (error as Error).message;
}
