import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, beforeEach, describe, test } from 'node:test';
import Database from 'libsql';
import { SearchQuery } from '../../src/search/search-query';
import { MAX_BEHIND } from '../../src/store/sqlite/search-indexer';
import { IndexBacklog } from '../../src/store/sqlite/index-backlog';
import { sqliteDialect } from '../../src/store/sqlite/sqlite-dialect';
import { SqliteDriver } from '../../src/store/sqlite/sqlite-driver';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store';
import { FakeClock } from '../support/fake-clock';
import { makeTempDir } from '../support/temp-dir';
import { create, message } from './log-commands';

describe('the search index of SqliteStore', () => {
  const dir = makeTempDir();
  let rooms = 0;
  let path: string;
  let clock: FakeClock;
  let store: SqliteStore;
  let sent: number;

  beforeEach(async () => {
    path = join(dir.path, `${rooms++}.db`);
    clock = new FakeClock();
    store = new SqliteStore(path, clock);
    sent = 0;
    await store.createUser({ userId: 'u_ann', userName: 'Ann', nameKey: 'ann', passwordHash: 'h', createdAtMs: 0 });
    await store.commit([create('r_1', 'Room 1')]);
  });

  after(() => dir.remove());

  async function send(count: number, batch: number): Promise<void> {
    for (let left = count; left > 0; left -= batch) {
      await store.commit(
        Array.from({ length: Math.min(batch, left) }, () => message('r_1', 'u_ann', `c_${sent}`, `lemonade-${sent++}`)),
      );
    }
  }

  /** Rows in the file's index. */
  function indexed(): number {
    const db = new Database(path);
    const { count } = db.prepare('SELECT count(*) AS count FROM search_rows').get() as { count: number };
    db.close();
    return count;
  }

  /** Time for one step of the index, and the turns that it takes. */
  async function pass(ms: number): Promise<void> {
    clock.advance(ms);
    for (let turn = 0; turn < 3; turn++) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async function found(text: string, from = store): Promise<string[]> {
    const page = await from.search('u_ann', new SearchQuery(text), null, 50);
    return page?.hits.map(({ event }) => event.text) ?? [];
  }

  test('is filled behind the commits, many messages at once', async () => {
    await send(20, 1);
    assert.equal(indexed(), 0);
    await pass(250);
    assert.equal(indexed(), 20);
    await pass(1000);
    assert.equal(clock.timerCount, 0);
    await store.close();
  });

  test('holds what was committed before a search asks', async () => {
    await send(3, 3);
    assert.deepEqual(await found('lemonade'), ['lemonade-2', 'lemonade-1', 'lemonade-0']);
    await send(1, 1);
    const [one, other] = await Promise.all([found('ade-3'), found('lemonade-3')]);
    assert.deepEqual([one, other], [['lemonade-3'], ['lemonade-3']]);
    assert.equal(indexed(), 4);
    await store.close();
  });

  test('waits while many write at once, but never longer than its limit', async () => {
    await send(500, 50);
    await pass(250);
    assert.equal(indexed(), 0, 'commits go first');
    await pass(10);
    assert.equal(indexed(), 128, 'the rush is over');
    await send(MAX_BEHIND, 250);
    await pass(250);
    assert.equal(indexed(), 2 * 128, 'too far behind');
    await store.close();
  });

  test('holds after a restart what the process before left behind, in the order of the log', async () => {
    await send(2, 1);
    await found('lemonade');
    await send(600, 200);
    const copy = join(dir.path, 'copy.db');
    copyFileSync(path, copy);
    copyFileSync(`${path}-wal`, `${copy}-wal`);
    await store.close();
    const next = new SqliteStore(copy);
    assert.deepEqual((await found('lemonade', next)).slice(0, 3), ['lemonade-601', 'lemonade-600', 'lemonade-599']);
    assert.deepEqual(await found('lemonade-0', next), ['lemonade-0']);
    await next.close();
  });

  test('takes what two searches want at the same time, each message once', async () => {
    await send(1500, 100);
    const [first, last] = await Promise.all([found('lemonade-0'), found('lemonade-1499')]);
    assert.deepEqual([first, last], [['lemonade-0'], ['lemonade-1499']]);
    assert.equal(indexed(), 1500);
    await store.close();
  });

  test('takes nothing twice, and nothing that was noted and then taken back', async () => {
    await send(1, 1);
    await store.close();
    assert.equal(clock.timerCount, 0);
    const driver = new SqliteDriver(path);
    const { search } = sqliteDialect(new IndexBacklog());
    const keys = [2, 2, 3].map((seq) => ({ room_id: 'r_1', seq }));
    await driver.transaction(() => search.index(keys));
    await driver.transaction(() => search.index(keys));
    await driver.close();
    assert.equal(indexed(), 1);
  });

  test('takes words of any length', async () => {
    const word = Array.from({ length: 300 }, (_, i) => String.fromCodePoint(0x4e00 + i)).join('');
    await store.commit([
      message('r_1', 'u_ann', 'c_long', `x${word}y`),
      message('r_1', 'u_ann', 'c_short', word.slice(1)),
    ]);
    assert.deepEqual(await found(word), [`x${word}y`]);
    assert.deepEqual(await found(`${word.slice(0, 2)} x`), [`x${word}y`]);
    await store.close();
  });
});
