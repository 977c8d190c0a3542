import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { io } from 'socket.io-client';
import { FrameType } from '../../../common/core/src/main/ets/wire/Frames';
import { forgedTokens, SECRET } from '../hostile/forged-tokens';
import { expectStatus } from '../support/api-client';
import { FakeClock } from '../support/fake-clock';
import { NoticeClient } from '../support/notice-client';
import { SocketIoClient } from '../support/socket-io-client';
import { type Person, TestServer } from '../support/test-server';
import { until } from '../support/until';

async function signOut({ api, tokens }: Person): Promise<void> {
  const body = JSON.stringify({ refreshToken: tokens.refreshToken });
  expectStatus(await api.call('POST', '/v1/auth/sign-out', body), 204);
}

describe('the namespace of notices', () => {
  let server: TestServer;
  let ann: Person;

  before(async () => {
    server = await TestServer.start({ settings: { tokenSecret: SECRET } });
    ann = await server.person('ann');
  });
  after(() => server.stop());

  async function line(): Promise<SocketIoClient> {
    const client = await SocketIoClient.connect(server.baseUrl);
    client.hello(ann.tokens.accessToken);
    await client.next(FrameType.Welcome);
    return client;
  }

  const bad: [what: string, auth: object][] = [
    ['nothing', {}],
    ['an empty token', { token: '' }],
    ['a token that is a number', { token: 7 }],
    ['a token that is a list', { token: ['x'] }],
    ['a token above the limit', { token: 'x'.repeat(4097) }],
    ['a token in another place', { auth: { token: 'x' }, pid: 'x', offset: '1-1' }],
  ];
  bad.forEach(([what, auth]) => {
    test(`refuses a handshake with ${what}, and names the field`, async () => {
      const client = NoticeClient.open(server.baseUrl, auth);
      const { code, field, expected } = await client.refused();
      assert.deepEqual([code, field, expected], ['bad_field', 'token', '1 to 4096 characters']);
      assert.equal(client.socket.connected, false);
      client.close();
    });
  });

  test('refuses forged and expired tokens by the codes of hello', async () => {
    for (const { what, token, code } of await forgedTokens(ann.tokens.accessToken)) {
      const client = NoticeClient.open(server.baseUrl, { token });
      assert.equal((await client.refused()).code, code, what);
      client.close();
    }
  });

  test('refuses the token of a session that ended', async () => {
    const gone = await server.signedIn(ann);
    await signOut(gone);
    const client = NoticeClient.open(server.baseUrl, { token: gone.tokens.accessToken });
    assert.equal((await client.refused()).code, 'token_invalid');
    client.close();
  });

  test('lets a client in on the connection that it was refused on, with a better token', async () => {
    const client = await line();
    const refused = NoticeClient.open(server.baseUrl, { token: 'abc' }, client.socket);
    await refused.refused();
    refused.socket.auth = { token: ann.tokens.accessToken };
    refused.socket.connect();
    await until(() => refused.socket.connected, 'the namespace');
    await client.fence();
    await client.close();
  });

  ['/', '/parley.v2', '/parley.notices.v2', '/admin', '/parley.notices.v1/x'].forEach((name) => {
    test(`lets nobody into the namespace ${name}, and says so`, async () => {
      const notices = await NoticeClient.connect(server.baseUrl, ann.tokens.accessToken);
      const other = notices.socket.io.socket(name, { auth: { token: ann.tokens.accessToken } });
      const error = await new Promise<Error>((resolve, reject) => {
        other.once('connect_error', resolve);
        other.once('connect', () => reject(new Error('expected a refusal, got a connection')));
      });
      assert.match(error.message, name === '/' ? /^expected the namespace / : /^Invalid namespace$/);
      assert.equal(notices.socket.connected, true);
      notices.close();
    });
  });

  test('shares one connection with the line: each namespace can be left alone', async () => {
    const client = await line();
    const notices = await NoticeClient.connect(server.baseUrl, ann.tokens.accessToken, client.socket);
    assert.ok(notices.socket.io.engine === client.socket.io.engine, 'another connection');
    notices.close();
    await client.fence();
    const again = await NoticeClient.connect(server.baseUrl, ann.tokens.accessToken, client.socket);
    client.socket.disconnect();
    await server.untilConnections(0);
    assert.ok('expiresInMs' in (await again.renew({ token: ann.tokens.accessToken })));
    again.close();
  });

  test('ends with the connection where the server ends the line', async () => {
    const client = await line();
    const notices = await NoticeClient.connect(server.baseUrl, ann.tokens.accessToken, client.socket);
    client.sendWrongKind();
    assert.equal(await client.closed(), 1007);
    await notices.ended();
  });

  test('closes a connection whose last namespace was left', async () => {
    const socket = io(`${server.baseUrl}/parley.notices.v1`, {
      path: '/v1/socket.io',
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      auth: { token: ann.tokens.accessToken },
    });
    await until(() => socket.connected, 'the namespace');
    const { engine } = socket.io;
    // A client's own \`disconnect\` closes the connection by itself: here only the namespace is left.
    socket.io.engine.write('1/parley.notices.v1,');
    await until(() => engine.readyState === 'closed', 'the end of the connection');
  });

  test('ends at once where the session ends, and the line of another session stays', async () => {
    const other = await server.signedIn(ann);
    const client = await line();
    const notices = await NoticeClient.connect(server.baseUrl, other.tokens.accessToken, client.socket);
    await signOut(other);
    assert.equal(await notices.ended(), 4401);
    await client.fence();
    await client.close();
  });

  test('ignores every event but auth, and asks for no more than 19 in a minute', async () => {
    const client = await line();
    const notices = await NoticeClient.connect(server.baseUrl, ann.tokens.accessToken, client.socket);
    let answers = 0;
    ['notice', 'bye', 'error', 'frame', 'join', 'constructor'].forEach((event) =>
      notices.socket.emit(event, { rooms: ['user:u_other'] }, () => answers++),
    );
    assert.ok('expiresInMs' in (await notices.renew({ token: ann.tokens.accessToken })));
    assert.equal(answers, 0);
    for (let sent = 0; sent < 12; sent++) {
      notices.socket.emit('notice', 'again');
    }
    assert.equal(await notices.ended(), 4429);
    await client.closed();
  });

  test('cuts a connection that asks for one refusal after the other', async () => {
    const client = await line();
    const { engine } = client.socket.io;
    for (let asked = 0; asked < 19; asked++) {
      engine.write(`0/secret.${asked},{}`);
    }
    await client.fence();
    assert.equal(client.isClosed, false);
    engine.write('0/secret.last,{}');
    await client.closed();
  });

  test('cuts a connection that asks for one namespace twice', async () => {
    for (const name of ['/parley.v1', '/parley.notices.v1']) {
      const client = await line();
      const token = JSON.stringify({ token: ann.tokens.accessToken });
      client.socket.io.engine.write(`0${name},${token}`);
      client.socket.io.engine.write(`0${name},${token}`);
      await client.closed();
    }
    await server.untilConnections(0);
  });
});

describe('a socket of notices in time', () => {
  const clock = new FakeClock();
  let server: TestServer;
  let ann: Person;

  before(async () => {
    server = await TestServer.start({
      clock,
      settings: { accessTokenTtlMs: 60_000 },
      ports: { limits: { maxConnectionsPerUser: 2 } },
    });
  });
  after(() => server.stop());

  test('ends with its token, by 4402, unless a newer one of its session was shown', async () => {
    ann = await server.person('ann');
    const notices = await NoticeClient.connect(server.baseUrl, ann.tokens.accessToken);
    const stale = await NoticeClient.connect(server.baseUrl, ann.tokens.accessToken);
    clock.advance(30_000);
    const newer = await server.refreshed(ann);
    assert.deepEqual(await notices.renew({ token: newer.tokens.accessToken }), { expiresInMs: 60_000 });
    clock.advance(31_000);
    assert.equal(await stale.ended(), 4402);
    const answer = await notices.renew({ token: ann.tokens.accessToken });
    assert.equal('error' in answer && answer.error.code, 'token_expired');
    clock.advance(29_000);
    assert.equal(await notices.ended(), 4402);
  });

  test('takes no token of another session', async () => {
    ann = await server.person('ann');
    const notices = await NoticeClient.connect(server.baseUrl, ann.tokens.accessToken);
    for (const [auth, code] of [
      [{ token: (await server.signedIn(ann)).tokens.accessToken }, 'token_invalid'],
      [{ token: (await server.person('eve')).tokens.accessToken }, 'token_invalid'],
      [{ token: 7 }, 'bad_field'],
      [null, 'bad_field'],
    ] as const) {
      const answer = await notices.renew(auth);
      assert.equal('error' in answer && answer.error.code, code);
    }
    clock.advance(60_000);
    assert.equal(await notices.ended(), 4402);
  });

  test('is one of a bounded number of its user', async () => {
    ann = await server.person('ann');
    const both = [
      await NoticeClient.connect(server.baseUrl, ann.tokens.accessToken),
      await NoticeClient.connect(server.baseUrl, ann.tokens.accessToken),
    ];
    const third = NoticeClient.open(server.baseUrl, { token: ann.tokens.accessToken });
    const { code, retryAfterMs } = await third.refused();
    assert.deepEqual([code, retryAfterMs], ['rate_limited', 30_000]);
    both.forEach((one) => one.close());
    third.close();
  });

  test('is told of a shutdown by 1012', async () => {
    const leaving = await TestServer.start();
    const person = await leaving.person('ann');
    const notices = await NoticeClient.connect(leaving.baseUrl, person.tokens.accessToken);
    await leaving.stop();
    assert.equal(await notices.ended(), 1012);
  });
});
