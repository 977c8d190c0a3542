import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { FrameType } from '../../../common/core/src/main/ets/wire/Frames';
import type { HubLimits } from '../../src/hub/limits';
import type { Settings } from '../../src/settings';
import { type ApiReply, PASSWORD, refusalIn } from '../support/api-client';
import { CARRIERS } from '../support/carriers';
import { FakeClock } from '../support/fake-clock';
import { uploadKey } from '../support/file-api';
import { TestServer } from '../support/test-server';

interface Started {
  readonly server: TestServer;
  readonly clock: FakeClock;
}

async function start(t: TestContext, limits: Partial<HubLimits>, settings: Partial<Settings> = {}): Promise<Started> {
  const clock = new FakeClock();
  const server = await TestServer.start({ clock, settings, ports: { limits } });
  t.after(() => server.stop());
  return { server, clock };
}

function isTooFast(reply: ApiReply, retryAfterS: number): void {
  assert.equal(refusalIn(reply), '429 rate_limited');
  assert.equal(reply.headers.get('retry-after'), String(retryAfterS));
}

describe('limits of one user', () => {
  test('sign-ins that fail under one name are limited, from whatever address; others and open sessions are not', async (t) => {
    const settings = { trustProxy: 1, authAttemptsPerMinute: 5 };
    const { server, clock } = await start(t, { signInFailuresPerHour: 3 }, settings);
    const [ann, bo] = [await server.person('ann'), await server.person('bo')];
    let address = 0;
    const signIn = (userName: string, password: string): Promise<ApiReply> =>
      server.api.call('POST', '/v1/auth/sign-in', JSON.stringify({ userName, password }), {
        'x-forwarded-for': `192.0.2.${++address}`,
      });
    for (let i = 0; i < 10; i++) {
      assert.equal((await signIn(ann.userName, PASSWORD)).status, 200, 'what succeeds is not counted');
    }
    const names = [ann.userName, ann.userName.toUpperCase(), ann.userName];
    for (const name of names) {
      assert.equal(refusalIn(await signIn(name, 'guess number one')), '401 bad_credentials');
    }
    isTooFast(await signIn(ann.userName, PASSWORD), 3600);
    assert.equal((await signIn(bo.userName, PASSWORD)).status, 200);
    await ann.api.directory();
    clock.advance(3_600_000);
    assert.equal((await signIn(ann.userName, PASSWORD)).status, 200);
  });

  test('a name that nobody has is limited in the same words', async (t) => {
    const { server } = await start(t, { signInFailuresPerHour: 1 });
    const body = JSON.stringify({ userName: 'Nobody', password: PASSWORD });
    assert.equal(refusalIn(await server.api.call('POST', '/v1/auth/sign-in', body)), '401 bad_credentials');
    isTooFast(await server.api.call('POST', '/v1/auth/sign-in', body), 3600);
  });

  test('creating rooms, and joining and leaving them, are limited apart from each other', async (t) => {
    const { server, clock } = await start(t, { createsPerSecond: 1, createBurst: 2, joinsPerSecond: 1, joinBurst: 3 });
    const [ann, bo] = [await server.person('ann'), await server.person('bo')];
    const create = (name: string): Promise<ApiReply> => ann.api.call('POST', '/v1/rooms', JSON.stringify({ name }));
    const { roomId } = await ann.api.createRoom('First');
    assert.equal((await create('Second')).status, 201);
    isTooFast(await create('Third'), 1);
    await ann.api.join(roomId);
    await ann.api.leave(roomId);
    await ann.api.join(roomId);
    isTooFast(await ann.api.call('POST', `/v1/rooms/${roomId}/leave`), 1);
    isTooFast(await ann.api.call('POST', `/v1/rooms/${roomId}/join`), 1);
    await bo.api.join(roomId);
    clock.advance(1000);
    assert.equal((await create('Third')).status, 201);
    await ann.api.leave(roomId);
  });

  test('nobody is in more rooms than the limit, and who leaves one can join another', async (t) => {
    const { server } = await start(t, { maxRoomsPerUser: 2 });
    const [ann, bo] = [await server.person('ann'), await server.person('bo')];
    const own = await ann.api.createRoom('One');
    await ann.api.createRoom('Two');
    const { roomId } = await bo.api.createRoom('Three');
    assert.equal(refusalIn(await ann.api.call('POST', `/v1/rooms/${roomId}/join`)), '409 room_full');
    assert.equal(refusalIn(await ann.api.call('POST', '/v1/rooms', '{"name":"Four"}')), '409 room_full');
    await ann.api.leave(own.roomId);
    await ann.api.join(roomId);
  });

  test('bytes of uploads are limited by the day', async (t) => {
    const { server, clock } = await start(t, { uploadBytesPerDay: 86_400 });
    const [ann, bo] = [await server.person('ann'), await server.person('bo')];
    const { roomId } = await ann.api.createRoom('Bytes');
    await bo.api.join(roomId);
    const send = (bytes: number, from = ann): Promise<ApiReply> =>
      from.api.call('POST', `/v1/rooms/${roomId}/files`, 'x'.repeat(bytes), { 'idempotency-key': uploadKey() });
    assert.equal((await send(86_000)).status, 201);
    isTooFast(await send(1000), 600);
    assert.equal((await send(1000, bo)).status, 201);
    clock.advance(599_000);
    isTooFast(await send(1000), 1);
    clock.advance(1000);
    assert.equal((await send(1000)).status, 201);
  });

  test('an upload without a length counts as it turns out to be', async (t) => {
    const { server } = await start(t, { uploadBytesPerDay: 10 * 1024 * 1024 + 6 });
    const ann = await server.person('ann');
    const { roomId } = await ann.api.createRoom('Chunks');
    for (let i = 0; i < 3; i++) {
      const headers = { authorization: `Bearer ${ann.tokens.accessToken}`, 'idempotency-key': uploadKey() };
      const body = new Blob(['tea']).stream();
      const sent = { method: 'POST', headers, body, duplex: 'half' } as RequestInit;
      const reply = await fetch(`${server.baseUrl}/v1/rooms/${roomId}/files`, sent);
      assert.equal(reply.status, 201);
      await reply.text();
    }
  });
});

describe('messages of one room', () => {
  test('are limited together, in no other room, and not by people who are not in it', async (t) => {
    const { server, clock } = await start(t, { roomMessagesPerSecond: 1, roomMessageBurst: 3 });
    const [ann, bo, eve] = [await server.person('ann'), await server.person('bo'), await server.person('eve')];
    const { roomId } = await ann.api.createRoom('Loud');
    const other = await ann.api.createRoom('Quiet');
    await bo.api.join(roomId);
    const [a, b, e] = await Promise.all([ann, bo, eve].map((person) => server.open(person)));
    assert.ok(a !== undefined && b !== undefined && e !== undefined);
    for (let i = 0; i < 5; i++) {
      assert.equal((await e.refusal(e.say(roomId, `c_eve_0000${i}`, 'let me in'))).code, 'not_member');
    }
    await a.answer(a.say(roomId, 'c_ann_00001', '1'));
    await b.answer(b.say(roomId, 'c_bob_00001', '2'));
    await a.answer(a.say(roomId, 'c_ann_00002', '3'));
    const refused = await b.refusal(b.say(roomId, 'c_bob_00002', '4'));
    assert.deepEqual([refused.code, refused.retryAfterMs], ['rate_limited', 1000]);
    assert.equal((await a.answer(a.say(other.roomId, 'c_ann_00003', '5'))).type, FrameType.MessageAck);
    clock.advance(1000);
    assert.equal((await b.answer(b.say(roomId, 'c_bob_00002', '4'))).type, FrameType.MessageAck);
    await Promise.all([a.close(), b.close(), e.close()]);
  });
});

CARRIERS.forEach((carrier) => {
  describe(`open connections over ${carrier.name}`, () => {
    test('of one user are limited: one too many is told when to come again, and closed with 1013', async (t) => {
      const { server } = await start(t, { maxConnectionsPerUser: 2 });
      const [ann, bo] = [await server.person('ann'), await server.person('bo')];
      const clients = await Promise.all([1, 2, 3, 4].map(() => carrier.connect(server)));
      const [first, second, third, other] = clients;
      assert.ok(first !== undefined && second !== undefined && third !== undefined && other !== undefined);
      for (const client of [first, second]) {
        client.hello(ann.tokens.accessToken);
        await client.next(FrameType.Welcome);
      }
      const refused = await third.refusal(third.hello(ann.tokens.accessToken));
      assert.deepEqual([refused.code, refused.retryAfterMs], ['rate_limited', 30_000]);
      assert.equal(await third.closed(), 1013);
      other.hello(bo.tokens.accessToken);
      await other.next(FrameType.Welcome);
      await first.close();
      await server.untilConnections(2);
      const again = await carrier.connect(server);
      again.hello(ann.tokens.accessToken);
      await again.next(FrameType.Welcome);
      await Promise.all([second, other, again].map((client) => client.close()));
    });

    test('of one address are limited, before anything is opened', async (t) => {
      const { server } = await start(t, {}, { connectionsPerAddress: 1 });
      const first = await carrier.connect(server);
      const answers = [
        await server.api.call('GET', '/v1/sse', undefined, { accept: 'text/event-stream' }),
        await server.api.call('POST', '/v1/poll'),
      ];
      answers.forEach((answer) => isTooFast(answer, 30));
      const refused = await server.connect();
      assert.equal(refused.socket.readyState, refused.socket.CLOSED);
      await first.close();
      await server.untilConnections(0);
      let status = 429;
      for (let looks = 0; status === 429 && looks < 200; looks++) {
        const stream = await fetch(`${server.baseUrl}/v1/sse`);
        status = stream.status;
        await stream.body?.cancel();
      }
      assert.equal(status, 200, 'who goes makes room');
      await server.untilConnections(0);
    });
  });
});
