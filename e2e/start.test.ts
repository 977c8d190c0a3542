import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../scripts/lib/install.mjs';

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Runs `npm start`'s script; `onLine` sees each line and may end it. */
async function start(env: Record<string, string>, onLine: (line: string, end: () => void) => void): Promise<Ended> {
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-start-'));
  const child = spawn(process.execPath, [join(ROOT, 'scripts/start.mjs')], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, DATA_DIR: dataDir, ...env },
  });
  let output = '';
  let unread = '';
  const read = (chunk: Buffer): void => {
    output += chunk.toString();
    const lines = (unread + chunk.toString()).split('\n');
    unread = lines.pop() ?? '';
    lines.forEach((line) => onLine(line, () => child.kill('SIGTERM')));
  };
  child.stdout.on('data', read);
  child.stderr.on('data', read);
  const code = await new Promise<number | null>((done) => child.once('close', (exit) => done(exit)));
  rmSync(dataDir, { recursive: true, force: true });
  return { code, output };
}

test('npm start says where to look, shows the demo page there, and ends cleanly', async () => {
  let page = '';
  const { code, output } = await start({ PORT: '0' }, (line, end) => {
    const url = /http:\/\/localhost:\d+/.exec(line)?.[0];
    if (url !== undefined) {
      void fetch(url)
        .then((answer) => answer.text())
        .then((text) => {
          page = text;
        })
        .finally(end);
    }
  });
  assert.match(output, /Parley runs at http:\/\/localhost:\d+/);
  assert.match(page, /<title>Parley<\/title>/);
  assert.equal(code, 0);
});

test('npm start refuses a wrong setting with a sentence, before it builds', async () => {
  const { code, output } = await start({ PORT: 'abc' }, () => undefined);
  assert.match(output, /PORT: expected a whole number from 0 to 65535, got "abc"\./);
  assert.doesNotMatch(output, /Building/);
  assert.equal(code, 1);
});
