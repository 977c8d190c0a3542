import assert from 'node:assert/strict';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { ApiClient } from '../support/api-client';
import { ChildServer } from '../support/child-server';
import { makeTempDir } from '../support/temp-dir';

const MOST_TRIES = 500;

async function started(t: TestContext, env: Record<string, string>): Promise<{ server: ChildServer; dir: string }> {
  const dir = makeTempDir();
  const server = await ChildServer.start({ DATA_DIR: join(dir.path, 'data'), ...env });
  t.after(async () => {
    server.signal('SIGKILL');
    await server.exit();
    dir.remove();
  });
  return { server, dir: dir.path };
}

function userIdsIn(path: string): string[] {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  return lines.map((line) => (JSON.parse(line) as { userId: string }).userId);
}

test('SIGHUP goes on in a new audit log after the old one was moved away, and ends nothing', async (t) => {
  const logs = makeTempDir();
  t.after(() => logs.remove());
  const path = join(logs.path, 'audit.jsonl');
  const { server } = await started(t, { AUDIT_LOG: path });
  const api = new ApiClient(server.baseUrl);
  const ann = await api.signUp('Ann');
  renameSync(path, `${path}.1`);
  const bo = await api.signUp('Bo');
  assert.equal(existsSync(path), false);
  server.signal('SIGHUP');
  // A signal is heard between two requests, nobody says which.
  for (let tries = 0; !existsSync(path) && tries < MOST_TRIES; tries++) {
    assert.equal((await api.call('GET', '/healthz')).status, 200);
  }
  const cy = await api.signUp('Cy');
  assert.deepEqual(userIdsIn(`${path}.1`), [ann.userId, bo.userId]);
  assert.deepEqual(userIdsIn(path), [cy.userId]);
});

test('SIGHUP ends a server that keeps no audit log, as any program', async (t) => {
  const { server } = await started(t, {});
  server.signal('SIGHUP');
  assert.equal(await server.exit(), 'SIGHUP');
});
