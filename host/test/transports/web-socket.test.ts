import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { loadCore, loadPlatform, type Core, type Platform } from '../../src/node/load-core.js';
import { BenchServer } from './bench-server.js';
import { makeTransport, until } from './real-bench.js';

/** A hang must fail the test, not stop the run. */
const HANG_MS = 60_000;

let core: Core;
let platform: Platform;
let server: BenchServer;
before(async () => {
  core = await loadCore();
  platform = await loadPlatform();
  server = await BenchServer.start(core);
});
after(() => server.close());

test('WebSocketTransport tells which offer the server chose', { timeout: HANG_MS }, async () => {
  const listener = new core.ContractListener();
  const offers = ['parley.v1.msgpack', 'parley.v1'];
  const line = makeTransport('websocket', core, platform).open(server.url, offers, listener);
  await until('open', () => listener.has('open'));
  // The bench server takes the last offer, so that the first one is no lucky guess.
  assert.equal(listener.subprotocol, 'parley.v1');
  line.close(1000, '');
  await until('nothing left over', () => server.leftovers() === '');
});

test(
  'WebSocketTransport closes its socket also for a code that no application may send',
  { timeout: HANG_MS },
  async () => {
    const listener = new core.ContractListener();
    const line = makeTransport('websocket', core, platform).open(server.url, ['parley.v1'], listener);
    await until('open', () => listener.has('open'));
    line.close(1006, 'silent');
    await until('nothing left over', () => server.leftovers() === '');
    assert.deepEqual(listener.events, ['open']);
  },
);
