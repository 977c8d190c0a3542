import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { pino } from 'pino';
import { LastSeen } from '../../src/hub/last-seen';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store';
import { FakeClock } from '../support/fake-clock';
import { makeTempDir } from '../support/temp-dir';

test('a time that is not written yet counts already, and an older one never wins', async (t) => {
  const dir = makeTempDir();
  const store = new SqliteStore(join(dir.path, 'parley.db'));
  t.after(async () => {
    await store.close();
    dir.remove();
  });
  const lastSeen = new LastSeen(store, new FakeClock(), pino({ level: 'silent' }));
  lastSeen.note('u_ann', 500);
  lastSeen.note('u_ann', 400);
  assert.equal(lastSeen.of('u_ann', 100), 500);
  assert.equal(lastSeen.of('u_ann', 900), 900);
  assert.equal(lastSeen.of('u_bo', 100), 100);
  lastSeen.dispose();
});

test('a time counts for who read the store just before it was written', async (t) => {
  const dir = makeTempDir();
  const store = new SqliteStore(join(dir.path, 'parley.db'));
  t.after(async () => {
    await store.close();
    dir.remove();
  });
  const ann = { userId: 'u_ann', userName: 'Ann', nameKey: 'ann', passwordHash: '', createdAtMs: 0 };
  await store.createUser(ann);
  const clock = new FakeClock();
  const lastSeen = new LastSeen(store, clock, pino({ level: 'silent' }));
  const [before] = await store.listUsers('', 1);
  lastSeen.note('u_ann', 500);
  await lastSeen.write();
  assert.equal(lastSeen.of('u_ann', before?.lastSeenMs ?? -1), 500);
  assert.equal((await store.listUsers('', 1))[0]?.lastSeenMs, 500);
  lastSeen.note('u_bo', 600);
  await lastSeen.write();
  assert.equal(lastSeen.of('u_ann', 0), 0, 'what was written before the last time is in the store for everybody');
});

test('a time that another process writes is known until the store has it, and is not written here', async (t) => {
  const dir = makeTempDir();
  const store = new SqliteStore(join(dir.path, 'parley.db'));
  t.after(async () => {
    await store.close();
    dir.remove();
  });
  await store.createUser({ userId: 'u_ann', userName: 'Ann', nameKey: 'ann', passwordHash: '', createdAtMs: 0 });
  const clock = new FakeClock();
  const lastSeen = new LastSeen(store, clock, pino({ level: 'silent' }));
  lastSeen.heard('u_ann', 500);
  clock.advance(9000);
  assert.equal(lastSeen.of('u_ann', 100), 500);
  clock.advance(60_000);
  assert.equal(lastSeen.of('u_ann', 100), 100);
  assert.equal(clock.timerCount, 0);
  await lastSeen.write();
  assert.equal((await store.listUsers('', 1))[0]?.lastSeenMs, 0);
  lastSeen.dispose();
});
