import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { decode, encode } from '@msgpack/msgpack';
import { WebSocket } from 'ws';
import { pino } from 'pino';
import { FrameType, PresenceStatus } from '../../../common/core/src/main/ets/wire/Frames';
import { Connection } from '../../src/hub/connection';
import { UNWATCHED } from '../../src/hub/hub-meter';
import { LastSeen } from '../../src/hub/last-seen';
import { DEFAULT_HUB_LIMITS } from '../../src/hub/limits';
import { LocalBus } from '../../src/bus/local-bus';
import { LiveRooms } from '../../src/hub/live-rooms';
import { type FeedReader, Feeds } from '../../src/rooms/feeds';
import { FakeClock } from '../support/fake-clock';
import { FakeFrameSocket } from '../support/fake-frame-socket';
import { SlowStore } from '../support/slow-store';
import { makeTempDir } from '../support/temp-dir';
import { type Person, TestServer } from '../support/test-server';

describe('the two encodings of a WebSocket', () => {
  let server: TestServer;
  let ann: Person;

  before(async () => {
    server = await TestServer.start();
    ann = await server.person('ann');
  });
  after(() => server.stop());

  const choices: [offers: string[], chosen: string][] = [
    [['parley.v1.msgpack', 'parley.v1'], 'parley.v1.msgpack'],
    [['parley.v1', 'parley.v1.msgpack'], 'parley.v1'],
    [['parley.v2', 'parley.v1.msgpack'], 'parley.v1.msgpack'],
  ];
  choices.forEach(([offers, chosen]) => {
    test(`of ${offers.join(', ')} the server takes ${chosen}`, async () => {
      const client = await server.connect(offers);
      assert.equal(client.socket.protocol, chosen);
      await client.close();
    });
  });

  test("a client that has somebody else's MessagePack is understood and understands", async () => {
    const socket = new WebSocket(server.socketUrl, 'parley.v1.msgpack');
    await once(socket, 'open');
    const ask = async (frame: object): Promise<{ type: string; re: number; payload: Record<string, unknown> }> => {
      socket.send(encode(frame));
      const [data, isBinary] = (await once(socket, 'message')) as [Buffer, boolean];
      assert.equal(isBinary, true);
      return decode(data) as { type: string; re: number; payload: Record<string, unknown> };
    };
    const token = ann.tokens.accessToken;
    const welcome = await ask({ type: 'hello', id: 1, payload: { token, client: 'other' } });
    assert.deepEqual([welcome.type, welcome.re, welcome.payload.userName], ['welcome', 1, ann.userName]);
    const pong = await ask({ type: 'ping', id: 2, payload: { sentAtMs: 1_790_000_000_000 } });
    assert.equal(pong.payload.sentAtMs, 1_790_000_000_000);
    socket.close();
    await once(socket, 'close');
  });

  test('connections of one encoding share the bytes of a frame for many', async (t) => {
    const clock = new FakeClock();
    const dir = makeTempDir();
    const store = new SlowStore(dir.path);
    const log = pino({ level: 'silent' });
    const lastSeen = new LastSeen(store, clock, log);
    const bus = new LocalBus('p_000000000001');
    const whenQuiet = (run: () => void): void => run();
    const makeFeeds = (reader: FeedReader): Feeds => new Feeds({ store, bus, clock, log, reader, whenQuiet });
    const live = new LiveRooms({ clock, presenceGraceMs: 0, lastSeen, bus, makeFeeds, meter: UNWATCHED });
    t.after(async () => {
      live.dispose();
      lastSeen.dispose();
      await store.close();
      dir.remove();
    });
    const sockets = [false, false, true, true].map((isBinary) => new FakeFrameSocket(isBinary));
    const room = { roomId: 'r_1', name: 'R', epoch: 'e_1', createdAtMs: 0, headSeq: 1, members: [], lastMessage: null };
    const handler = { onFrame: () => undefined, onClosed: () => undefined };
    const connections = sockets.map((socket, index) => {
      const parts = { socket, clock, limits: DEFAULT_HUB_LIMITS, heartbeatMs: 25_000, handler };
      const connection = new Connection(`k_${index}`, parts);
      const accessExpiresAtMs = clock.nowMs() + 1_000_000;
      connection.identify({ userId: `u_${index}`, userName: 'U', sessionId: 's', accessExpiresAtMs });
      live.arrive(connection, `u_${index}`, [room]);
      connection.open({ userId: `u_${index}`, userName: 'U', sessionId: 's', accessExpiresAtMs });
      return connection;
    });
    const [first] = connections;
    assert.ok(first);
    live.setPresence(first, 'u_0', PresenceStatus.Away);
    const [text, sameText, packed, samePacked] = sockets.map((socket) => socket.sent.at(-1));
    assert.ok(text !== undefined && packed !== undefined);
    assert.equal(text, sameText);
    assert.equal(packed, samePacked);
    assert.deepEqual(decode(packed), JSON.parse(text.toString()));
    connections.forEach((connection) => connection.closed(1000, ''));
  });
});

describe('auth.renew', () => {
  const clock = new FakeClock();
  let server: TestServer;

  before(async () => {
    server = await TestServer.start({ clock });
  });
  after(() => server.stop());

  test('refuses what is no good token of this session, and the connection lives on', async () => {
    const [ann, bo] = [await server.person('ann'), await server.person('bo')];
    const client = await server.open(ann);
    const again = await server.signedIn(ann);
    const old = ann.tokens.accessToken;
    const renew = (token: string): number => client.command({ type: FrameType.AuthRenew, payload: { token } });
    assert.equal((await client.refusal(renew('a.b.c'))).code, 'token_invalid');
    assert.equal((await client.refusal(renew(bo.tokens.accessToken))).code, 'token_invalid');
    assert.equal((await client.refusal(renew(again.tokens.accessToken))).code, 'token_invalid');
    for (let i = 0; i < 120; i++) {
      clock.advance(20_000);
      await client.fence();
    }
    const newer = (await server.refreshed(ann)).tokens.accessToken;
    assert.equal((await client.answer(renew(newer))).type, 'auth.renewed');
    for (let i = 0; i < 61; i++) {
      clock.advance(20_000);
      await client.fence();
    }
    assert.equal((await client.refusal(renew(old))).code, 'token_expired');
    await client.fence();
    await client.close();
  });

  test('before hello is refused like any other frame', async () => {
    const ann = await server.person('ann');
    const client = await server.connect();
    const token = ann.tokens.accessToken;
    const id = client.command({ type: FrameType.AuthRenew, payload: { token } });
    assert.equal((await client.refusal(id)).code, 'hello_expected');
    assert.equal(await client.closed(), 4400);
  });

  test('keeps the connection in the hands of its session: signing out ends it', async () => {
    const ann = await server.person('ann');
    const client = await server.open(ann);
    const newer = await server.refreshed(ann);
    const token = newer.tokens.accessToken;
    await client.answer(client.command({ type: FrameType.AuthRenew, payload: { token } }));
    await newer.api.call('POST', '/v1/auth/sign-out', JSON.stringify({ refreshToken: newer.tokens.refreshToken }));
    assert.equal(await client.closed(), 4401);
  });
});
