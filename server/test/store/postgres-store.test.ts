import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { placeOf } from '../../src/ports/place';
import { PostgresDriver } from '../../src/store/postgres/postgres-driver';
import { openPostgresStore } from '../../src/store/postgres/postgres-store';
import { first } from '../../src/store/sql/script';
import { Statement } from '../../src/store/sql/statement';
import { type Store, StoreFailure } from '../../src/store/store';
import { postgresPrograms, PostgresServer } from '../support/postgres-server';
import { whereThereIs } from '../support/where-there-is';
import { storeContract } from './contract';
import { create, message, summary } from './log-commands';

let server: PostgresServer;

function open(url: string): Promise<Store> {
  return openPostgresStore({ url, poolSize: 5, onIdleError: () => undefined });
}

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(text);
  await client.end();
  return rows;
}

async function withAnn(store: Store): Promise<void> {
  await store.createUser({ userId: 'u_ann', userName: 'Ann', nameKey: 'ann', passwordHash: '', createdAtMs: 0 });
}

whereThereIs('PostgreSQL', postgresPrograms() !== null, () => {
  before(async () => {
    server = await PostgresServer.start();
  });

  after(() => server.stop());

  storeContract('PostgreSQL store', async () => {
    const url = await server.newDatabase();
    const store = await open(url);
    return { store, openSecond: () => open(url), close: () => store.close() };
  });

  describe('the PostgreSQL store and its server', () => {
    test('brings an empty database to the newest version once, though two servers start at the same time', async () => {
      const url = await server.newDatabase();
      const stores = await Promise.all([open(url), open(url), open(url)]);
      await Promise.all(stores.map((store) => store.close()));
      const again = await open(url);
      await withAnn(again);
      await again.close();
      assert.equal((await query(url, 'SELECT * FROM schema_version')).length, 1);
    });

    test('refuses a database of a newer server, without the password in the sentence', async () => {
      const url = await server.newDatabase();
      await query(url, 'CREATE TABLE schema_version (version BIGINT); INSERT INTO schema_version VALUES (99)');
      const secret = url.replace('parley@', 'parley:hunter2@');
      await assert.rejects(open(secret), (error: Error) => {
        assert.ok(error instanceof StoreFailure);
        assert.match(error.message, /cannot open the database 127\.0\.0\.1:\d+\/test_\d+_\d+: .*version 99/);
        assert.doesNotMatch(error.message, /hunter2/);
        return true;
      });
      const left = "SELECT 1 FROM pg_stat_activity WHERE application_name = 'parley' AND datname = current_database()";
      for (let looks = 0; (await query(url, left)).length > 0; looks++) {
        assert.ok(looks < 100, 'no connection stays open');
      }
      assert.equal(placeOf('postgres://u:p@db.example:5432/chat?sslmode=require'), 'db.example:5432/chat');
    });

    test('refuses a database that would acknowledge what a power cut takes back', async () => {
      const url = await server.newDatabase();
      await assert.rejects(
        open(`${url}?options=-c%20synchronous_commit%3Doff`),
        /synchronous_commit: expected on, got off/,
      );
    });

    test('a reading sees the database at one moment, whatever others write meanwhile', async () => {
      const url = await server.newDatabase();
      const driver = await PostgresDriver.open({ url, poolSize: 2, onIdleError: () => undefined });
      const gate = new pg.Client({ connectionString: url });
      await gate.connect();
      const users = new Statement<object, { readonly n: number }>('SELECT count(*) AS n FROM users', true, []);
      const atGate = new Statement('SELECT pg_advisory_lock(1)', true, []);
      await gate.query('SELECT pg_advisory_lock(1)');
      const reading = driver.read(function* () {
        const before = yield* first(users, {});
        yield* first(atGate, {});
        return [before?.n, (yield* first(users, {}))?.n];
      });
      const waiting = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
      for (let looks = 0; (await gate.query(waiting)).rows.length === 0; looks++) {
        assert.ok(looks < 2000, 'the reading comes to the gate');
      }
      await query(url, "INSERT INTO users VALUES ('u_1', 'Ann', 'ann', '', 0, 0)");
      await gate.query('SELECT pg_advisory_unlock(1)');
      assert.deepEqual(await reading, [0, 0]);
      await gate.end();
      await driver.close();
    });

    test('says so where nobody answers', async () => {
      await assert.rejects(open('postgres://parley@127.0.0.1:1/none'), StoreFailure);
    });

    test('keeps what it acknowledged through a crash of the database, and goes on after it', async () => {
      const url = await server.newDatabase();
      const store = await open(url);
      await withAnn(store);
      await store.commit([create('r_1', 'Tea'), message('r_1', 'u_ann', 'c_00000001', 'before')]);
      await server.halt();
      await assert.rejects(store.commit([message('r_1', 'u_ann', 'c_00000002', 'during')]), StoreFailure);
      await server.resume();
      const [outcome] = await store.commit([message('r_1', 'u_ann', 'c_00000003', 'after')]);
      assert.equal(summary(outcome), 'applied message 3');
      const page = await store.history('r_1', 0, 10);
      assert.deepEqual(
        page?.events.map(({ text }) => text),
        ['', 'before', 'after'],
      );
      await store.close();
    });
  });
});
