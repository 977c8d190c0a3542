import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { loadCore, loadPlatform, type Core, type Platform } from '../../src/node/load-core.js';
import { BenchServer } from './bench-server.js';
import { makeTransport, until } from './real-bench.js';

/** A hang must fail the test, not stop the run. */
const HANG_MS = 60_000;

describe('Socket.IO has one native client per process', { timeout: HANG_MS }, () => {
  let core: Core;
  let platform: Platform;
  let server: BenchServer;
  before(async () => {
    core = await loadCore();
    platform = await loadPlatform();
    server = await BenchServer.start(core);
  });
  after(() => server.close());

  test('a second connection beside a living one fails, and leaves that one alone', async () => {
    const transport = makeTransport('socket.io', core, platform);
    const first = new core.ContractListener();
    const living = transport.open(server.url, [], first);
    await until('open', () => first.has('open'));
    const second = new core.ContractListener();
    transport.open(server.url, [], second);
    await until('the refusal', () => second.closes().length > 0);
    assert.deepEqual(second.events, ['close 1006']);
    living.send('{}');
    await until('the frame', () => server.received.length === 1);
    assert.deepEqual(first.events, ['open']);
    living.close(1000, '');
    await until('nothing left over', () => server.leftovers() === '');
  });

  test('one that follows a closed one waits for it and then opens', async () => {
    const transport = makeTransport('socket.io', core, platform);
    for (let round = 0; round < 3; round++) {
      const listener = new core.ContractListener();
      const line = transport.open(server.url, [], listener);
      await until('open', () => listener.has('open'));
      line.close(1000, '');
      assert.deepEqual(listener.events, ['open']);
    }
    await until('nothing left over', () => server.leftovers() === '');
  });

  test('an address with TLS is refused, as the package speaks none', async () => {
    const listener = new core.ContractListener();
    makeTransport('socket.io', core, platform).open(server.url.replace('ws:', 'wss:'), [], listener);
    await until('the refusal', () => listener.closes().length > 0);
    assert.deepEqual(listener.events, ['close 1006']);
  });
});
