import assert from 'node:assert/strict';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import Database from 'libsql';
import { pino } from 'pino';
import { EndedSessions } from '../../src/hub/ended-sessions';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store';
import { FakeClock } from '../support/fake-clock';
import { makeTempDir } from '../support/temp-dir';

/** What a look that SQLite answers at once has to do after the clock has moved. */
async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

describe('sessions that end elsewhere', () => {
  let dir: ReturnType<typeof makeTempDir>;
  let clock: FakeClock;
  let store: SqliteStore;
  let elsewhere: SqliteStore;
  let ended: EndedSessions;
  let closed: string[];
  let looks: number;
  let warnings: number;

  async function advance(ms: number): Promise<void> {
    clock.advance(ms);
    await turn();
  }

  async function end(...ids: string[]): Promise<void> {
    const rest = { userId: 'u_ann', refreshExpiresAtMs: 1, createdAtMs: 0, device: '' };
    for (const sessionId of ids) {
      await elsewhere.createSession({ ...rest, sessionId, refreshHash: sessionId });
      await elsewhere.deleteSession(sessionId);
    }
  }

  beforeEach(async () => {
    dir = makeTempDir();
    const path = join(dir.path, 'parley.db');
    [store, elsewhere] = [new SqliteStore(path), new SqliteStore(path)];
    await store.createUser({ userId: 'u_ann', userName: 'Ann', nameKey: 'ann', passwordHash: '', createdAtMs: 0 });
    clock = new FakeClock();
    [closed, looks, warnings] = [[], 0, 0];
    const log = pino({ level: 'warn' }, { write: () => void warnings++ });
    const closeSession = (sessionId: string): void => void closed.push(sessionId);
    ended = new EndedSessions({ store, clock, log, closeSession, lookForAll: () => void looks++ });
    await end('s_before');
    await ended.start();
  });
  afterEach(async () => {
    ended.dispose();
    await store.close();
    await elsewhere.close();
    dir.remove();
  });

  test('are heard of within half a second, each once, and none of before the start', async () => {
    await end('s_1', 's_2');
    await advance(499);
    assert.deepEqual(closed, []);
    await advance(1);
    assert.deepEqual(closed, ['s_1', 's_2']);
    await end('s_3');
    await advance(500);
    await advance(500);
    assert.deepEqual([closed, looks], [['s_1', 's_2', 's_3'], 0]);
  });

  test('are each looked for where more ended than are kept', async () => {
    await end('s_1', 's_2', 's_3');
    const db = new Database(join(dir.path, 'parley.db'));
    db.exec("DELETE FROM session_endings WHERE session_id <> 's_3'");
    db.close();
    await advance(500);
    assert.deepEqual([closed, looks], [['s_3'], 1]);
    await end('s_4');
    await advance(500);
    assert.deepEqual([closed, looks], [['s_3', 's_4'], 1]);
  });

  test('are asked for again while the store does not answer, with one warning for it', async () => {
    const db = new Database(join(dir.path, 'parley.db'));
    await end('s_1');
    db.exec('ALTER TABLE session_endings RENAME TO away');
    await advance(500);
    await advance(500);
    assert.deepEqual([closed, warnings], [[], 1]);
    db.exec('ALTER TABLE away RENAME TO session_endings');
    db.close();
    await advance(500);
    assert.deepEqual([closed, warnings], [['s_1'], 1]);
  });

  test('are asked for no more after the end', async () => {
    ended.dispose();
    assert.equal(clock.timerCount, 0);
  });
});
