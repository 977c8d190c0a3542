import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { MemoryLimiter, SharedLimiter } from '../../src/limits/limiter';
import { OpenCounts } from '../../src/limits/open-counts';
import { SystemClock } from '../../src/ports/clock';
import { FakeClock } from '../support/fake-clock';
import { REDIS_SERVER, RedisProcess } from './redis-process';

const ALLOWANCE = { count: 3, windowMs: 60_000 };
const LOG = pino({ level: 'silent' });

describe('the limiter in memory', () => {
  test('takes amounts and gives them back', async () => {
    const clock = new FakeClock();
    const limiter = new MemoryLimiter(clock, { perSecond: 2, burst: 10 });
    assert.equal(await limiter.take('ann', 8), 0);
    assert.equal(await limiter.take('ann', 4), 1000);
    assert.equal(await limiter.take('bo', 4), 0);
    await limiter.giveBack('ann', 2);
    assert.equal(await limiter.take('ann', 4), 0);
    assert.equal(await limiter.take('ann'), 500);
    clock.advance(500);
    assert.equal(await limiter.take('ann'), 0);
  });

  test('gives back no more than there was', async () => {
    const limiter = new MemoryLimiter(new FakeClock(), { perSecond: 1, burst: 5 });
    await limiter.take('ann', 1);
    await limiter.giveBack('ann', 100);
    await limiter.giveBack('nobody', 100);
    assert.equal(await limiter.take('ann', 5), 0);
    assert.equal(await limiter.take('ann', 1), 1000);
  });

  test('gives back what a window counted last', async () => {
    const limiter = new MemoryLimiter(new FakeClock(), ALLOWANCE);
    for (let i = 0; i < 10; i++) {
      assert.equal(await limiter.take('ann'), 0);
      await limiter.giveBack('ann');
    }
  });

  test('gives back of a window what came last, not what is forgotten first', async () => {
    const clock = new FakeClock();
    const limiter = new MemoryLimiter(clock, ALLOWANCE);
    await limiter.take('ann');
    clock.advance(30_000);
    await limiter.take('ann');
    await limiter.giveBack('ann');
    clock.advance(30_000);
    assert.deepEqual([await limiter.take('ann'), await limiter.take('ann'), await limiter.take('ann')], [0, 0, 0]);
  });
});

describe('the count of what is open', () => {
  test('lets as many in as the limit, each out once, and forgets who is gone', () => {
    const counts = new OpenCounts(2);
    const leave = counts.enter('ann');
    assert.ok(leave !== null && counts.enter('ann') !== null);
    assert.equal(counts.enter('ann'), null);
    assert.ok(counts.enter('bo') !== null);
    leave();
    leave();
    assert.equal(counts.countOf('ann'), 1);
    assert.ok(counts.enter('ann') !== null);
    assert.equal(counts.enter('ann'), null);
    assert.equal(counts.size, 2);
  });
});

const why = existsSync(REDIS_SERVER) ? false : `${REDIS_SERVER} is not installed`;

describe('the limiter on Redis', { skip: why }, () => {
  let redis: RedisProcess;
  const clients: Redis[] = [];

  before(async () => {
    redis = await RedisProcess.start();
  });
  after(async () => {
    await Promise.all(clients.map((client) => client.quit().catch(() => client.disconnect())));
    await redis.stop();
  });

  async function limiterOf(name: string): Promise<SharedLimiter> {
    const client = new Redis({ port: redis.port, host: '127.0.0.1', lazyConnect: true, retryStrategy: () => 50 });
    client.on('error', () => undefined); // It tries again by itself.
    await client.connect();
    clients.push(client);
    return new SharedLimiter(client, name, ALLOWANCE, new SystemClock(), LOG);
  }

  test('counts what two processes see together, under each key and name apart', async () => {
    const [one, two] = [await limiterOf('shared'), await limiterOf('shared')];
    assert.equal(await one.take('ann'), 0);
    assert.equal(await two.take('ann', 2), 0);
    const retryAfterMs = await one.take('ann');
    assert.ok(retryAfterMs > 50_000 && retryAfterMs <= 60_000, `${retryAfterMs}`);
    assert.equal(await two.take('bo'), 0);
    assert.equal(await (await limiterOf('other')).take('ann'), 0);
  });

  test('gives back, also what another process took', async () => {
    const [one, two] = [await limiterOf('back'), await limiterOf('back')];
    assert.equal(await one.take('ann', 3), 0);
    await two.giveBack('ann', 1);
    assert.equal(await one.take('ann'), 0);
    assert.ok((await two.take('ann')) > 0);
  });

  test('counts alone while Redis is away, at once and with the same limit, and together again after it', async () => {
    const limiter = await limiterOf('away');
    assert.equal(await limiter.take('ann', 3), 0);
    await redis.kill();
    const outcomes: boolean[] = [];
    for (let i = 0; i < 4; i++) {
      outcomes.push((await limiter.take('ann')) === 0);
    }
    assert.deepEqual(outcomes, [true, true, true, false]);
    await redis.restart();
    const client = clients.at(-1);
    while (client?.status !== 'ready') {
      await new Promise((resolve) => client?.once('ready', resolve));
    }
    assert.equal(await limiter.take('ann', 3), 0, 'Redis forgot what it knew, and counts from new');
    assert.ok((await limiter.take('ann')) > 0);
  });
});
