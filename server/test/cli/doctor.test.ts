import assert from 'node:assert/strict';
import { chmodSync, closeSync, openSync, rmSync, statSync, utimesSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import Database from 'libsql';
import { PASSWORD } from '../support/api-client';
import { CommandLine } from '../support/command-line';
import { describeWithRedis, RedisServer } from '../support/redis-server';
import { makeTempDir } from '../support/temp-dir';
import { TestServer } from '../support/test-server';

interface Finding {
  readonly check: string;
  readonly status: string;
  readonly found: string;
  readonly mend: string;
}

describeWithRedis('doctor beside Redis', () => {
  test('tells its version and how far away it is, and what is wrong with a password', async () => {
    const redis = await RedisServer.start('hunter2');
    const dir = makeTempDir();
    const look = async (url: string): Promise<Finding | undefined> => {
      const env = { DATABASE_URL: 'postgres://u@127.0.0.1:1/x', TOKEN_SECRET: 'q8Zr0VYtN3mK5sLx7WcB1dFgHjP2aQeU' };
      const line = new CommandLine({ DATA_DIR: dir.path, ...env, REDIS_URL: url });
      const { stdout } = await line.run('doctor --json');
      const findings = stdout.trimEnd().split('\n');
      return findings.map((text) => JSON.parse(text) as Finding).find(({ check }) => check === 'redis');
    };
    try {
      const found = await look(redis.url);
      assert.match(found?.found ?? '', /^127\.0\.0\.1:\d+, version \d+\.\d+\.\d+, \d+\.\d ms$/);
      assert.notEqual(found?.status, 'fail');
      const wrong = await look(redis.url.replace('hunter2', 'hunter3'));
      assert.equal(wrong?.status, 'fail');
      assert.match(wrong.found, /WRONGPASS|NOAUTH/);
      assert.doesNotMatch(JSON.stringify(wrong), /hunter/);
    } finally {
      await redis.end();
      dir.remove();
    }
  });
});

describe('doctor', () => {
  let dir: ReturnType<typeof makeTempDir>;
  let dataDir: string;

  async function examine(env: Record<string, string> = {}): Promise<{ code: number; of: (check: string) => Finding }> {
    const { code, stdout } = await new CommandLine({ DATA_DIR: dataDir, ...env }).run('doctor --json');
    const findings = stdout
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text) as Finding);
    const of = (check: string): Finding =>
      findings.find((finding) => finding.check === check) ?? { check, status: 'missing', found: '', mend: '' };
    findings.forEach(({ status, mend, check }) => assert.equal(mend === '', status === 'ok', check));
    return { code, of };
  }

  beforeEach(async () => {
    dir = makeTempDir();
    dataDir = join(dir.path, 'data');
    await new CommandLine({ DATA_DIR: dataDir }).run('user add Ann', PASSWORD);
  });
  afterEach(() => dir.remove());

  test('finds nothing wrong with a healthy folder, and exits with 0', async () => {
    const { code, of } = await examine();
    assert.equal(code, 0);
    for (const check of ['settings', 'data folder', 'server', 'token secret', 'database', 'integrity', 'clock']) {
      assert.equal(of(check).status, 'ok', `${check}: ${of(check).found}`);
    }
    assert.match(of('server').found, /^none runs/);
    const { stdout } = await new CommandLine({ DATA_DIR: dataDir }).run('doctor');
    assert.match(stdout, /^ok +settings +all of them can be read$/m);
  });

  test('tells that a server runs, and looks beside it', async () => {
    const server = await TestServer.start({ settings: { dataDir, databaseUrl: null } });
    try {
      const { code, of } = await examine();
      assert.deepEqual([code, of('server').found, of('integrity').status], [0, 'one runs on this folder', 'ok']);
    } finally {
      await server.stop();
    }
  });

  test('stops at a wrong setting, which it names', async () => {
    const { code, of } = await examine({ PORT: 'many' });
    assert.deepEqual([code, of('settings').status], [1, 'fail']);
    assert.match(of('settings').found, /^PORT: expected/);
    assert.equal(of('database').status, 'missing');
  });

  test('warns of a folder that others may look into', async () => {
    chmodSync(dataDir, 0o755);
    const { code, of } = await examine();
    assert.deepEqual([code, of('data folder').status, of('data folder').mend], [0, 'warn', `chmod 700 ${dataDir}`]);
  });

  test('fails a secret that others may read or guess, and never shows it', async () => {
    const server = await TestServer.start({ settings: { dataDir, databaseUrl: null } });
    await server.server.close();
    const path = join(dataDir, 'token-secret');
    assert.equal((await examine()).of('token secret').status, 'ok');
    chmodSync(path, 0o644);
    const open = await examine();
    assert.deepEqual([open.code, open.of('token secret').status], [1, 'fail']);
    const weak = 'abcabcabcabcabcabcabcabcabcabcabcabc';
    const guessed = await examine({ TOKEN_SECRET: weak });
    assert.deepEqual([guessed.code, guessed.of('token secret').status], [1, 'fail']);
    assert.ok(!JSON.stringify(guessed.of('token secret')).includes(weak));
    const strong = await examine({ TOKEN_SECRET: 'q8Zr0VYtN3mK5sLx7WcB1dFgHjP2aQeU' });
    assert.equal(strong.of('token secret').status, 'ok');
  });

  test('tells an older database from a newer one, and changes neither', async () => {
    const db = new Database(join(dataDir, 'parley.db'));
    const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number };
    db.exec('PRAGMA user_version = 1');
    const older = await examine();
    assert.deepEqual([older.code, older.of('database').status], [0, 'warn']);
    assert.match(older.of('database').mend, /backup first/);
    assert.equal((db.prepare('PRAGMA user_version').get() as { user_version: number }).user_version, 1);
    db.exec(`PRAGMA user_version = ${version + 1}`);
    const newer = await examine();
    assert.deepEqual([newer.code, newer.of('database').status], [1, 'fail']);
    db.close();
  });

  test('fails a damaged database', async () => {
    const path = join(dataDir, 'parley.db');
    const size = statSync(path).size;
    const file = openSync(path, 'r+');
    for (let at = 8192; at + 100 < size; at += 4096) {
      writeSync(file, Buffer.alloc(100, 0xff), 0, 100, at);
    }
    closeSync(file);
    const { code, of } = await examine();
    assert.deepEqual([code, of('integrity').status], [1, 'fail']);
  });

  test('fails a clock that is behind the data', async () => {
    const ahead = Date.now() / 1000 + 3600;
    utimesSync(join(dataDir, 'parley.db'), ahead, ahead);
    const { code, of } = await examine();
    assert.deepEqual([code, of('clock').status], [1, 'fail']);
  });

  test('warns of what others should not reach', async () => {
    assert.match((await examine({ DEMO: '1' })).of('exposure').found, /^DEMO=1/);
    assert.match((await examine({ ALLOWED_ORIGINS: '*' })).of('exposure').found, /^ALLOWED_ORIGINS/);
    const open = await examine({ METRICS_PORT: '9100', METRICS_HOST: '0.0.0.0' });
    assert.deepEqual([open.code, open.of('exposure').status], [0, 'warn']);
    assert.equal((await examine({ METRICS_PORT: '9100' })).of('exposure').status, 'ok');
  });

  test('looks for Redis only where one is set, and then for files that processes share', async () => {
    const { of } = await examine();
    assert.deepEqual([of('redis').status, of('shared files').status], ['ok', 'ok']);
    const env = { DATABASE_URL: 'postgres://u@127.0.0.1:1/x', TOKEN_SECRET: 'q8Zr0VYtN3mK5sLx7WcB1dFgHjP2aQeU' };
    const away = await examine({ ...env, REDIS_URL: 'redis://u:hunter2@127.0.0.1:1/0' });
    assert.deepEqual([away.code, away.of('redis').status, away.of('shared files').status], [1, 'fail', 'warn']);
    assert.match(away.of('redis').found, /^127\.0\.0\.1:1\/0 cannot be reached: .*ECONNREFUSED/);
    assert.match(away.of('shared files').mend, /^Set FILES_DIR/);
    assert.ok(!away.of('redis').found.includes('hunter2'));
    const shared = await examine({ ...env, REDIS_URL: 'redis://127.0.0.1:1', FILES_DIR: dataDir });
    assert.equal(shared.of('shared files').status, 'ok');
  });

  test('takes a folder that is not there yet for a new one', async () => {
    rmSync(dataDir, { recursive: true });
    const { code, of } = await examine();
    assert.deepEqual([code, of('data folder').status, of('database').status], [0, 'warn', 'ok']);
  });
});
