import assert from 'node:assert/strict';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { keptTokenSecret } from '../src/auth/token-secret';
import { Origins } from '../src/gateway/origins';
import { systemRandom } from '../src/ports/ids';
import { readSettings, SettingError } from '../src/settings';
import { makeTempDir } from './support/temp-dir';

const dir = makeTempDir();
after(() => dir.remove());

describe('readSettings', () => {
  test('starts with nothing set', () => {
    const settings = readSettings({});
    assert.equal(settings.port, 8080);
    assert.equal(settings.host, '127.0.0.1');
    assert.equal(settings.accessTokenTtlMs, 3_600_000);
    assert.equal(settings.refreshTokenTtlMs, 30 * 24 * 3_600_000);
    assert.equal(settings.demo, false);
    assert.deepEqual([settings.databaseUrl, settings.filesDir], [null, null]);
  });

  test('takes an empty variable for an absent one', () => {
    assert.deepEqual(readSettings({ PORT: '', STATIC_DIR: ' ', DEMO: '' }), readSettings({}));
  });

  test('takes the addresses of the store and of the bus, with what they need beside them', () => {
    const env = { DATABASE_URL: 'postgres://me:pw@db/parley', TOKEN_SECRET: 's'.repeat(32) };
    assert.equal(readSettings(env).databaseUrl, 'postgres://me:pw@db/parley');
    assert.equal(readSettings(env).redisUrl, null);
    assert.equal(
      readSettings({ ...env, REDIS_URL: 'rediss://:pw@cache:6379/1' }).redisUrl,
      'rediss://:pw@cache:6379/1',
    );
  });

  test('refuses several processes without one store and one secret for all of them', () => {
    const redis = { REDIS_URL: 'redis://cache' };
    assert.throws(() => readSettings(redis), /^SettingError: REDIS_URL: expected DATABASE_URL beside it, got none\.$/);
    const both = { ...redis, DATABASE_URL: 'postgres://db/parley' };
    assert.throws(() => readSettings(both), /^SettingError: REDIS_URL: expected TOKEN_SECRET beside it, got none\.$/);
  });

  test('does not repeat an address that is wrong: it may hold a password', () => {
    for (const [name, value] of [
      ['REDIS_URL', 'http://:hunter2@cache'],
      ['REDIS_URL', 'hunter2'],
      ['DATABASE_URL', 'mysql://me:hunter2@db'],
    ] as const) {
      const read = (): unknown => readSettings({ [name]: value });
      assert.throws(read, (error: Error) => error.message.startsWith(name) && !error.message.includes('hunter2'));
    }
  });

  const wrong: [name: string, value: string, sentence: RegExp][] = [
    ['PORT', '80a', /^PORT: expected a whole number from 0 to 65535, got "80a"\.$/],
    ['PORT', '65536', /got "65536"/],
    ['PORT', '-1', /got "-1"/],
    ['PORT', '8080.5', /got "8080\.5"/],
    ['ACCESS_TOKEN_TTL_S', '0', /expected a whole number from 5 to 604800, got "0"/],
    ['REFRESH_TOKEN_TTL_S', '1e9', /got "1e9"/],
    ['HEARTBEAT_MS', '10', /from 1000 to 600000/],
    ['PRESENCE_GRACE_MS', 'soon', /got "soon"/],
    ['AUTH_ATTEMPTS_PER_MINUTE', '0', /from 1/],
    ['LOG_LEVEL', 'loud', /one of trace, debug, info, warn, error, fatal, silent, got "loud"/],
    ['DATABASE_URL', 'mysql://me:hunter2@db/chat', /^DATABASE_URL: expected postgres:\/\/[^,]*, got something else\.$/],
    ['DATABASE_URL', 'hunter2', /^DATABASE_URL: expected postgres:\/\/[^,]*, got something else\.$/],
    ['DATABASE_POOL_SIZE', '0', /from 1 to 1000, got "0"/],
    ['TRUST_PROXY', 'the balancer', /^TRUST_PROXY: expected a number of proxies, or networks such as 10\.0\.0\.0\/8/],
    ['TRUST_PROXY', '10.0.0.0/99', /got "10\.0\.0\.0\/99"/],
    ['WS_DEFLATE', 'on', /expected 0 or 1/],
    ['HSTS_MAX_AGE_S', '-1', /from 0 to/],
    ['CONNECTIONS_PER_ADDRESS', '0', /from 1/],
    ['DEMO', 'yes', /^DEMO: expected 0 or 1, got "yes"\.$/],
    ['STATIC_DIR', join(dir.path, 'missing'), /an existing folder/],
    ['ALLOWED_ORIGINS', 'https://a.example, b.example', /got "b\.example"/],
    ['ALLOWED_ORIGINS', 'https://a.example/path', /got "https:\/\/a\.example\/path"/],
    ['METRICS_PORT', 'on', /^METRICS_PORT: expected a whole number from 0 to 65535, got "on"\.$/],
    ['DRAIN_DELAY_MS', '-5', /from 0 to 600000/],
    ['DRAIN_SPREAD_MS', 'auto', /got "auto"/],
    ['DRAIN_LIMIT_MS', '10', /from 1000 to 1800000/],
    ['TOKEN_SECRET', 'short', /at least 32 characters, got 5/],
  ];
  wrong.forEach(([name, value, sentence]) => {
    test(`refuses ${name}=${value.replace(dir.path, '…')} with a sentence`, () => {
      assert.throws(
        () => readSettings({ [name]: value }),
        (error) => error instanceof SettingError && sentence.test(error.message) && error.message.startsWith(name),
      );
    });
  });

  test('keeps the data away from the folder that everyone may read', () => {
    for (const inside of ['', 'data', '..data', '.data/deep']) {
      const env = { STATIC_DIR: dir.path, DATA_DIR: join(dir.path, inside) };
      assert.throws(() => readSettings(env), /^SettingError: DATA_DIR: expected a folder outside STATIC_DIR/, inside);
    }
    readSettings({ STATIC_DIR: dir.path, DATA_DIR: join(dir.path, '..', 'data') });
    readSettings({ STATIC_DIR: dir.path, DATA_DIR: `${dir.path}-data` });
  });

  test('secrets are taken from the environment and from nowhere else', (t) => {
    const secret = 'a secret that is at least long enough';
    assert.equal(readSettings({ TOKEN_SECRET: secret }).tokenSecret, secret);
    // What is on the command line is seen by every user of the machine.
    process.argv.push(`--token-secret=${secret}`, `TOKEN_SECRET=${secret}`);
    t.after(() => process.argv.splice(-2));
    assert.equal(readSettings({}).tokenSecret, null);
  });

  test('wants more time for a shutdown than its planned steps take', () => {
    const env = { DRAIN_DELAY_MS: '5000', DRAIN_SPREAD_MS: '25000' };
    assert.throws(
      () => readSettings(env),
      /^SettingError: DRAIN_LIMIT_MS: expected more than .* \(30000\), got 30000\.$/,
    );
    assert.equal(readSettings({ ...env, DRAIN_LIMIT_MS: '30001' }).drainSpreadMs, 25_000);
  });

  test('keeps metrics off, and drains at once, unless told otherwise', () => {
    const { metricsPort, drainDelayMs, drainSpreadMs } = readSettings({});
    assert.deepEqual([metricsPort, drainDelayMs, drainSpreadMs], [null, 0, null]);
    assert.deepEqual(
      [readSettings({ METRICS_PORT: '0' }).metricsPort, readSettings({ METRICS_PORT: '' }).metricsPort],
      [0, null],
    );
  });

  test('reads a secret from a file where the variable itself is not set', () => {
    const path = join(dir.path, 'secret');
    writeFileSync(path, `${'s3cret-'.repeat(6)}\n`);
    assert.equal(readSettings({ TOKEN_SECRET_FILE: path }).tokenSecret, 's3cret-'.repeat(6));
    assert.equal(readSettings({ TOKEN_SECRET_FILE: '' }).tokenSecret, null);
    const missing = join(dir.path, 'no-secret');
    assert.throws(
      () => readSettings({ TOKEN_SECRET_FILE: missing }),
      /^SettingError: TOKEN_SECRET_FILE: expected a file that can/,
    );
    writeFileSync(path, '\n');
    assert.throws(
      () => readSettings({ TOKEN_SECRET_FILE: path }),
      /expected a file with the secret in it, got an empty one/,
    );
    writeFileSync(path, 'hunter2');
    assert.throws(
      () => readSettings({ TOKEN_SECRET_FILE: path }),
      (error) => /at least 32 characters, got 7/.test(String(error)) && !String(error).includes('hunter2'),
    );
  });

  test('never shows the secret that it refuses', () => {
    assert.throws(
      () => readSettings({ TOKEN_SECRET: 'hunter2' }),
      (error) => !String(error).includes('hunter2'),
    );
  });
});

describe('keptTokenSecret', () => {
  test('makes a secret once, that only its owner can read', () => {
    const home = join(dir.path, 'home');
    const first = keptTokenSecret(home, systemRandom);
    assert.equal(keptTokenSecret(home, systemRandom), first);
    assert.ok(first.length >= 32);
    assert.equal(statSync(join(home, 'token-secret')).mode & 0o777, 0o600);
  });

  test('refuses a folder that cannot be one', () => {
    const file = join(dir.path, 'file');
    writeFileSync(file, '');
    assert.throws(
      () => keptTokenSecret(join(file, 'inner'), systemRandom),
      /^SettingError: DATA_DIR: expected a folder/,
    );
  });

  test('refuses a secret that is too short, as a write that broke off leaves it', () => {
    const home = join(dir.path, 'short');
    mkdirSync(home);
    writeFileSync(join(home, 'token-secret'), `${'s'.repeat(31)}\n`);
    assert.throws(() => keptTokenSecret(home, systemRandom), /: expected a token-secret of at least 32 characters/);
  });
});

describe('Origins', () => {
  const origins = new Origins(['https://chat.example']);
  const cases: [origin: string | undefined, host: string, isAllowed: boolean][] = [
    [undefined, 'server:8080', true],
    ['http://localhost:5173', 'server:8080', true],
    ['http://127.0.0.1', 'server:8080', true],
    ['http://[::1]:3000', 'server:8080', true],
    ['http://server:8080', 'server:8080', true],
    ['http://server:5173', 'server:8080', true],
    ['https://chat.example', 'server:8080', true],
    ['https://chat.example.evil.example', 'server:8080', false],
    ['https://evil.example', 'server:8080', false],
    ['http://evil-server', 'server:8080', false],
    ['http://localhost.evil.example', 'server:8080', false],
    ['null', 'server:8080', false],
    ['', 'server:8080', false],
  ];
  cases.forEach(([origin, host, isAllowed]) => {
    test(`${isAllowed ? 'lets in' : 'keeps out'} ${origin ?? 'no origin'}`, () => {
      assert.equal(origins.isAllowed(origin, host), isAllowed);
    });
  });

  test('lets everyone in where * is set', () => {
    assert.equal(new Origins(['*']).isAllowed('https://evil.example', 'server'), true);
  });
});
