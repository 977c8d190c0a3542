import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loadCore } from '../../host/src/node/load-core.js';
import { liveHeapBytes } from '../leaks/heap.js';
import { LeakGate } from '../../host/src/test-runner/leak-gate.js';

/** What the engine itself still lays up meanwhile: code, shapes, caches. */
const WARM_UP = 4000;
const RECONNECTS = 10_000;
/** 60 bytes for each reconnect: less than any timer, listener or promise with its closure that could be forgotten. */
const ALLOWED_GROWTH = RECONNECTS * 60;

test('the gate sees a timer, a listening socket and a listener that were left, and lets go when they are gone', async () => {
  const gate = new LeakGate();
  const timer = setTimeout(() => undefined, 1_000_000);
  const server = createServer();
  const onHangUp = (): void => undefined;
  process.on('SIGHUP', onHangUp);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const kinds = gate.left().map((text) => text.replace(/ at .*/, ''));
  assert.deepEqual(kinds.sort(), ['1 TCPServerWrap', '1 Timeout', '1 listener for SIGHUP']);
  clearTimeout(timer);
  server.close();
  process.off('SIGHUP', onHangUp);
  await gate.close();
});

test('the gate waits for a socket that is closing, and names the line of what stays', async () => {
  const server = createServer((socket) => socket.resume());
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const gate = new LeakGate();
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  socket.end();
  assert.notDeepEqual(gate.left(), []);
  assert.deepEqual(await gate.settle(), []);
  const timer = setTimeout(() => undefined, 1_000_000);
  const [left] = await gate.settle(20);
  assert.match(left ?? '', /^1 Timeout at proof\/test\/leaks\.test\.ts:\d+$/);
  clearTimeout(timer);
  gate.stop();
  server.close();
});

/** Runs one test file of this text as `npm test` does; the file is the only thing that can be red. */
function runFile(body: string): { status: number | null; output: string } {
  const dir = mkdtempSync(join(tmpdir(), 'leaks-'));
  const file = join(dir, 'left.test.mjs');
  const imports = `import { connect, createServer } from 'node:net';\nimport { after, test } from 'node:test';\n`;
  writeFileSync(file, imports + body);
  const env: NodeJS.ProcessEnv = { ...process.env, PARLEY_LEAK_TURNS: '100' };
  // Set here by the runner of this file; the inner one would take itself for a child of it.
  delete env['NODE_TEST_CONTEXT'];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', '--import', fileURLToPath(new URL('../leaks/each-file.ts', import.meta.url)), '--test', file],
    { cwd: fileURLToPath(new URL('../..', import.meta.url)), env, encoding: 'utf8' },
  );
  rmSync(dir, { recursive: true });
  return { status, output: stdout + stderr };
}

test('a test file that leaves a timer, sockets and a listener over fails by name, and its process ends', () => {
  const { status, output } = runFile(`
    process.on('SIGHUP', () => undefined);
    test('passes', (_, done) => {
      setInterval(() => undefined, 1000);
      const server = createServer().listen(0, '127.0.0.1', () => connect(server.address().port, '127.0.0.1', done));
    });`);
  assert.equal(status, 1);
  assert.match(output, /left over by .*left\.test\.mjs/);
  assert.match(output, /1 Timeout at \S+left\.test\.mjs:6/);
  assert.match(output, /1 TCPServerWrap at \S+left\.test\.mjs:7/);
  assert.match(output, /[12] TCPSocketWrap at \S+left\.test\.mjs:7/);
  assert.match(output, /1 listener for SIGHUP/);
});

test('a test file may close what it holds in a hook of its own', () => {
  const { status, output } = runFile(`
    process.on('SIGHUP', stay);
    const server = createServer().listen(0, '127.0.0.1');
    test('passes', () => undefined);
    // Longer than a gate would wait that takes a listener, or a long timer, for a sure leak.
    after(() => new Promise((done) => setTimeout(() => { process.off('SIGHUP', stay); server.close(done); }, 300)));
    function stay() {}`);
  assert.equal(status, 0, output);
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
  const [timers, before] = [world.clock.pendingTimers(), await liveHeapBytes()];
  for (let i = 0; i < RECONNECTS; i++) {
    await reconnect();
  }
  const growth = (await liveHeapBytes()) - before;
  assert.ok(growth < ALLOWED_GROWTH, `the heap grew by ${growth} bytes`);
  assert.equal(world.clock.pendingTimers(), timers);
  device.chat.dispose();
  await world.clock.advance(world.server.latencyMs);
  assert.equal(world.clock.pendingTimers(), 0);
  assert.equal(device.network.handlerCount(), 0);
});
