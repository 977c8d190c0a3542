import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { startHarness, type Harness } from './harness.js';

const { resolve } = createRequire(import.meta.url);
const requested: string[] = [];
let isMissing = false;
let harness: Harness;

before(async () => {
  harness = await startHarness({
    page: 'kits.ts',
    routes: (request, response) => {
      const name = path.basename(request.url ?? '');
      if (!request.url?.startsWith('/sqlite/') || isMissing) {
        response.writeHead(404).end();
        return;
      }
      requested.push(name);
      response.setHeader('content-type', name.endsWith('.wasm') ? 'application/wasm' : 'text/javascript');
      response.end(readFileSync(resolve(`sql.js/dist/${name}`)));
    },
  });
});

after(() => harness.close());

async function pageOf(query = ''): Promise<Page> {
  return harness.open(await harness.context(), query);
}

/** A table `t (id, name, n)` with the rows (1, ann, 10), (2, bo, 20), (3, NULL, 30). */
async function filled(): Promise<Page> {
  const page = await pageOf();
  await page.evaluate(async () => {
    const store = await kits.openRdb();
    await store.executeSql('CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT UNIQUE, n INTEGER)');
    await store.batchInsert('t', [
      { name: 'ann', n: 10 },
      { name: 'bo', n: 20 },
      { name: null, n: 30 },
    ]);
  });
  return page;
}

describe('relationalStore', () => {
  test('asks for SQLite when the first store is opened, not before, and once', async () => {
    const page = await pageOf();
    requested.length = 0;
    await page.evaluate(() => new kits.relationalStore.RdbPredicates('t').equalTo('a', 1));
    assert.deepEqual(requested, []);
    await page.evaluate(async () => {
      await Promise.all([kits.openRdb('one.db'), kits.openRdb('two.db'), kits.openRdb('one.db')]);
    });
    assert.deepEqual(requested.sort(), ['sql-wasm-browser.js', 'sql-wasm-browser.wasm']);
  });

  test('a store that cannot be loaded is rejected without an error on the page, and can be opened later', async () => {
    const page = await pageOf();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    const open = (): Promise<unknown> => page.evaluate(async () => (await kits.failureOf(() => kits.openRdb()))?.code);
    isMissing = true;
    const failures = [await open(), await open()];
    isMissing = false;
    assert.deepEqual([...failures, await open()], [14800030, 14800030, undefined]);
    assert.deepEqual(errors, []);
  });

  test('what a resolved promise wrote is there after a reload', async () => {
    const page = await filled();
    await page.evaluate(async () => {
      const store = await kits.openRdb();
      await store.update({ n: 11 }, new kits.relationalStore.RdbPredicates('t').equalTo('name', 'ann'));
      await store.delete(new kits.relationalStore.RdbPredicates('t').isNull('name'));
      store.version = 7;
      await store.insert('t', { name: 'cy', n: 40 });
    });
    await page.reload();
    assert.deepEqual(
      await page.evaluate(async () => {
        const store = await kits.openRdb();
        return { version: store.version, rows: await kits.rowsOf('SELECT name, n FROM t ORDER BY id') };
      }),
      {
        version: 7,
        rows: [
          { name: 'ann', n: 11 },
          { name: 'bo', n: 20 },
          { name: 'cy', n: 40 },
        ],
      },
    );
  });

  test('calls that were made together happen in their order, and each whole or not at all', async () => {
    const page = await filled();
    const seen = await page.evaluate(async () => {
      const store = await kits.openRdb();
      const results = await Promise.allSettled([
        store.insert('t', { name: 'dan', n: 1 }),
        store.batchInsert('t', [{ name: 'eve' }, { name: 'ann' }]),
        store.insert('t', { name: 'dan', n: 2 }),
        store.update({ n: 5 }, new kits.relationalStore.RdbPredicates('t').equalTo('name', 'dan')),
        store.insert('t', { name: 'fay', n: 3 }),
      ]);
      return {
        results: results.map((one) => (one.status === 'fulfilled' ? one.value : (one.reason as { code: number }).code)),
        rows: await kits.rowsOf('SELECT name, n FROM t WHERE id > 3 ORDER BY id'),
      };
    });
    assert.deepEqual(seen, {
      results: [4, 14800032, 14800032, 1, 5],
      rows: [
        { name: 'dan', n: 5 },
        { name: 'fay', n: 3 },
      ],
    });
  });

  test('a conflict is ignored or replaced where that was asked for', async () => {
    const page = await filled();
    const seen = await page.evaluate(async () => {
      const store = await kits.openRdb();
      const { ConflictResolution } = kits.relationalStore;
      const ignored = await store.insert('t', { name: 'ann', n: 1 }, ConflictResolution.ON_CONFLICT_IGNORE);
      const replaced = await store.insert('t', { name: 'bo', n: 2 }, ConflictResolution.ON_CONFLICT_REPLACE);
      return [ignored, replaced, await kits.rowsOf('SELECT name, n FROM t WHERE name NOTNULL ORDER BY name')];
    });
    assert.deepEqual(seen, [
      -1,
      4,
      [
        { name: 'ann', n: 10 },
        { name: 'bo', n: 2 },
      ],
    ]);
  });

  test('predicates join by AND unless told otherwise, in wraps, orders and bounds', async () => {
    const page = await filled();
    const seen = await page.evaluate(async () => {
      const where = (): InstanceType<typeof kits.relationalStore.RdbPredicates> =>
        new kits.relationalStore.RdbPredicates('t');
      const ids = async (predicates: ReturnType<typeof where>): Promise<string> => {
        const set = await (await kits.openRdb()).query(predicates, ['id']);
        const found: number[] = [];
        while (set.goToNextRow()) {
          found.push(set.getLong(0));
        }
        return found.join();
      };
      return [
        await ids(where().greaterThan('n', 5).lessThan('n', 25)),
        await ids(where().equalTo('id', 1).or().equalTo('id', 3)),
        await ids(where().notEqualTo('id', 2).beginWrap().equalTo('name', 'bo').or().equalTo('n', 30).endWrap()),
        await ids(where().in('id', [1, 2]).orderByDesc('n')),
        await ids(where().orderByAsc('id').limitAs(1).offsetAs(1)),
        await ids(where().contains('name', 'n').or().beginsWith('name', 'b').orderByAsc('id')),
        await ids(where().between('n', 15, 30).isNotNull('name')),
        await ids(where().notIn('id', [1]).isNull('name')),
        await ids(where().like('name', 'A%').or().glob('name', 'b*')),
      ];
    });
    assert.deepEqual(seen, ['1,2', '1,3', '3', '2,1', '2', '1,2', '2', '3', '1,2']);
  });

  test('a result set begins before its first row and knows where it is', async () => {
    const page = await filled();
    const seen = await page.evaluate(async () => {
      const set = await (await kits.openRdb()).querySql('SELECT name, n FROM t WHERE n < ? ORDER BY id', [25]);
      const states: unknown[] = [[set.rowCount, set.columnNames, set.rowIndex, set.isStarted]];
      states.push((await kits.failureOf(() => set.getString(0)))?.code);
      while (set.goToNextRow()) {
        states.push([set.rowIndex, set.getString(set.getColumnIndex('NAME')), set.isAtFirstRow, set.isAtLastRow]);
      }
      states.push([set.isEnded, set.getColumnIndex('none'), set.goToFirstRow(), set.getDouble(1)]);
      states.push((await kits.failureOf(() => set.getString(2)))?.code);
      set.close();
      states.push((await kits.failureOf(() => set.getString(0)))?.code);
      return states;
    });
    assert.deepEqual(seen, [
      [2, ['name', 'n'], -1, false],
      14800012,
      [0, 'ann', true, false],
      [1, 'bo', false, true],
      [true, -1, true, 10],
      14800013,
      14800014,
    ]);
  });

  test('every kind of value that it takes comes back, and the others are refused by name', async () => {
    const page = await pageOf();
    const seen = await page.evaluate(async () => {
      const store = await kits.openRdb();
      await store.executeSql('CREATE TABLE v (big INTEGER, half REAL, yes INTEGER, bytes BLOB, none TEXT)');
      await store.insert('v', {
        big: 1790000000000,
        half: 0.5,
        yes: true,
        bytes: new Uint8Array([0, 200]),
        none: null,
      });
      const set = await store.querySql('SELECT * FROM v');
      set.goToFirstRow();
      const row = set.getRow();
      const refused = await kits.failureOf(() => store.insert('v', { big: 1n }));
      const bytes = [...set.getBlob(3)];
      return { ...row, bytes, types: set.isColumnNull(4), refused: refused?.message };
    });
    assert.deepEqual(seen, {
      big: 1790000000000,
      half: 0.5,
      yes: 1,
      bytes: [0, 200],
      none: null,
      types: true,
      refused: 'relationalStore: a value of type bigint is not implemented by the host',
    });
  });

  test('profiles and stores do not see each other, and a deleted store is empty', async () => {
    const context = await harness.context();
    const left = await harness.open(context, '?profile=left');
    const right = await harness.open(context, '?profile=right');
    const write = async (): Promise<void> => {
      await (await kits.openRdb()).executeSql('CREATE TABLE mine (a INTEGER)');
    };
    const tables = async (name: string): Promise<unknown> => kits.rowsOf('SELECT name FROM sqlite_master', name);
    await left.evaluate(write);
    assert.deepEqual(await left.evaluate(tables, 'test.db'), [{ name: 'mine' }]);
    assert.deepEqual(await left.evaluate(tables, 'other.db'), []);
    assert.deepEqual(await right.evaluate(tables, 'test.db'), []);
    await left.evaluate(() => kits.relationalStore.deleteRdbStore(kits.context as never, 'test.db'));
    assert.deepEqual(await left.evaluate(tables, 'test.db'), []);
    await left.reload();
    assert.deepEqual(await left.evaluate(tables, 'test.db'), []);
  });

  test('two pages of one profile lose nothing of each other', async () => {
    const context = await harness.context();
    const pages = [await harness.open(context), await harness.open(context)];
    await pages[0]?.evaluate(async () => {
      await (await kits.openRdb()).executeSql('CREATE TABLE t (who INTEGER, n INTEGER)');
    });
    await Promise.all(
      pages.map((page, who) =>
        page.evaluate(async (number) => {
          const store = await kits.openRdb();
          for (let n = 0; n < 20; n++) {
            await store.insert('t', { who: number, n });
          }
        }, who),
      ),
    );
    for (const page of pages) {
      const rows = await page.evaluate(() => kits.rowsOf('SELECT who, count(*) AS count FROM t GROUP BY who'));
      assert.deepEqual(rows, [
        { who: 0, count: 20 },
        { who: 1, count: 20 },
      ]);
    }
  });

  test('a write that cannot be stored is rejected and leaves nothing, here or after a reload', async () => {
    const page = await filled();
    const seen = await page.evaluate(async () => {
      const store = await kits.openRdb();
      const put = IDBObjectStore.prototype.put;
      IDBObjectStore.prototype.put = function (): never {
        throw new DOMException('no room', 'QuotaExceededError');
      };
      const failure = await kits.failureOf(() => store.insert('t', { name: 'lost' }));
      IDBObjectStore.prototype.put = put;
      const count = await kits.rowsOf('SELECT count(*) AS n FROM t');
      await store.insert('t', { name: 'kept' });
      return { code: failure?.code, count };
    });
    assert.deepEqual(seen, { code: 14800029, count: [{ n: 3 }] });
    await page.reload();
    assert.deepEqual(await page.evaluate(() => kits.rowsOf('SELECT name FROM t WHERE id > 3')), [{ name: 'kept' }]);
  });

  test('a closed store is closed for who has it, and can be opened again', async () => {
    const page = await filled();
    const seen = await page.evaluate(async () => {
      const store = await kits.openRdb();
      await store.close();
      const failure = await kits.failureOf(() => store.querySql('SELECT 1'));
      return [failure?.code, await kits.rowsOf('SELECT count(*) AS n FROM t')];
    });
    assert.deepEqual(seen, [14800014, [{ n: 3 }]]);
  });

  test('what it does not have is refused by name, wrong arguments by 401', async () => {
    const page = await filled();
    const seen = await page.evaluate(async () => {
      const store = await kits.openRdb();
      const { RdbPredicates, getRdbStore } = kits.relationalStore;
      const attempts = [
        () => store.insertSync('t', { n: 1 }),
        () => store.beginTransaction(),
        () => store.executeSql('BEGIN'),
        () => store.delete(new RdbPredicates('t').limitAs(1)),
        () => new RdbPredicates('t').inAllDevices(),
        () => getRdbStore(kits.context as never, { name: 'a', securityLevel: 1, customDir: 'x' }),
        () => store.querySql('DELETE FROM t'),
        () => store.querySql('SELEKT'),
        () => store.executeSql('CREATE GARBAGE'),
        () => store.insert('', { n: 1 }),
        () => store.insert('t', {}),
        () => new RdbPredicates(''),
        () => getRdbStore(kits.context as never, { name: 'a/b', securityLevel: 1 }),
        () => getRdbStore(kits.context as never, { name: 'a', securityLevel: 9 as never }),
      ];
      const failures: unknown[] = [];
      for (const attempt of attempts) {
        const failure = await kits.failureOf(attempt);
        failures.push(failure?.name === 'HostError' ? 'HostError' : failure?.code);
      }
      return failures;
    });
    assert.deepEqual(seen, [
      ...Array.from({ length: 6 }, () => 'HostError'),
      14800019,
      14800019,
      14800021,
      ...Array.from({ length: 5 }, () => 401),
    ]);
  });

  test('the callback form tells the same', async () => {
    const page = await filled();
    const seen = await page.evaluate(async () => {
      const store = await kits.openRdb();
      const row = await new Promise((resolve) => store.insert('t', { n: 4 }, (error, id) => resolve([error, id])));
      const failed = await new Promise((resolve) =>
        store.insert('t', { name: 'ann' }, 0, (error) => resolve(error.code)),
      );
      return [row, failed];
    });
    assert.deepEqual(seen, [[undefined, 4], 14800032]);
  });
});
