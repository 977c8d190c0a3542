import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { MAX_LISTED_SESSIONS } from '../../../common/core/src/main/ets/wire/Limits';
import { expectStatus, refusalIn } from '../support/api-client';
import { FakeClock } from '../support/fake-clock';
import { type Person, TestServer } from '../support/test-server';

interface Listed {
  readonly sessionId: string;
  readonly device: string;
  readonly createdAtMs: number;
  readonly lastUsedAtMs: number;
  readonly isCurrent: boolean;
}

describe('the sign-ins of a user', () => {
  let clock: FakeClock;
  let server: TestServer;

  before(async () => {
    clock = new FakeClock();
    server = await TestServer.start({ clock });
  });
  after(() => server.stop());

  async function listOf(person: Person): Promise<Listed[]> {
    const reply = expectStatus(await person.api.call('GET', '/v1/auth/sessions'), 200);
    return (JSON.parse(reply.text) as { sessions: Listed[] }).sessions;
  }

  test('are listed, the newest first, with the one that asks marked', async () => {
    const phone = await server.person('lists');
    clock.advance(1000);
    const tablet = await server.signedIn(phone);
    clock.advance(1000);
    const later = await server.refreshed(phone);
    const [newest, oldest, ...others] = await listOf(later);
    assert.equal(others.length, 0);
    assert.deepEqual([newest?.isCurrent, oldest?.isCurrent], [false, true]);
    assert.equal((newest?.createdAtMs ?? 0) - (oldest?.createdAtMs ?? 0), 1000);
    assert.equal((oldest?.lastUsedAtMs ?? 0) - (oldest?.createdAtMs ?? 0), 2000);
    assert.deepEqual(
      (await listOf(tablet)).map(({ sessionId, isCurrent }) => [sessionId, isCurrent]),
      [
        [newest?.sessionId, true],
        [oldest?.sessionId, false],
      ],
    );
  });

  test('are as many as a client reads, however many there are', async () => {
    const person = await server.person('many');
    const store = await server.openStore();
    const { userId } = person;
    const made = Array.from({ length: MAX_LISTED_SESSIONS }, (_, index) => {
      const times = { createdAtMs: clock.nowMs() + index, refreshExpiresAtMs: clock.nowMs() + 60_000 };
      return store.createSession({ ...times, sessionId: `s_${index}`, userId, refreshHash: `h${index}`, device: '' });
    });
    await Promise.all(made);
    await store.close();
    const listed = await listOf(person);
    assert.equal(listed.length, MAX_LISTED_SESSIONS);
    assert.equal(listed[0]?.sessionId, `s_${MAX_LISTED_SESSIONS - 1}`);
  });

  test('tell what the client called itself, without what a terminal or a page would obey', async () => {
    const person = await server.person('agent');
    const body = JSON.stringify({ userName: person.userName, password: 'correct horse battery' });
    const agent = `Parley/0.1 <b>\t${'x'.repeat(200)}`;
    const answer = await fetch(`${server.baseUrl}/v1/auth/sign-in`, {
      method: 'POST',
      headers: { 'user-agent': agent },
      body,
    });
    assert.equal(answer.status, 200);
    await answer.arrayBuffer();
    const devices = (await listOf(person)).map(({ device }) => device);
    assert.ok(devices.includes(`Parley/0.1 <b> ${'x'.repeat(85)}`), devices.join('\n'));
  });

  test('signs one device out: its tokens and its connections, and no other', async () => {
    const phone = await server.person('one');
    const tablet = await server.signedIn(phone);
    const [onPhone, onTablet] = [await server.open(phone), await server.open(tablet)];
    const other = (await listOf(phone)).find(({ isCurrent }) => !isCurrent);
    expectStatus(await phone.api.call('POST', `/v1/auth/sessions/${other?.sessionId}/sign-out`), 204);
    assert.equal(await onTablet.closed(), 4401);
    assert.equal(refusalIn(await tablet.api.call('GET', '/v1/rooms')), '401 token_invalid');
    const refresh = JSON.stringify({ refreshToken: tablet.tokens.refreshToken });
    assert.equal(refusalIn(await server.api.call('POST', '/v1/auth/refresh', refresh)), '401 token_invalid');
    assert.deepEqual(
      (await listOf(phone)).map(({ isCurrent }) => isCurrent),
      [true],
    );
    await onPhone.fence();
    await onPhone.close();
  });

  test('of somebody else cannot be ended, nor told from one that does not exist', async () => {
    const [ann, bo] = [await server.person('owner'), await server.person('stranger')];
    const [session] = await listOf(ann);
    for (const sessionId of [session?.sessionId, 's_nobody', '..%2F..', "';--"]) {
      const reply = await bo.api.call('POST', `/v1/auth/sessions/${encodeURIComponent(sessionId ?? '')}/sign-out`);
      assert.equal(refusalIn(reply), '404 not_found', sessionId);
    }
    assert.equal((await listOf(ann)).length, 1);
  });

  test('all but the one that asks end together', async () => {
    const here = await server.person('others');
    const there = [await server.signedIn(here), await server.signedIn(here)];
    const sockets = await Promise.all(there.map((person) => server.open(person)));
    const own = await server.open(here);
    const stranger = await server.open(await server.person('bystander'));
    expectStatus(await here.api.call('POST', '/v1/auth/sign-out-others'), 204);
    assert.deepEqual(await Promise.all(sockets.map((socket) => socket.closed())), [4401, 4401]);
    assert.equal((await listOf(here)).length, 1);
    await Promise.all([own.fence(), stranger.fence()]);
    await Promise.all([own.close(), stranger.close()]);
    assert.equal(refusalIn(await server.api.call('POST', '/v1/auth/sign-out-others')), '401 token_invalid');
  });
});
