import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { SignJWT, UnsecuredJWT } from 'jose';
import { FrameType } from '../../../common/core/src/main/ets/wire/Frames';
import { decodeSessionTokens, type SessionTokens } from '../../../common/core/src/main/ets/wire/HttpBodies';
import { Passwords } from '../../src/auth/passwords';
import { ApiClient, expectStatus, PASSWORD, refusalIn } from '../support/api-client';
import { FakeClock } from '../support/fake-clock';
import { TestServer } from '../support/test-server';

/** Long enough for every algorithm of the family, so that only the choice of the algorithm can be at fault. */
const SECRET = 'a secret of the tests that is long enough for the longest of the hashes';

describe('signing up, in and out', () => {
  const clock = new FakeClock();
  let server: TestServer;

  before(async () => {
    server = await TestServer.start({ clock, settings: { tokenSecret: SECRET } });
  });
  after(() => server.stop());

  function post(path: string, body: unknown, token = ''): ReturnType<ApiClient['call']> {
    return new ApiClient(server.baseUrl, token).call('POST', path, JSON.stringify(body));
  }

  async function refresh(tokens: SessionTokens): Promise<SessionTokens> {
    const reply = await post('/v1/auth/refresh', { refreshToken: tokens.refreshToken });
    return decodeSessionTokens(expectStatus(reply, 200).text);
  }

  test('a new user is signed in at once, and again with the same password', async () => {
    const signedUp = await server.api.signUp('Dora');
    const reply = await post('/v1/auth/sign-in', { userName: 'Dora', password: PASSWORD });
    const signedIn = decodeSessionTokens(expectStatus(reply, 200).text);
    assert.equal(signedIn.userId, signedUp.userId);
    assert.equal(signedIn.userName, 'Dora');
    assert.equal(signedIn.accessExpiresAtMs, Math.floor(clock.nowMs() / 1000) * 1000 + 3_600_000);
    await new ApiClient(server.baseUrl, signedIn.accessToken).directory();
  });

  test('names are compared without case and in Unicode NFKC, and shown as they were given', async () => {
    const { userId } = await server.api.signUp('Ｚoë');
    for (const userName of ['zoë', 'ZOË', 'zoe\u0308']) {
      const reply = await post('/v1/auth/sign-in', { userName, password: PASSWORD });
      assert.deepEqual(decodeSessionTokens(expectStatus(reply, 200).text).userId, userId);
      const again = await post('/v1/auth/sign-up', { userName, password: PASSWORD });
      assert.equal(refusalIn(again), '409 name_taken userName');
    }
  });

  test('two who take the same name at the same moment do not both get it', async (t) => {
    // A hash that takes its time: both have seen the name free before one of them takes it.
    const slow = await TestServer.start({ ports: { passwords: new Passwords() } });
    t.after(() => slow.stop());
    const body = JSON.stringify({ userName: 'Twin', password: PASSWORD });
    const asked = [1, 2, 3].map(() => slow.api.call('POST', '/v1/auth/sign-up', body));
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    assert.deepEqual(statuses.sort(), [201, 409, 409]);
  });

  test('a password is the same however Unicode composes its letters', async () => {
    const given = { userName: 'Chloe', password: 'cafe\u0301 au lait' };
    expectStatus(await post('/v1/auth/sign-up', given), 201);
    expectStatus(await post('/v1/auth/sign-in', { ...given, password: 'caf\u00e9 au lait' }), 200);
    expectStatus(await post('/v1/auth/sign-in', given), 200);
  });

  test('a wrong password and an unknown name get the same answer', async () => {
    await server.api.signUp('Emil');
    const wrong = await post('/v1/auth/sign-in', { userName: 'Emil', password: 'not the password' });
    const unknown = await post('/v1/auth/sign-in', { userName: 'Nobody', password: 'not the password' });
    assert.equal(refusalIn(wrong), '401 bad_credentials');
    assert.equal(unknown.text, wrong.text);
  });

  const badCredentials: [what: string, body: unknown, refusal: string][] = [
    ['a short name', { userName: 'A', password: PASSWORD }, '400 bad_field userName'],
    ['a long name', { userName: 'A'.repeat(33), password: PASSWORD }, '400 bad_field userName'],
    ['a name with a space', { userName: 'An n', password: PASSWORD }, '400 bad_field userName'],
    ['a name with markup', { userName: '<b>Ann</b>', password: PASSWORD }, '400 bad_field userName'],
    ['a short password', { userName: 'Fred', password: '1234567' }, '400 bad_field password'],
    ['a long password', { userName: 'Fred', password: 'x'.repeat(129) }, '400 bad_field password'],
    ['no password', { userName: 'Fred' }, '400 bad_field password'],
    ['a number as the name', { userName: 12345, password: PASSWORD }, '400 bad_field userName'],
    ['an array', [], '400 bad_frame'],
  ];
  badCredentials.forEach(([what, body, refusal]) => {
    test(`signing up with ${what} is refused`, async () => {
      assert.equal(refusalIn(await post('/v1/auth/sign-up', body)), refusal);
    });
  });

  test('a refresh token is good for one use and the next one comes with the answer', async () => {
    const first = await server.api.signUp('Rita');
    const second = await refresh(first);
    const third = await refresh(second);
    assert.notEqual(third.refreshToken, second.refreshToken);
  });

  test('a refresh token may be shown again while its answer may have got lost', async () => {
    const first = await server.api.signUp('Lost');
    const lost = await refresh(first);
    clock.advance(30_000);
    const second = await refresh(first);
    assert.notEqual(second.refreshToken, lost.refreshToken);
    await refresh(second);
  });

  test('a refresh token that is shown after its use ends the session: its tokens and its open connections', async () => {
    const thief = await server.person('robbed');
    const client = await server.open(thief);
    const owner = await server.refreshed(thief);
    const other = await server.open(owner);
    clock.advance(30_001);
    assert.equal(
      refusalIn(await post('/v1/auth/refresh', { refreshToken: thief.tokens.refreshToken })),
      '401 token_invalid',
    );
    assert.deepEqual([await client.closed(), await other.closed()], [4401, 4401]);
    assert.equal(
      refusalIn(await post('/v1/auth/refresh', { refreshToken: owner.tokens.refreshToken })),
      '401 token_invalid',
    );
    assert.equal(refusalIn(await owner.api.call('GET', '/v1/rooms')), '401 token_invalid');
  });

  test('an access token ends after its time, a refresh token after its own', async () => {
    const tokens = await server.api.signUp('Hanna');
    clock.advance(3_600_000);
    const late = await new ApiClient(server.baseUrl, tokens.accessToken).call('GET', '/v1/rooms');
    assert.equal(refusalIn(late), '401 token_expired');
    assert.equal(late.headers.get('www-authenticate'), 'Bearer');
    const next = await refresh(tokens);
    clock.advance(30 * 24 * 3_600_000);
    assert.equal(refusalIn(await post('/v1/auth/refresh', { refreshToken: next.refreshToken })), '401 token_expired');
  });

  test('signing out ends the access token, the refresh token and the open connections of the session only', async () => {
    const person = await server.person('ida');
    const reply = await post('/v1/auth/sign-in', { userName: person.userName, password: PASSWORD });
    const other = decodeSessionTokens(expectStatus(reply, 200).text);
    const socket = await server.open(person);
    const { refreshToken, accessToken } = person.tokens;
    expectStatus(await post('/v1/auth/sign-out', { refreshToken }, accessToken), 204);
    assert.equal(await socket.closed(), 4401);
    assert.equal(refusalIn(await person.api.call('GET', '/v1/rooms')), '401 token_invalid');
    assert.equal(refusalIn(await post('/v1/auth/refresh', { refreshToken })), '401 token_invalid');
    await new ApiClient(server.baseUrl, other.accessToken).directory();
    const socketAgain = await server.connect();
    const id = socketAgain.command({ type: FrameType.Hello, payload: { token: accessToken, client: '' } });
    assert.equal((await socketAgain.refusal(id)).code, 'token_invalid');
    assert.equal(await socketAgain.closed(), 4401);
  });

  test('nobody signs somebody else out', async () => {
    const ann = await server.person('ann');
    const bo = await server.person('bo');
    expectStatus(
      await post('/v1/auth/sign-out', { refreshToken: ann.tokens.refreshToken }, bo.tokens.accessToken),
      204,
    );
    await ann.api.directory();
  });

  test('a refresh token is not found in the database', async (t) => {
    const own = await TestServer.start({ settings: { databaseUrl: null } });
    t.after(() => own.stop());
    const tokens = await own.api.signUp('Jana');
    const files = ['parley.db', 'parley.db-wal'].map((name) => readFileSync(join(own.dataDir, name), 'latin1'));
    assert.ok(files.some((file) => file.includes('Jana')));
    assert.equal(
      files.some((file) => file.includes(tokens.refreshToken) || file.includes(PASSWORD)),
      false,
    );
  });

  describe('a token that this server did not make is invalid', () => {
    let claims: { sub: string; sid: string };

    before(async () => {
      const { accessToken } = await server.api.signUp('Kai');
      claims = JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString()) as typeof claims;
    });

    function signed(secret: string, change: Record<string, unknown> = {}, alg = 'HS256'): Promise<string> {
      const exp = Math.floor(clock.nowMs() / 1000) + 60;
      return new SignJWT({ iss: 'parley', aud: 'parley.v1', exp, ...claims, ...change })
        .setProtectedHeader({ alg })
        .sign(Buffer.from(secret));
    }

    const forgeries: [what: string, make: () => Promise<string> | string][] = [
      ['another secret', () => signed('another secret that is long enough too')],
      ['another algorithm', () => signed(SECRET, {}, 'HS512')],
      [
        'no signature',
        () => new UnsecuredJWT({ iss: 'parley', aud: 'parley.v1', ...claims }).setExpirationTime('1h').encode(),
      ],
      ['another audience', () => signed(SECRET, { aud: 'elsewhere' })],
      ['another issuer', () => signed(SECRET, { iss: 'elsewhere' })],
      ['another user for the session', () => signed(SECRET, { sub: 'u_other' })],
      ['an unknown session', () => signed(SECRET, { sid: 's_unknown' })],
      ['words', () => 'abc'],
    ];
    forgeries.forEach(([what, make]) => {
      test(what, async () => {
        const reply = await new ApiClient(server.baseUrl, await make()).call('GET', '/v1/rooms');
        assert.equal(refusalIn(reply), '401 token_invalid');
      });
    });

    test('while the same claims under the right secret are valid', async () => {
      await new ApiClient(server.baseUrl, await signed(SECRET)).directory();
    });
  });
});

describe('attempts of one address', () => {
  test('the 31st within a minute is refused with the time to wait, until it has passed', async (t) => {
    const clock = new FakeClock();
    const server = await TestServer.start({ clock, settings: { authAttemptsPerMinute: 30 } });
    t.after(() => server.stop());
    const body = JSON.stringify({ userName: 'Nobody', password: 'not the password' });
    for (let i = 0; i < 30; i++) {
      assert.equal((await server.api.call('POST', '/v1/auth/sign-in', body)).status, 401);
    }
    const refused = await server.api.call('POST', '/v1/auth/sign-up', body);
    assert.equal(refusalIn(refused), '429 rate_limited');
    assert.equal(refused.headers.get('retry-after'), '60');
    clock.advance(500);
    const later = await server.api.call('POST', '/v1/auth/sign-up', body);
    assert.equal(later.headers.get('retry-after'), '60', 'whole seconds, never too few');
    clock.advance(59_500);
    assert.equal((await server.api.call('POST', '/v1/auth/sign-in', body)).status, 401);
  });
});
