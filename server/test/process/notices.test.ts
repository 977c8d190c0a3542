import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ApiClient } from '../support/api-client';
import { ChildServer } from '../support/child-server';
import { CommandLine } from '../support/command-line';
import { NoticeBackend } from '../support/notice-backend';
import { NoticeClient } from '../support/notice-client';
import { postgresPrograms, PostgresServer } from '../support/postgres-server';
import { describeWithRedis, RedisServer } from '../support/redis-server';
import { makeTempDir } from '../support/temp-dir';
import { whereThereIs } from '../support/where-there-is';

/** Longer than any read of the stream waits, and than a closed connection may take. */
const ENDS_WITHIN_MS = 15_000;

whereThereIs('PostgreSQL', postgresPrograms() !== null, () => {
  describeWithRedis('notices to servers that are processes', () => {
    let postgres: PostgresServer;
    let redis: RedisServer;
    let env: Record<string, string>;
    const dirs = [makeTempDir(), makeTempDir(), makeTempDir()] as const;

    before(async () => {
      [postgres, redis] = await Promise.all([PostgresServer.start(), RedisServer.start('a password')]);
      env = {
        DATABASE_URL: await postgres.newDatabase(),
        REDIS_URL: redis.url.replaceAll(' ', '%20'),
        TOKEN_SECRET: 'a secret that both processes of the test know',
        FILES_DIR: dirs[2].path,
      };
    });
    after(async () => {
      await redis.end();
      await postgres.stop();
      dirs.forEach((dir) => dir.remove());
    });

    test('the command reaches a user at another process, and servers end while Redis is away', async () => {
      const servers = [
        await ChildServer.start({ ...env, DATA_DIR: dirs[0].path }),
        await ChildServer.start({ ...env, DATA_DIR: dirs[1].path }),
      ];
      const [first, second] = servers as [ChildServer, ChildServer];
      const ann = JSON.parse(JSON.stringify(await new ApiClient(first.baseUrl).signUp('ann'))) as {
        accessToken: string;
      };
      const bo = JSON.parse(JSON.stringify(await new ApiClient(first.baseUrl).signUp('bo'))) as { accessToken: string };
      const [a, b] = [
        await NoticeClient.connect(second.baseUrl, ann.accessToken),
        await NoticeClient.connect(first.baseUrl, bo.accessToken),
      ];
      const backend = NoticeBackend.start(env.REDIS_URL ?? '');
      await backend.untilRead(2);
      await backend.end();
      const line = new CommandLine({ ...env, DATA_DIR: dirs[2].path });
      const alone = await line.run('notice --user ANN Ready');
      assert.deepEqual([alone.code, alone.stderr], [0, '']);
      const all = await line.run('notice --all Maintenance');
      const heard = (await a.next()) as { id: string; text: string; sentAtMs: number };
      assert.deepEqual([heard.id, heard.text], [alone.stdout.trim(), 'Ready']);
      assert.ok(Math.abs(heard.sentAtMs - Date.now()) < 60_000);
      for (const client of [a, b]) {
        assert.deepEqual(Object.values((await client.next()) as object).slice(0, 2), [
          all.stdout.trim(),
          'Maintenance',
        ]);
      }
      assert.match(
        (await line.run('notice --user nobody Hello')).stderr,
        /--user: expected the name of a user, got "nobody"/,
      );
      await redis.stop();
      const cut = await line.run('notice --all Unheard');
      assert.equal(cut.code, 1);
      assert.match(cut.stderr, /^parley-server: REDIS_URL: expected a Redis that takes a notice, got: .*ECONNREFUSED/);
      const startedAtMs = performance.now();
      servers.forEach((server) => server.signal('SIGTERM'));
      assert.deepEqual(await Promise.all(servers.map((server) => server.exit())), [0, 0]);
      assert.ok(performance.now() - startedAtMs < ENDS_WITHIN_MS);
      assert.deepEqual([await a.ended(), await b.ended()], [1012, 1012]);
      servers.forEach(({ stdout, stderr }) => {
        assert.equal(stderr, '');
        [ann.accessToken, 'a%20password', 'Maintenance'].forEach((secret) => assert.ok(!stdout.includes(secret)));
      });
    });
  });
});
