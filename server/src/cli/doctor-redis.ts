import { Redis } from 'ioredis';
import { placeOf } from '../ports/place';
import { type DoctorCheck, fail, ok, warn } from './doctor-check';

const CONNECT_TIMEOUT_MS = 5000;
const LEAST_VERSION = 7;
/** Beyond, what is said at one process shows at the others with a delay that people notice. */
const SLOW_MS = 50;
const PINGS = 5;

/** Once, and without trying again. */
async function opened(url: string): Promise<Redis> {
  const redis = new Redis(url, { lazyConnect: true, connectTimeout: CONNECT_TIMEOUT_MS, retryStrategy: () => null });
  // What broke is in the rejection; without a listener it would be printed, too.
  let cause = '';
  redis.on('error', (error: Error) => (cause = error.message));
  try {
    await redis.connect();
    return redis;
  } catch (error) {
    redis.disconnect();
    throw new Error(cause === '' ? (error as Error).message : cause, { cause: error });
  }
}

/** The best of a few: the first one also pays for what is set up. */
async function roundTripMs(redis: Redis): Promise<number> {
  let bestMs = Infinity;
  for (let i = 0; i < PINGS; i++) {
    const startedAtMs = performance.now();
    await redis.ping();
    bestMs = Math.min(bestMs, performance.now() - startedAtMs);
  }
  return bestMs;
}

export const redisCheck: DoctorCheck = {
  name: 'redis',
  async look({ settings: { redisUrl } }) {
    if (redisUrl === null) {
      return ok('none: right where one process runs');
    }
    const place = placeOf(redisUrl);
    let redis: Redis;
    try {
      redis = await opened(redisUrl);
    } catch (error) {
      const mend = 'Start it, or set REDIS_URL right. Until then each server works alone, and is not ready.';
      return fail(`${place} cannot be reached: ${(error as Error).message}`, mend);
    }
    try {
      const version = /^redis_version:(\S+)/m.exec(await redis.info('server'))?.[1] ?? 'unknown';
      const tookMs = await roundTripMs(redis);
      const found = `${place}, version ${version}, ${tookMs.toFixed(1)} ms`;
      if (!(Number.parseInt(version, 10) >= LEAST_VERSION)) {
        return fail(found, `Use Redis ${LEAST_VERSION} or newer.`);
      }
      return tookMs > SLOW_MS
        ? warn(found, 'Bring it nearer to the servers: what they tell each other waits.')
        : ok(found);
    } catch (error) {
      return fail(
        `${place} does not answer: ${(error as Error).message}`,
        'Look at its log, and at what its user may do.',
      );
    } finally {
      redis.disconnect();
    }
  },
};

export const sharedFiles: DoctorCheck = {
  name: 'shared files',
  look({ settings: { redisUrl, filesDir } }) {
    if (redisUrl === null) {
      return ok('one process needs none');
    }
    return filesDir === null
      ? warn(
          'FILES_DIR is not set: a file is only found by the process that took it in',
          'Set FILES_DIR to a folder that all processes share.',
        )
      : ok(`${filesDir}; that all processes see the same there cannot be told from one of them`);
  },
};
