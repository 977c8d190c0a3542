import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { SearchQuery } from '../../src/search/search-query';
import { migrate, NEWEST_VERSION } from '../../src/store/postgres/postgres-migrations';
import { openPostgresStore } from '../../src/store/postgres/postgres-store';
import type { Store } from '../../src/store/store';
import { postgresPrograms, PostgresServer } from '../support/postgres-server';
import { whereThereIs } from '../support/where-there-is';
import { message, summary } from './log-commands';

/** What a server of the first version wrote; columns are named, because later versions have more. */
const FIRST_VERSION = `
  INSERT INTO users (user_id, name, name_key, password_hash, created_at_ms) VALUES ('u_ann', 'Ann', 'ann', 'h', 1);
  INSERT INTO sessions VALUES ('s_1', 'u_ann', 'r1', 1000000, 2, 'Phone', 3);
  INSERT INTO spent_tokens VALUES ('r0', 's_1', 3);
  INSERT INTO rooms VALUES ('r_1', 'Tea', 'tea', 'e_1', 3, 3, 1);
  INSERT INTO members VALUES ('r_1', 'u_ann', 1);
  INSERT INTO files VALUES ('f_1', 'r_1', 'u_ann', 'k_1', 'tea.txt', 'text/plain', 3, 0, 0, 4, 1);
  INSERT INTO events VALUES
    ('r_1', 1, 1, 'created', 'u_ann', '', '', NULL),
    ('r_1', 2, 2, 'message', 'u_ann', 'c_00000001', 'Grüner Tee', NULL),
    ('r_1', 3, 3, 'message', 'u_ann', 'c_00000002', '', 'f_1');
  INSERT INTO search_rows (room_id, seq, words) VALUES ('r_1', 2, 'gruner tee');
`;

whereThereIs('PostgreSQL', postgresPrograms() !== null, () => {
  describe('a PostgreSQL database of an earlier version', () => {
    let server: PostgresServer;
    before(async () => {
      server = await PostgresServer.start();
    });
    after(() => server.stop());

    /** A database at `version`, with what was written at the first one. */
    async function atVersion(version: number): Promise<string> {
      const url = await server.newDatabase();
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await migrate(client, 1);
      await client.query(FIRST_VERSION);
      await migrate(client, version);
      await client.end();
      return url;
    }

    function open(url: string): Promise<Store> {
      return openPostgresStore({ url, poolSize: 2, onIdleError: () => undefined });
    }

    Array.from({ length: NEWEST_VERSION }, (_, index) => index + 1).forEach((version) => {
      test(`${version} keeps people, sessions, rooms, files and what was said, and works on`, async () => {
        const url = await atVersion(version);
        const store = await open(url);
        const user = await store.findUserByNameKey('ann');
        assert.deepEqual([user?.userName, user?.passwordHash, user?.isDisabled], ['Ann', 'h', false]);
        const page = await store.history('r_1', 0, 10);
        assert.deepEqual(
          page?.events.map((event) => [event.seq, event.kind, event.text, event.file?.name ?? '']),
          [
            [1, 'created', '', ''],
            [2, 'message', 'Grüner Tee', ''],
            [3, 'message', '', 'tea.txt'],
          ],
        );
        const found = await store.search('u_ann', new SearchQuery('GRUNER'), null, 5);
        assert.deepEqual(
          found?.hits.map(({ event }) => event.seq),
          [2],
        );
        const [sent, resent] = await store.commit([
          message('r_1', 'u_ann', 'c_00000003', 'danach'),
          message('r_1', 'u_ann', 'c_00000001', 'Grüner Tee'),
        ]);
        assert.deepEqual([summary(sent), resent?.status], ['applied message 4', 'repeated']);
        const next = { hash: 'r2', expiresAtMs: 2_000_000, atMs: 50_000 };
        assert.equal((await store.refreshSession('r1', next, 30_000)).status, 'refreshed');
        const from = await store.lastSessionEnding();
        assert.deepEqual(await store.disableUser('u_ann'), ['s_1']);
        assert.deepEqual((await store.sessionEndings(from, 9)).sessionIds, ['s_1']);
        await store.close();
        // A second start finds nothing left to do.
        await (await open(url)).close();
      });
    });
  });
});
