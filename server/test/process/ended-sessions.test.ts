import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { CloseCode } from '../../../common/core/src/main/ets/wire/Codes';
import { ApiClient, PASSWORD } from '../support/api-client';
import { ChildServer } from '../support/child-server';
import { CommandLine } from '../support/command-line';
import { postgresPrograms, PostgresServer } from '../support/postgres-server';
import { describeWithRedis, RedisServer } from '../support/redis-server';
import { SocketClient } from '../support/socket-client';
import { makeTempDir } from '../support/temp-dir';
import { whereThereIs } from '../support/where-there-is';

/** A second, and what a busy machine needs to start a command; that half a second is enough is shown on a fake clock. */
const SOON_MS = 4000;
const SHARED = { TOKEN_SECRET: 'a secret that all processes of a cluster share' };

function folder(t: TestContext): string {
  const dir = makeTempDir();
  t.after(() => dir.remove());
  return dir.path;
}

async function started(t: TestContext, env: Record<string, string>): Promise<ChildServer> {
  const server = await ChildServer.start({ DATA_DIR: folder(t), ...env });
  t.after(async () => {
    server.signal('SIGKILL');
    await server.exit();
  });
  return server;
}

/** Each command ends a connection to each server; that of somebody else stays. */
async function commandsEndConnections(servers: readonly ChildServer[], env: Record<string, string>): Promise<void> {
  const [first] = servers;
  assert.ok(first !== undefined);
  const line = new CommandLine(env);
  const [ann, bo] = [await new ApiClient(first.baseUrl).signUp('Ann'), await new ApiClient(first.baseUrl).signUp('Bo')];
  const other = await SocketClient.open(first.socketUrl, bo.accessToken);
  let { accessToken } = ann;
  for (const command of ['sign-out', 'set-password', 'disable']) {
    const open = await Promise.all(servers.map(({ socketUrl }) => SocketClient.open(socketUrl, accessToken)));
    const startedAtMs = performance.now();
    assert.equal((await line.run(`user ${command} Ann`, PASSWORD)).code, 0);
    const codes = await Promise.all(open.map((socket) => socket.closed()));
    const tookMs = performance.now() - startedAtMs;
    assert.deepEqual(codes, new Array(servers.length).fill(CloseCode.TokenInvalid), command);
    assert.ok(tookMs < SOON_MS, `${command}: ${tookMs} ms`);
    if (command !== 'disable') {
      const body = JSON.stringify({ userName: 'Ann', password: PASSWORD });
      const reply = await new ApiClient(first.baseUrl).call('POST', '/v1/auth/sign-in', body);
      ({ accessToken } = JSON.parse(reply.text) as { accessToken: string });
    }
  }
  await other.fence();
  await other.close();
}

test('a command ends the connections to a server on SQLite', async (t) => {
  const env = { DATA_DIR: folder(t) };
  await commandsEndConnections([await started(t, env)], env);
});

whereThereIs('PostgreSQL', postgresPrograms() !== null, () => {
  test('a command ends the connections to servers on PostgreSQL that hear nothing of each other', async (t) => {
    const postgres = await PostgresServer.start();
    t.after(() => postgres.stop());
    const env = { DATABASE_URL: await postgres.newDatabase(), ...SHARED };
    const servers = [await started(t, env), await started(t, env)];
    await commandsEndConnections(servers, { DATA_DIR: folder(t), ...env });
  });

  describeWithRedis('a command beside servers that Redis joins', () => {
    test('ends the connections to all of them', async (t) => {
      const [postgres, redis] = [await PostgresServer.start(), await RedisServer.start()];
      t.after(async () => {
        await postgres.stop();
        await redis.end();
      });
      const env = { DATABASE_URL: await postgres.newDatabase(), REDIS_URL: redis.url, FILES_DIR: folder(t), ...SHARED };
      const servers = [await started(t, env), await started(t, env)];
      await commandsEndConnections(servers, { DATA_DIR: folder(t), ...env });
    });
  });
});
