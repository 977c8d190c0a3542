import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { ROOT } from '../../src/node/paths.js';

async function linesOf(file: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', path.join(ROOT, 'common/core/example', file)],
    { cwd: ROOT, timeout: 300_000 },
  );
  return stdout.trim().split('\n');
}

test(`core's example runs: orders answered once over a cut line, bytes come back, notes keep their order`, async () => {
  assert.deepEqual(await linesOf('run.mjs'), [
    'disconnected -> connecting',
    'connecting -> connected',
    'o1: acked, 2 cups so far',
    'a picture of 1024 bytes came back',
    'connected -> reconnecting',
    'o2: dropped, again',
    'reconnecting -> connected',
    'o2: acked, 5 cups so far',
    '500 notes sent, 500 arrived in order',
    'over websocket, after 1 reconnect',
    'connected -> disconnected',
    'after dispose: disposed',
  ]);
});

test(`core's HTTP example runs: shared, kept, urgent first, repeated once, in ranges, cancelled, refused`, async () => {
  assert.deepEqual(await linesOf('run-http.mjs'), [
    '2 teas, wire, 1 call shared',
    '2 teas, fresh',
    'o1: 201 after 2 attempts, before the pictures',
    '40 pictures',
    'the list again: wire',
    'a book of 200000 bytes',
    'slow: nobody waits for it',
    'coffee: 418, only tea here',
    '49 done, 1 failed, 1 cancelled, 0 active',
  ]);
});
