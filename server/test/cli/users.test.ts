import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import Database from 'libsql';
import pg from 'pg';
import { CloseCode } from '../../../common/core/src/main/ets/wire/Codes';
import { expectStatus, PASSWORD, refusalIn } from '../support/api-client';
import { ChildServer } from '../support/child-server';
import { CommandLine, RecordingTerminal } from '../support/command-line';
import { postgresPrograms, PostgresServer } from '../support/postgres-server';
import { makeTempDir } from '../support/temp-dir';
import { TestServer } from '../support/test-server';
import { whereThereIs } from '../support/where-there-is';

const OTHER_PASSWORD = 'another good password';

function signIn(server: TestServer, userName: string, password: string): Promise<number> {
  return server.api.call('POST', '/v1/auth/sign-in', JSON.stringify({ userName, password })).then((one) => one.status);
}

describe('user and room commands beside a running server', () => {
  let server: TestServer;
  let line: CommandLine;

  before(async () => {
    server = await TestServer.start({ ports: { limits: { createBurst: 1000 } } });
    line = new CommandLine(server.environment);
  });
  after(() => server.stop());

  test('user add: the new user can sign in at once', async () => {
    const { code, stdout } = await line.run('user add Zoë', PASSWORD);
    assert.equal(code, 0);
    const reply = await server.api.call(
      'POST',
      '/v1/auth/sign-in',
      JSON.stringify({ userName: 'zoë', password: PASSWORD }),
    );
    assert.equal((JSON.parse(expectStatus(reply, 200).text) as { userId: string }).userId, stdout.trim());
  });

  test('user add: refuses what sign-up would refuse, and never shows the password', async () => {
    for (const [name, password, sentence] of [
      ['a b', PASSWORD, 'NAME: expected'],
      ['x', PASSWORD, 'NAME: expected 2 to 32 characters, got 1'],
      ['Short', 'hunter2', 'password: expected 8 to 128 characters, got 7'],
      ['ZOË', PASSWORD, 'NAME: expected a free name, got one that is taken'],
    ] as const) {
      const terminal = new RecordingTerminal(server.environment, password);
      const { code, stdout, stderr } = await line.runWith(['user', 'add', name], terminal);
      assert.deepEqual([code, stdout], [1, '']);
      assert.ok(stderr.includes(sentence), stderr);
      assert.ok(!stderr.includes(password));
    }
  });

  test('user set-password: the new one counts, the old one and all sessions do not', async () => {
    const ann = await server.person('Ann');
    const { code, stderr } = await line.run(`user set-password ${ann.userName}`, OTHER_PASSWORD);
    assert.deepEqual([code, stderr], [0, 'Ended 1 sessions.\n']);
    assert.equal(await signIn(server, ann.userName, PASSWORD), 401);
    assert.equal(await signIn(server, ann.userName, OTHER_PASSWORD), 200);
    const refresh = await server.api.call(
      'POST',
      '/v1/auth/refresh',
      JSON.stringify({ refreshToken: ann.tokens.refreshToken }),
    );
    assert.match(refusalIn(refresh), /^401 token_invalid/);
    assert.equal((await ann.api.call('GET', '/v1/rooms')).status, 401);
  });

  test('user sign-out: ends every session of one user and of no other', async () => {
    const [ann, bo] = [await server.person('Ann'), await server.person('Bo')];
    const second = await server.signedIn(ann);
    const { code, stderr } = await line.run(`user sign-out ${ann.userName.toUpperCase()}`);
    assert.deepEqual([code, stderr], [0, 'Ended 2 sessions.\n']);
    for (const [person, status] of [
      [ann, 401],
      [second, 401],
      [bo, 200],
    ] as const) {
      assert.equal((await person.api.call('GET', '/v1/rooms')).status, status);
    }
  });

  test('user disable: no sign-in, no refresh and no open connection, until user enable', async () => {
    const [ann, bo] = [await server.person('Ann'), await server.person('Bo')];
    const [open, other] = [await server.open(ann), await server.open(bo)];
    const { code, stderr } = await line.run(`user disable ${ann.userName}`);
    assert.deepEqual([code, stderr], [0, 'Ended 1 sessions.\n']);
    assert.equal(await open.closed(), CloseCode.TokenInvalid);
    const tried = (path: string, body: object): Promise<string> =>
      server.api.call('POST', path, JSON.stringify(body)).then(refusalIn);
    const { userName } = ann;
    assert.equal(await tried('/v1/auth/sign-in', { userName, password: PASSWORD }), '403 user_disabled');
    assert.equal(await tried('/v1/auth/sign-in', { userName, password: OTHER_PASSWORD }), '401 bad_credentials');
    const { refreshToken } = ann.tokens;
    assert.equal(await tried('/v1/auth/refresh', { refreshToken }), '401 token_invalid');
    assert.equal((await ann.api.call('GET', '/v1/rooms')).status, 401);
    assert.match((await line.run('user list')).stdout, new RegExp(`^${userName} .* disabled$`, 'm'));
    await other.fence();
    assert.deepEqual((await line.run(`user enable ${userName}`)).code, 0);
    const again = await server.open(await server.signedIn(ann));
    assert.equal((await line.run('user enable Nobody')).code, 1);
    assert.equal((await line.run('user disable Nobody')).code, 1);
    await Promise.all([other.close(), again.close()]);
  });

  test('user sign-out and user set-password: open connections end, those of others do not', async () => {
    const [ann, bo] = [await server.person('Ann'), await server.person('Bo')];
    const other = await server.open(bo);
    for (const command of ['sign-out', 'set-password']) {
      const open = await server.open(await server.signedIn(ann));
      assert.equal((await line.run(`user ${command} ${ann.userName}`, PASSWORD)).code, 0);
      assert.equal(await open.closed(), CloseCode.TokenInvalid, command);
    }
    await other.fence();
    await other.close();
  });

  test('a name that nobody has is refused before anyone types a password', async () => {
    const terminal = new RecordingTerminal(server.environment, OTHER_PASSWORD);
    const { code, stderr } = await line.runWith(['user', 'set-password', 'Nobody'], terminal);
    assert.deepEqual([code, terminal.secretsRead], [1, 0]);
    assert.equal(stderr, 'parley-server: NAME: expected the name of a user, got "Nobody"\n');
    assert.equal((await line.run('user sign-out Nobody')).code, 1);
  });

  test('user list and room list show all, page after page, and nothing that a terminal obeys', async () => {
    const ann = await server.person('Ann');
    const names = new Set<string>();
    for (let index = 0; index < 405; index++) {
      const name = `Room ${String(index).padStart(3, '0')}`;
      await ann.api.createRoom(name);
      names.add(name);
    }
    const escape = '\u001b]0;title\u0007';
    const reply = await ann.api.call('POST', '/v1/rooms', JSON.stringify({ name: `Odd ${escape}` }));
    const listed = await line.run('room list --json');
    const rooms = listed.stdout
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text) as { name: string; roomId: string; memberCount: number });
    assert.equal(rooms.length, names.size + (reply.status === 201 ? 1 : 0));
    rooms.forEach(({ name }) => names.delete(name));
    assert.equal(names.size, 0);
    const plain = await line.run('room list');
    assert.ok(plain.stdout.startsWith('ID '));
    assert.equal(plain.stdout.trimEnd().split('\n').length, rooms.length + 1);
    assert.ok(!plain.stdout.includes('\u001b'));
    const users = await line.run('user list');
    assert.ok(users.stdout.includes(ann.userName) && users.stdout.includes(ann.userId));
    assert.ok(!users.stdout.includes('$argon2'));
  });
});

describe('a database of another version', () => {
  test('is left alone while a server runs on it', async () => {
    const dataDir = makeTempDir();
    const server = await ChildServer.start({ DATA_DIR: dataDir.path });
    const line = new CommandLine({ DATA_DIR: dataDir.path });
    assert.equal((await line.run('user list')).code, 0);
    const db = new Database(join(dataDir.path, 'parley.db'));
    const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number };
    db.exec(`PRAGMA user_version = ${version - 1}`);
    const { code, stderr } = await line.run('user add Ann', PASSWORD);
    assert.deepEqual(db.prepare('SELECT COUNT(*) AS count FROM users').raw().get(), [0]);
    db.close();
    assert.equal(code, 1);
    assert.match(stderr, /expected a database of version \d+, got \d+: servers of another version may run on it/);
    server.signal('SIGKILL');
    await server.exit();
    dataDir.remove();
  });

  whereThereIs('PostgreSQL', postgresPrograms() !== null, () => {
    test('is left alone in PostgreSQL, an empty one is made by what writes, and listed by nothing', async () => {
      const postgres = await PostgresServer.start();
      const dataDir = makeTempDir();
      try {
        const url = await postgres.newDatabase();
        const line = new CommandLine({ DATA_DIR: dataDir.path, DATABASE_URL: url });
        const empty = await line.run('user list');
        assert.equal(empty.code, 1);
        assert.match(empty.stderr, /DATABASE_URL: expected the database of a server, got an empty one/);
        assert.match((await line.run('doctor')).stdout, /is empty: the first start makes it/);
        assert.equal((await line.run('user add Ann', PASSWORD)).code, 0);
        assert.match((await line.run('user list')).stdout, /^Ann /m);
        assert.equal((await line.run('doctor')).code, 0);
        const client = new pg.Client({ connectionString: url });
        await client.connect();
        await client.query('UPDATE schema_version SET version = version + 1');
        await client.end();
        const newer = await line.run('user add Bo', PASSWORD);
        assert.equal(newer.code, 1);
        assert.match(newer.stderr, /expected a database of version \d+, got \d+: servers of another version/);
        assert.equal((await line.run('doctor')).code, 1);
        const away = new CommandLine({ DATA_DIR: dataDir.path, DATABASE_URL: 'postgres://u:hunter2@127.0.0.1:1/x' });
        const lost = await away.run('user list');
        assert.equal(lost.code, 1);
        assert.match(lost.stderr, /cannot open the database 127\.0\.0\.1:1\/x: /);
        assert.doesNotMatch(lost.stderr + (await away.run('doctor')).stdout, /hunter2/);
      } finally {
        await postgres.stop();
        dataDir.remove();
      }
    });
  });
});

describe('user and room commands without a server', () => {
  const dir = makeTempDir();
  after(() => dir.remove());
  const line = new CommandLine({ DATA_DIR: join(dir.path, 'fresh') });

  test('read nothing where no server ever ran, and make no folder', async () => {
    for (const args of ['user list', 'room list']) {
      const { code, stderr } = await line.run(args);
      assert.equal(code, 1);
      assert.match(stderr, /DATA_DIR: expected a folder with the database parley\.db, got .*fresh\n$/);
    }
    assert.equal((await line.run('doctor')).stdout.includes('is not there yet'), true);
  });

  test('make users before the first start', async () => {
    assert.equal((await line.run('user add Ann', PASSWORD)).code, 0);
    const listed = await line.run('user list --json');
    const user = JSON.parse(listed.stdout) as { userName: string; lastSeenMs: number };
    assert.deepEqual([user.userName, user.lastSeenMs], ['Ann', 0]);
    const server = await TestServer.start({ settings: { dataDir: join(dir.path, 'fresh'), databaseUrl: null } });
    assert.equal(await signIn(server, 'Ann', PASSWORD), 200);
    await server.stop();
  });
});
