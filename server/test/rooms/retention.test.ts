import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { TestServer } from '../support/test-server';
import { FakeClock } from '../support/fake-clock';
import { uploaded } from '../support/file-api';

const DAY_MS = 24 * 3_600_000;

test('a server with RETENTION_DAYS forgets what is older, with the bytes of its files, and what is younger stays', async (t) => {
  const clock = new FakeClock();
  const settings = { retentionMs: 30 * DAY_MS, accessTokenTtlMs: 90 * DAY_MS, heartbeatMs: 90 * DAY_MS };
  const server = await TestServer.start({ clock, settings });
  t.after(() => server.stop());
  const ann = await server.person('ann');
  const { roomId } = await ann.api.createRoom('Kept');
  const { fileId } = await uploaded(ann.api, roomId, 'old bytes');
  const client = await server.open(ann);
  await client.answer(client.say(roomId, 'c_00000001', 'old', fileId));
  clock.advance(29 * DAY_MS);
  await client.answer(client.say(roomId, 'c_00000002', 'young'));
  clock.advance(2 * DAY_MS);
  const texts = async (): Promise<string[]> => {
    const store = await server.openStore();
    const page = await store.history(roomId, 0, 10);
    await store.close();
    return page?.events.map(({ text }) => text) ?? [];
  };
  for (let looks = 0; (await texts()).length > 1 && looks < 200; looks++) {
    await ann.api.directory();
  }
  assert.deepEqual(await texts(), ['young']);
  for (let looks = 0; existsSync(join(server.dataDir, 'files', fileId)) && looks < 200; looks++) {
    await ann.api.directory();
  }
  assert.equal(existsSync(join(server.dataDir, 'files', fileId)), false);
  await client.close();
});
