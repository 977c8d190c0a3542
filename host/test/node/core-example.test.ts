import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { ROOT } from '../../src/node/paths.js';

test(`core's example runs: orders answered once over a cut line, bytes come back, notes keep their order`, async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', path.join(ROOT, 'common/core/example/run.mjs')],
    { cwd: ROOT, timeout: 300_000 },
  );
  assert.deepEqual(stdout.trim().split('\n'), [
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
