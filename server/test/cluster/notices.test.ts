import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { FrameType } from '../../../common/core/src/main/ets/wire/Frames';
import { expectStatus } from '../support/api-client';
import { Cluster } from '../support/cluster';
import { NoticeBackend } from '../support/notice-backend';
import { NoticeClient } from '../support/notice-client';
import { describeWithRedis } from '../support/redis-server';
import { SocketIoClient } from '../support/socket-io-client';
import type { Person } from '../support/test-server';
import { until } from '../support/until';

/** What revocation may take. */
const REVOKED_WITHIN_MS = 1000;

async function signOut({ api, tokens }: Person): Promise<void> {
  const body = JSON.stringify({ refreshToken: tokens.refreshToken });
  expectStatus(await api.call('POST', '/v1/auth/sign-out', body), 204);
}

describeWithRedis('notices to several processes', () => {
  let cluster: Cluster;
  let backend: NoticeBackend;
  let ann: Person;
  let bo: Person;

  before(async () => {
    cluster = await Cluster.start({ namesRedis: true });
    backend = NoticeBackend.start(cluster.redis.url);
  });
  after(async () => {
    await backend.end();
    await cluster.end();
  });
  beforeEach(async () => {
    [ann, bo] = [await cluster.person('ann'), await cluster.person('bo')];
    await backend.untilRead(2);
  });

  function hear(index: number, person: Person): Promise<NoticeClient> {
    return NoticeClient.connect(cluster.server(index).baseUrl, person.tokens.accessToken);
  }

  function close(...clients: NoticeClient[]): void {
    clients.forEach((client) => client.close());
  }

  test('reach a user at every process, in order, and nobody else', async () => {
    const clients = [await hear(0, ann), await hear(1, ann)];
    const other = await hear(1, bo);
    for (let number = 1; number <= 20; number++) {
      backend.of().to(`user:${ann.userId}`).emit('notice', { number, text: 'Ihr Export ist fertig – 完成' });
    }
    backend.of().emit('notice', 'for all');
    for (const client of clients) {
      await until(() => client.notices.length === 21, 'all notices');
      assert.deepEqual(client.notices[0], { number: 1, text: 'Ihr Export ist fertig – 完成' });
      assert.deepEqual(
        client.notices.slice(0, 20).map((notice) => (notice as { number: number }).number),
        Array.from({ length: 20 }, (_, i) => i + 1),
      );
    }
    assert.equal(await other.next(), 'for all');
    assert.deepEqual(other.notices, []);
    close(...clients, other);
  });

  test('reach one session of a user alone', async () => {
    const second = await cluster.server(0).signedIn(ann);
    const [first, other] = [await hear(0, ann), await hear(1, second)];
    const { sid } = JSON.parse(Buffer.from(second.tokens.accessToken.split('.')[1] ?? '', 'base64url').toString()) as {
      sid: string;
    };
    backend.of().to(`session:${sid}`).emit('notice', 'this one');
    backend.of().to(`user:${ann.userId}`).emit('notice', 'both');
    await until(() => other.notices.length === 2, 'both notices');
    assert.deepEqual(await first.next(), 'both');
    close(first, other);
  });

  test('come beside the frames of the line, which do not pass the stream', async () => {
    const { roomId } = await ann.api.createRoom(`Beside ${ann.userName}`);
    const length = await backend.streamLength();
    const line = await SocketIoClient.connect(cluster.server(0).baseUrl);
    line.hello(ann.tokens.accessToken);
    await line.next(FrameType.Welcome);
    const notices = await NoticeClient.connect(cluster.server(0).baseUrl, ann.tokens.accessToken, line.socket);
    assert.equal((await line.answer(line.say(roomId, 'c_00000001', 'hello'))).type, FrameType.MessageAck);
    assert.equal(await backend.streamLength(), length);
    backend.of('/parley.v1').emit('frame', '{"type":"bye","re":0,"payload":{"retryAfterMs":0}}');
    backend.of('/parley.v1').disconnectSockets(true);
    backend.of().to(`user:${ann.userId}`).emit('notice', 'after it');
    assert.equal(await notices.next(), 'after it');
    await line.fence();
    assert.equal(line.all(FrameType.Bye).length, 0);
    await line.close();
  });

  test('are all that a program can do to the sockets', async () => {
    const [a, b] = [await hear(0, ann), await hear(1, bo)];
    backend.of().socketsJoin(`user:${ann.userId}`);
    backend.of().socketsLeave(`user:${ann.userId}`);
    backend.of().disconnectSockets(true);
    backend.of().emit('bye', { code: 4401, reason: 'not yours to say' });
    backend.of().emit('notice', Buffer.from('bytes'));
    backend.of().emit('notice', 'x'.repeat(16 * 1024));
    assert.deepEqual(await backend.of().fetchSockets(), []);
    backend.of().to(`user:${ann.userId}`).emit('notice', 'for Ann');
    backend.of().to(`user:${bo.userId}`).emit('notice', 'for Bo');
    assert.equal(await a.next(), 'for Ann');
    assert.equal(await b.next(), 'for Bo');
    assert.deepEqual([a.notices, b.notices, a.bye, b.bye], [[], [], 0, 0]);
    close(a, b);
  });

  test('go on after entries that are none', async () => {
    const a = await hear(0, ann);
    const entry = { uid: 'x', nsp: '/parley.notices.v1', type: '3' };
    const good = { packet: { type: 2, data: ['notice', 1] }, opts: { rooms: [], except: [] } };
    await backend.write({ nonsense: '' });
    await backend.write({ ...entry, nsp: '/parley.v1', data: JSON.stringify(good) });
    await backend.write({ ...entry, type: '99', data: JSON.stringify(good) });
    for (const data of [
      {},
      { ...good, opts: undefined },
      { ...good, opts: { rooms: 7, except: [] } },
      { ...good, opts: { rooms: [], except: [7] } },
      { ...good, opts: { rooms: [], except: [], flags: 'x' } },
      { ...good, packet: { type: 1, data: ['notice'] } },
      { ...good, packet: { type: 2, data: 'notice' } },
    ]) {
      await backend.write({ ...entry, data: JSON.stringify(data) });
    }
    await backend.write({ ...entry, data: '{' });
    await backend.write({ ...entry, data: '[[' });
    await backend.write({ ...entry });
    await backend.write({ ...entry, data: JSON.stringify(good) });
    assert.equal(await a.next(), 1);
    close(a);
  });

  test('end within a second everywhere when the session ends at one process', async () => {
    const other = await cluster.server(1).signedIn(ann);
    const [ends, stays] = [await hear(1, ann), await hear(1, other)];
    const startedAtMs = performance.now();
    await signOut(ann);
    assert.equal(await ends.ended(), 4401);
    assert.ok(performance.now() - startedAtMs < REVOKED_WITHIN_MS);
    backend.of().emit('notice', 'to who is left');
    assert.equal(await stays.next(), 'to who is left');
    assert.deepEqual(ends.notices, []);
    close(stays);
  });

  test('end within a second everywhere when a refresh token was used twice', async () => {
    const heard = await hear(1, ann);
    await cluster.server(0).refreshed(ann);
    const newest = await cluster
      .server(0)
      .refreshed(ann)
      .catch(() => null);
    // Within the leeway a token may come twice: then signing the others out ends it in its place.
    if (newest !== null) {
      const other = await cluster.server(0).signedIn(ann);
      expectStatus(await other.api.call('POST', '/v1/auth/sign-out-others'), 204);
    }
    assert.equal(await heard.ended(), 4401);
  });

  test('end with 4413 for one who does not read, and nobody else waits', async () => {
    const fast = await hear(0, bo);
    // Beside a line, so that the connection goes on and tells it.
    const line = await SocketIoClient.connect(cluster.server(0).baseUrl);
    line.hello(ann.tokens.accessToken);
    await line.next(FrameType.Welcome);
    const slow = await NoticeClient.connect(cluster.server(0).baseUrl, ann.tokens.accessToken, line.socket);
    line.stopReading();
    const text = 'x'.repeat(15 * 1024);
    // What the system keeps for a socket comes on top of the limit.
    for (let sent = 0; sent < 800; sent++) {
      backend.of().emit('notice', text);
      if (sent % 50 === 49) {
        await until(() => fast.notices.length === sent + 1, 'the notices');
      }
    }
    line.startReading();
    assert.equal(await slow.ended(), 4413);
    await line.fence();
    await line.close();
    close(fast);
  });

  test('keep no more than a bounded number of entries', async () => {
    const a = await hear(0, ann);
    const pipeline = Array.from({ length: 3000 }, (_, number) => number);
    pipeline.forEach((number) => backend.of().emit('notice', number));
    await until(() => a.notices.at(-1) === 2999, 'the last notice');
    assert.ok((await backend.streamLength()) <= 11_000);
    close(a);
  });
});

describeWithRedis('notices without Redis for a while', () => {
  test('come again after a restart of Redis, and what was missed is the rest of the stream only', async (t) => {
    const cluster = await Cluster.start({ namesRedis: true });
    t.after(() => cluster.end());
    const backend = NoticeBackend.start(cluster.redis.url);
    t.after(() => backend.end());
    const ann = await cluster.person('ann');
    await backend.untilRead(2);
    const clients = [];
    for (const { server } of cluster.members) {
      clients.push(await NoticeClient.connect(server.baseUrl, ann.tokens.accessToken));
    }
    backend.of().emit('notice', 'before');
    for (const client of clients) {
      assert.equal(await client.next(), 'before');
    }
    await cluster.redis.stop();
    await until(() => cluster.members.every(({ bus }) => !bus.isReady()), 'the loss of Redis');
    // A stall would show here: the process answers while Redis is away.
    for (let asked = 0; asked < 20; asked++) {
      assert.equal((await cluster.server(0).api.call('GET', '/healthz')).status, 200);
    }
    await cluster.redis.restart();
    await cluster.joined();
    await backend.untilRead(2);
    backend.of().emit('notice', 'after');
    for (const client of clients) {
      assert.equal(await client.next(), 'after');
      client.close();
    }
  });

  test('that were sent while a process was cut off come when it is back, once; so does the end of a session', async (t) => {
    const cluster = await Cluster.start({ namesRedis: true });
    t.after(() => cluster.end());
    const backend = NoticeBackend.start(cluster.redis.url);
    t.after(() => backend.end());
    const [ann, bo] = [await cluster.person('ann'), await cluster.person('bo')];
    await backend.untilRead(2);
    const { server, relay, bus } = cluster.member(1);
    const a = await NoticeClient.connect(server.baseUrl, ann.tokens.accessToken);
    const b = await NoticeClient.connect(server.baseUrl, bo.tokens.accessToken);
    relay.cut();
    await until(() => !bus.isReady(), 'the cut');
    backend.of().emit('notice', 1);
    backend.of().emit('notice', 2);
    await signOut(bo);
    relay.mend();
    assert.equal(await b.ended(), 4401);
    await until(() => a.notices.length === 2, 'what was missed');
    backend.of().emit('notice', 3);
    await until(() => a.notices.length === 3, 'the next one');
    assert.deepEqual(a.notices, [1, 2, 3]);
    a.close();
  });
});
