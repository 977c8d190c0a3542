import assert from 'node:assert/strict';
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import type { AuditEvent } from '../../src/audit/audit';
import { type AuditLog, openAuditLog } from '../../src/audit/audit-log';
import type { HubLimits } from '../../src/hub/limits';
import { SettingError } from '../../src/settings';
import { claimsOf } from '../hostile/forged-tokens';
import { expectStatus, PASSWORD } from '../support/api-client';
import { FakeClock } from '../support/fake-clock';
import { makeTempDir } from '../support/temp-dir';
import { TestServer } from '../support/test-server';
import { whereThereIs } from '../support/where-there-is';

interface Opened {
  readonly path: string;
  readonly clock: FakeClock;
  readonly audit: AuditLog;
}

type Line = Readonly<Record<string, unknown>>;

function open(t: TestContext): Opened {
  const dir = makeTempDir();
  const clock = new FakeClock();
  const path = join(dir.path, 'logs', 'audit.jsonl');
  const audit = openAuditLog(path, clock, (error) => assert.fail(error));
  t.after(() => {
    audit.close();
    dir.remove();
  });
  return { path, clock, audit };
}

function linesOf(path: string): Line[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}

const FIELDS = ['log', 'atMs', 'event', 'outcome', 'userId', 'sessionId', 'roomId', 'address', 'detail'];
const SIGN_IN: AuditEvent = { event: 'sign-in', outcome: 'done', userId: 'u_1', address: '192.0.2.1' };

describe('the audit log', () => {
  test('has one line for each event, with the same fields in the same order, readable by its owner alone', (t) => {
    const { path, clock, audit } = open(t);
    audit.record(SIGN_IN);
    audit.record({ event: 'room-joined', outcome: 'done', userId: 'u_1', roomId: 'r_1' });
    const lines = linesOf(path);
    lines.forEach((line) => assert.deepEqual(Object.keys(line), FIELDS));
    assert.deepEqual(Object.values(lines[0] ?? {}), [
      'audit',
      clock.nowMs(),
      'sign-in',
      'done',
      'u_1',
      '',
      '',
      '192.0.2.1',
      '',
    ]);
    assert.equal(statSync(path).mode & 0o777, 0o600);
  });

  test('only grows, also when it is opened again', (t) => {
    const { path, clock, audit } = open(t);
    audit.record(SIGN_IN);
    const again = openAuditLog(path, clock, (error) => assert.fail(error));
    again.record(SIGN_IN);
    again.close();
    audit.record(SIGN_IN);
    assert.equal(linesOf(path).length, 3);
  });

  test('goes on in a new file after it was moved away and told so', async (t) => {
    const { path, audit } = open(t);
    audit.record(SIGN_IN);
    renameSync(path, `${path}.1`);
    audit.record(SIGN_IN);
    audit.reopen();
    audit.record({ ...SIGN_IN, userId: 'u_2' });
    assert.equal(linesOf(`${path}.1`).length, 2);
    assert.deepEqual(
      linesOf(path).map((line) => line.userId),
      ['u_2'],
    );
  });

  test('keeps nothing that came from outside: no line ends, no words, nothing long', (t) => {
    const { path, audit } = open(t);
    for (const roomId of ['r_1\n{"event":"sign-in"}', 'my secret password', 'x'.repeat(101), '\u202e', '"']) {
      audit.record({ event: 'room-left', outcome: 'done', roomId });
    }
    const lines = linesOf(path);
    assert.deepEqual(
      lines.map((line) => line.roomId),
      ['?', '?', '?', '?', '?'],
    );
  });

  test('tells of a limit once a minute for each who meets it', (t) => {
    const { path, clock, audit } = open(t);
    const limited = (address: string, userId = ''): void =>
      audit.record({ event: 'limited', outcome: 'refused', address, userId });
    for (let i = 0; i < 1000; i++) {
      limited('192.0.2.1');
    }
    limited('192.0.2.2');
    limited('192.0.2.2', 'u_1');
    clock.advance(60_000);
    limited('192.0.2.1');
    assert.equal(linesOf(path).length, 4);
  });

  whereThereIs('/dev/full', existsSync('/dev/full'), () => {
    test('tells who runs the server of a disk that is full, and ends nothing', (t) => {
      const failures: (string | undefined)[] = [];
      const note = (error: NodeJS.ErrnoException): number => failures.push(error.code);
      const audit = openAuditLog('/dev/full', new FakeClock(), note);
      t.after(() => audit.close());
      audit.record(SIGN_IN);
      assert.equal(failures[0], 'ENOSPC');
    });
  });

  test('that cannot be one is refused with a sentence', (t) => {
    const dir = makeTempDir();
    t.after(() => dir.remove());
    const file = join(dir.path, 'file');
    writeFileSync(file, '');
    assert.throws(() => openAuditLog(join(file, 'audit'), new FakeClock(), () => undefined), SettingError);
  });
});

describe('the audit log of a server', () => {
  async function start(t: TestContext, limits: Partial<HubLimits> = {}): Promise<{ server: TestServer; path: string }> {
    const { path, audit } = open(t);
    const server = await TestServer.start({ ports: { audit, limits } });
    t.after(() => server.stop());
    return { server, path };
  }

  function tell(path: string): string[] {
    return linesOf(path).map(({ event, outcome, detail }) =>
      `${event as string} ${outcome as string} ${detail as string}`.trim(),
    );
  }

  test('tells of sessions and rooms, done and refused, and holds no secret', async (t) => {
    const { server, path } = await start(t);
    const ann = await server.person('ann');
    const bad = JSON.stringify({ userName: ann.userName, password: 'a wrong password' });
    await server.api.call('POST', '/v1/auth/sign-in', bad);
    await server.api.call('POST', '/v1/auth/sign-up', JSON.stringify({ userName: ann.userName, password: PASSWORD }));
    const again = await server.refreshed(ann);
    const { roomId } = await again.api.createRoom('Secret garden');
    await again.api.join(roomId);
    await again.api.leave(roomId);
    const { refreshToken } = again.tokens;
    await again.api.call('POST', '/v1/auth/sign-out', JSON.stringify({ refreshToken }));
    await server.api.call('POST', '/v1/auth/refresh', JSON.stringify({ refreshToken }));
    assert.deepEqual(tell(path), [
      'sign-up done',
      'sign-in refused bad_credentials',
      'sign-up refused name_taken',
      'refresh done',
      'room-created done',
      'room-joined done',
      'room-left done',
      'sign-out done',
      'refresh refused token_invalid',
    ]);
    const lines = linesOf(path);
    assert.ok(lines.slice(4, 8).every((line) => line.userId === ann.userId && line.sessionId !== ''));
    assert.ok(lines.every((line) => line.address === '127.0.0.1'));
    const text = readFileSync(path, 'utf8');
    const secrets = [PASSWORD, 'a wrong password', 'Secret garden', ann.userName];
    [...secrets, refreshToken, again.tokens.accessToken, ann.tokens.refreshToken].forEach((secret) => {
      assert.equal(text.includes(secret), false, secret);
    });
  });

  test('tells of a refresh token that somebody has a copy of, and whose session it ended', async (t) => {
    const { server, path } = await start(t);
    const first = await server.person('bo');
    await server.refreshed(await server.refreshed(first));
    const body = JSON.stringify({ refreshToken: first.tokens.refreshToken });
    assert.equal((await server.api.call('POST', '/v1/auth/refresh', body)).status, 401);
    const line = linesOf(path).find(({ event }) => event === 'refresh-reuse');
    assert.deepEqual([line?.outcome, line?.userId, line?.sessionId !== ''], ['refused', first.userId, true]);
  });

  test('tells of each session that its user ended from another one', async (t) => {
    const { server, path } = await start(t);
    const here = await server.person('cy');
    const gone = [await server.signedIn(here), await server.signedIn(here), await server.signedIn(here)];
    const ids = gone.map(({ tokens }) => claimsOf(tokens.accessToken).sid);
    expectStatus(await here.api.call('POST', `/v1/auth/sessions/${ids[0]}/sign-out`), 204);
    expectStatus(await here.api.call('POST', '/v1/auth/sign-out-others'), 204);
    const ended = linesOf(path).filter(({ event }) => event === 'session-ended');
    assert.deepEqual(ended.map(({ sessionId }) => sessionId).sort(), ids.sort());
    assert.ok(ended.every((line) => line.userId === here.userId && line.address === '127.0.0.1'));
  });

  test('tells of who met a limit, and where', async (t) => {
    const { server, path } = await start(t, { createBurst: 1, maxConnectionsPerUser: 1 });
    const ann = await server.person('ann');
    await ann.api.createRoom('One');
    for (let i = 0; i < 3; i++) {
      assert.equal((await ann.api.call('POST', '/v1/rooms', '{"name":"Two"}')).status, 429);
    }
    const first = await server.open(ann);
    const second = await server.connect();
    second.hello(ann.tokens.accessToken);
    assert.equal(await second.closed(), 1013);
    await first.close();
    const limited = linesOf(path).filter((line) => line.event === 'limited');
    assert.deepEqual(
      limited.map((line) => [line.userId, line.detail]),
      [
        [ann.userId, '/v1/rooms'],
        [ann.userId, 'hello'],
      ],
    );
  });
});
