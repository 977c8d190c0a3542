import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loadCore } from '../../host/src/node/load-core.js';
import { liveHeapBytes } from '../leaks/heap.js';
import { LeakGate } from '../leaks/leak-gate.js';

/** What the engine itself still lays up meanwhile: code, shapes, caches. */
const WARM_UP = 4000;
const RECONNECTS = 10_000;
/** 60 bytes for each reconnect: less than any timer, listener or promise with its closure that could be forgotten. */
const ALLOWED_GROWTH = RECONNECTS * 60;

test('the gate sees a timer and a listening socket that were left, and lets go when they are gone', async () => {
  const gate = new LeakGate();
  const timer = setTimeout(() => undefined, 1_000_000);
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  assert.deepEqual(gate.leaked(), ['1 TCPServerWrap', '1 Timeout']);
  clearTimeout(timer);
  server.close();
  await gate.close();
});

test('a test file that leaves a timer or a server over fails by name, and its process ends', () => {
  const dir = mkdtempSync(join(tmpdir(), 'leaks-'));
  const file = join(dir, 'left.test.mjs');
  writeFileSync(
    file,
    `import { createServer } from 'node:net';
    import { test } from 'node:test';
    test('passes', (_, done) => {
      setInterval(() => undefined, 1000);
      createServer().listen(0, '127.0.0.1', done);
    });`,
  );
  const env = { ...process.env, PARLEY_LEAK_PATIENCE_MS: '500' };
  // Set here by the runner of this file; the inner one would take itself for a child of it.
  delete env['NODE_TEST_CONTEXT'];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', '--import', fileURLToPath(new URL('../leaks/each-file.ts', import.meta.url)), '--test', file],
    { cwd: fileURLToPath(new URL('../..', import.meta.url)), env, encoding: 'utf8' },
  );
  rmSync(dir, { recursive: true });
  assert.equal(status, 1);
  assert.match(stdout + stderr, /expected nothing left over, got 1 TCPServerWrap, 1 Timeout/);
});

test('10,000 reconnects leave the heap flat, and no timer or listener behind', async () => {
  const core = await loadCore();
  const world = new core.ChatWorld();
  const user = world.server.addUser('Ann');
  world.server.addRoom('r_1', [user]);
  const device = await world.connected(user);
  await world.wait(device.chat.openRoom('r_1'));
  const reconnect = async (): Promise<void> => {
    world.server.killAll();
    await world.clock.advance(world.server.latencyMs);
    device.chat.retryNow();
    await world.clock.advance(3 * world.server.latencyMs);
    assert.equal(device.chat.connection(), core.ConnectionState.Connected);
    // The fakes remember everything; that is not what is measured.
    world.server.links.splice(0, world.server.links.length - 1);
    world.server.subprotocols.length = 0;
    device.events.length = 0;
    device.logger.lines.length = 0;
  };
  for (let i = 0; i < WARM_UP; i++) {
    await reconnect();
  }
  const [timers, before] = [world.clock.pendingTimers(), liveHeapBytes()];
  for (let i = 0; i < RECONNECTS; i++) {
    await reconnect();
  }
  const growth = liveHeapBytes() - before;
  assert.ok(growth < ALLOWED_GROWTH, `the heap grew by ${growth} bytes`);
  assert.equal(world.clock.pendingTimers(), timers);
  device.chat.dispose();
  await world.clock.advance(world.server.latencyMs);
  assert.equal(world.clock.pendingTimers(), 0);
  assert.equal(device.network.handlerCount(), 0);
});
