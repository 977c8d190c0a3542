/**
 * Many calls that end in every way, over real sockets: nothing may grow.
 *
 *     PARLEY_HTTP_REQUESTS=100000 PARLEY_SEED=7 npm run test:proof -- http-leaks
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CancelToken, HttpCall } from '../../host/src/node/load-core.js';
import { liveHeapBytes } from '../leaks/heap.js';
import { Laboratory, until } from '../http/real-client.js';
import { json, ScriptedServer } from '../http/scripted-server.js';

const REQUESTS = Number(process.env['PARLEY_HTTP_REQUESTS'] ?? 1000);
const SEED = Number(process.env['PARLEY_SEED'] ?? 41);
/** What the engine and Node lay up meanwhile: code, shapes, caches, pools of sockets. */
const WARM_UP = 600;
const BATCH = 100;
/**
 * At any number of calls: sockets, parsers and their buffers come and go in steps of about a megabyte. In the short run that
 * is 3 KiB a call, about a call with its answer; in the long one 31 bytes, less than anything. What is smaller is
 * counted one by one.
 */
const ALLOWED_GROWTH = 3 * 1024 * 1024;

test(`${REQUESTS} calls leave heap, listeners, timers and sockets flat`, { timeout: 900_000 }, async (t) => {
  const lab = await Laboratory.open();
  const random = new lab.core.SeededRandom(SEED);
  console.log(`  ${REQUESTS} calls, seed ${SEED}`);
  const server = await ScriptedServer.start((request, response) => {
    if (request.url?.startsWith('/hold') !== true) {
      json(response, request.url === '/none' ? 404 : 200, { a: 1 }, { etag: '"1"', 'cache-control': 'max-age=3' });
    }
  });
  t.after(() => server.close());
  server.remembers = false;
  const real = lab.client('http/1.1', server.origin, { breakerFailures: 1_000_000, retry: { maxRetries: 0 } }, true);
  const token: CancelToken = new lab.core.CancelToken();
  const { Post } = lab.core.HttpMethod;
  const held = new Map<number, HttpCall<unknown>>();
  let events = 0;
  let cuts = 0;
  real.client.subscribe(({ kind, trace }) => {
    events++;
    const call = kind === lab.core.HttpEventKind.AttemptStarted ? held.get(trace.id) : undefined;
    if (call !== undefined) {
      cuts++;
      // After the request has left.
      setImmediate(() => call.cancel());
    }
  });

  const batch = async (): Promise<void> => {
    const calls: HttpCall<unknown>[] = [];
    held.clear();
    for (let i = 0; i < BATCH; i++) {
      const dice = random.integer(100);
      const priority = random.integer(4);
      if (dice < 60) {
        calls.push(real.client.get(`/${random.integer(200)}`, { priority, cancel: token }));
      } else if (dice < 85) {
        calls.push(real.client.request({ url: '/post', method: Post, body: { dice }, priority, cancel: token }));
      } else if (dice < 95) {
        calls.push(real.client.get('/none', { priority, cancel: token }));
      } else {
        const call = real.client.get(`/hold/${i}`, { priority, cancel: token });
        calls.push(call);
        if (dice < 98) {
          held.set(call.id, call);
        } else {
          call.cancel();
        }
      }
    }
    await Promise.allSettled(calls.map((call) => call.answer));
    await real.clock.advance(2000);
  };
  for (let done = 0; done < WARM_UP; done += BATCH) {
    await batch();
  }
  const listeners = (): number => process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0);
  const [heap, listening, started] = [await liveHeapBytes(), listeners(), real.client.stats().started];
  for (let done = 0; done < REQUESTS; done += BATCH) {
    await batch();
    assert.ok(server.sockets.size <= 12, `${server.sockets.size} sockets`);
  }
  const growth = (await liveHeapBytes()) - heap;
  const stats = real.client.stats();
  console.log(
    `  ${growth} bytes, ${server.connections} connections, ${stats.cancelled} cancelled, ${stats.fromCache} from the cache`,
  );
  assert.ok(stats.started - started >= REQUESTS && events > 0 && cuts > 0 && server.cut > 0);
  assert.equal(stats.done + stats.failed + stats.cancelled, stats.started);
  assert.ok([stats.done, stats.failed, stats.cancelled, stats.shared, stats.fromCache].every((count) => count > 0));
  real.assertIdle();
  assert.equal(listeners(), listening);
  assert.ok(growth < ALLOWED_GROWTH, `the heap grew by ${growth} bytes`);
  assert.equal(Reflect.get(token, 'handlers').length, 0, 'listeners of the token');
  real.client.dispose();
  await server.close();
  await until('no socket', () => server.sockets.size === 0);
  lab.close();
});
