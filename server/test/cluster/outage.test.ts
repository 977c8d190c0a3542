import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { FrameType } from '../../../common/core/src/main/ets/wire/Frames';
import { BEAT_MS } from '../../src/bus/redis-bus';
import { expectStatus } from '../support/api-client';
import { Cluster } from '../support/cluster';
import { FakeClock } from '../support/fake-clock';
import type { FrameClient } from '../support/frame-client';
import { describeWithRedis } from '../support/redis-server';
import type { SocketClient } from '../support/socket-client';
import type { Person } from '../support/test-server';
import { until } from '../support/until';

describeWithRedis('a community without Redis for a while', () => {
  let clock: FakeClock;
  let cluster: Cluster;
  let ann: Person;
  let bo: Person;
  let roomId: string;
  let a: SocketClient;
  let b: SocketClient;

  beforeEach(async () => {
    clock = new FakeClock();
    cluster = await Cluster.start({ clock, settings: { heartbeatMs: 600_000 } });
    [ann, bo] = [await cluster.person('ann'), await cluster.person('bo')];
    roomId = (await ann.api.createRoom('Outage')).roomId;
    await bo.api.join(roomId);
    [a, b] = [await cluster.server(0).open(ann), await cluster.server(1).open(bo)];
  });
  afterEach(async () => {
    await Promise.all([a.close(), b.close()]);
    await cluster.end();
  });

  function textsOf(client: FrameClient): string[] {
    return client.all(FrameType.RoomEvent).map((frame) => frame.payload.event.text);
  }

  async function away(...indexes: number[]): Promise<void> {
    await until(() => indexes.every((index) => !cluster.member(index).bus.isReady()), 'the loss of Redis');
  }

  async function say(client: SocketClient, clientId: string, text: string): Promise<void> {
    assert.equal((await client.answer(client.say(roomId, clientId, text))).type, FrameType.MessageAck);
  }

  test('a restart of Redis loses nothing, and those of the same process go on without it', async () => {
    const a2 = await cluster.server(0).open(bo);
    await cluster.redis.stop();
    await away(0, 1);
    await say(a, 'c_00000001', 'first');
    await say(b, 'c_00000002', 'second');
    await say(a, 'c_00000003', 'third');
    // The store has all of it, and Bo's other device hears the own process at once: the hole is filled from the store.
    await a2.until(() => textsOf(a2).length === 3, 'three events');
    assert.deepEqual(textsOf(a2), ['first', 'second', 'third']);
    await cluster.redis.restart();
    await cluster.joined();
    for (const client of [a, b]) {
      await client.until(() => textsOf(client).length === 3, 'three events');
      assert.deepEqual(textsOf(client), ['first', 'second', 'third']);
    }
    await say(b, 'c_00000004', 'fourth');
    await a.until(() => textsOf(a).at(-1) === 'fourth', 'the fourth');
    await a2.close();
  });

  test('the last message of a room that fell silent while its sender was cut off still arrives', async () => {
    cluster.member(0).relay.cut();
    await away(0);
    await say(a, 'c_00000001', 'the last one');
    cluster.member(0).relay.mend();
    await b.until(() => textsOf(b).length === 1, 'the last message');
    assert.deepEqual(textsOf(b), ['the last one']);
  });

  test('the last message of a room that fell silent while its reader was cut off still arrives', async () => {
    cluster.member(1).relay.cut();
    await away(1);
    await say(a, 'c_00000001', 'the last one');
    cluster.member(1).relay.mend();
    await b.until(() => textsOf(b).length === 1, 'the last message');
    assert.deepEqual(textsOf(b), ['the last one']);
  });

  test('a line to Redis that went silent without a word is given up and made anew', async () => {
    cluster.member(1).relay.silence();
    await say(a, 'c_00000001', 'not heard at first');
    const { bus } = cluster.member(1);
    for (let looks = 0; looks < 4 && bus.isReady(); looks++) {
      const heard = cluster.member(0).bus.signsHeard;
      clock.advance(BEAT_MS);
      await until(() => cluster.member(0).bus.signsHeard > heard, 'a sign of life');
    }
    await away(1);
    await b.until(() => textsOf(b).length === 1, 'the message');
    await cluster.joined();
  });

  test('a session that ended and a room that was joined during the cut are noticed after it', async () => {
    const again = await cluster.server(0).signedIn(bo);
    const second = await cluster.server(1).open(again);
    cluster.member(1).relay.cut();
    await away(1);
    const garden = await ann.api.createRoom('Joined during the cut');
    await bo.api.join(garden.roomId);
    const body = JSON.stringify({ refreshToken: again.tokens.refreshToken });
    expectStatus(await again.api.call('POST', '/v1/auth/sign-out', body), 204);
    cluster.member(1).relay.mend();
    assert.equal(await second.closed(), 4401);
    assert.equal((await b.next(FrameType.RoomAdded)).payload.room.roomId, garden.roomId);
    await a.answer(a.say(garden.roomId, 'c_00000001', 'in the garden'));
    await b.until(() => textsOf(b).includes('in the garden'), 'the message');
  });

  test('a session that ended at a process that was cut off ends everywhere when it is back', async () => {
    cluster.member(0).relay.cut();
    await away(0);
    const body = JSON.stringify({ refreshToken: bo.tokens.refreshToken });
    expectStatus(await bo.api.call('POST', '/v1/auth/sign-out', body), 204);
    cluster.member(0).relay.mend();
    assert.equal(await b.closed(), 4401);
  });

  test('a notice that was lost without a trace is made good by the next comparison with the store', async () => {
    const commit = { kind: 'message', roomId, userId: ann.userId, clientId: 'c_00000001', text: 'unsaid', atMs: 1 };
    await cluster.store.commit([commit as Parameters<typeof cluster.store.commit>[0][number]]);
    for (let passedMs = 0; passedMs < 75_000; passedMs += BEAT_MS) {
      const heard = cluster.members.map(({ bus }) => bus.signsHeard);
      clock.advance(BEAT_MS);
      await until(() => cluster.members.every(({ bus }, i) => bus.signsHeard >= (heard[i] ?? 0) + 2), 'signs of life');
    }
    for (const client of [a, b]) {
      await client.until(() => textsOf(client).length === 1, 'the message');
    }
  });
});
