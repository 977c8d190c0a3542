import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadCore, loadCoreFile, loadPlatform } from '../../src/node/load-core.js';
import type * as Queue from '../../../build/types/common/core/src/main/ets/realtime/PriorityQueue.js';

test('core runs in Node: its public exports and its fakes are one set of classes', async () => {
  const core = await loadCore();
  const clock = new core.FakeClock();
  let ranAtMs = -1;
  const startMs = clock.nowMs();
  clock.setTimer(500, () => (ranAtMs = clock.nowMs()));
  await clock.advance(499);
  assert.equal(ranAtMs, -1);
  await clock.advance(1);
  assert.equal(ranAtMs, startMs + 500);
  assert.ok(core.AppError.badInput('field', 'a', 'b') instanceof core.AppError);
  assert.equal(await loadCore(), core);
});

test('a file of core that is not public can be loaded, and an unknown one is named', async () => {
  const { PriorityQueue } = await loadCoreFile<typeof Queue>('realtime/PriorityQueue');
  assert.equal(typeof PriorityQueue, 'function');
  const { AppError } = await loadCoreFile<{ AppError: unknown }>('errors/AppError');
  assert.equal(AppError, (await loadCore()).AppError);
  await assert.rejects(loadCoreFile('realtime/Nothing'), /core has no file 'realtime\/Nothing'/);
});

test('platform runs on the kits of the host and shares the classes of core', async () => {
  const core = await loadCore();
  const platform = await loadPlatform();
  const clock = new platform.SystemClock();
  await new Promise<void>((done) => void clock.setTimer(1, done));
  await assert.rejects(
    new platform.AxiosHttp().request({
      method: core.HttpMethod.Get,
      url: 'http://127.0.0.1:1/',
      headers: new Map(),
      body: null,
      timeoutMs: 60_000,
    }),
    (error) => error instanceof core.AppError && error.code === core.AppErrorCode.Network,
  );
});
