import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { FrameType, PresenceStatus } from '../../../common/core/src/main/ets/wire/Frames';
import { BEAT_MS } from '../../src/bus/redis-bus';
import { PROCESS_SILENT_MS } from '../../src/bus/process-book';
import { Cluster } from '../support/cluster';
import { FakeClock } from '../support/fake-clock';
import type { FrameClient } from '../support/frame-client';
import { describeWithRedis } from '../support/redis-server';
import type { Person } from '../support/test-server';
import { until } from '../support/until';

const GRACE_MS = 5000;

describeWithRedis('presence on several processes', () => {
  let clock: FakeClock;
  let cluster: Cluster;
  let ann: Person;
  let bo: Person;
  let roomId: string;

  beforeEach(async () => {
    clock = new FakeClock();
    cluster = await Cluster.start({ size: 2, clock, settings: { presenceGraceMs: GRACE_MS, heartbeatMs: 600_000 } });
    [ann, bo] = [await cluster.person('ann'), await cluster.person('bo')];
    roomId = (await ann.api.createRoom('Presence')).roomId;
    await bo.api.join(roomId);
  });
  afterEach(() => cluster.end());

  function told(client: FrameClient): string[] {
    return client.all(FrameType.PresenceChanged).map(({ payload }) => `${payload.userId} ${payload.status}`);
  }

  async function hears(client: FrameClient, count: number): Promise<void> {
    await client.until(() => told(client).length >= count, `${count} changes of presence`);
  }

  /** Time passes in steps that let every process say that it lives, and hear it of the others. */
  async function pass(ms: number): Promise<void> {
    for (let passedMs = 0; passedMs < ms; passedMs += BEAT_MS) {
      const living = cluster.members.filter(({ bus }) => bus.isReady());
      const before = living.map(({ bus }) => bus.signsHeard);
      clock.advance(BEAT_MS);
      // Each hears itself and every other one that lives.
      await until(
        () => living.every(({ bus }, index) => bus.signsHeard >= (before[index] ?? 0) + living.length),
        'the signs of life of all processes',
      );
    }
  }

  function statusOf(client: FrameClient, userId: string): string | undefined {
    const room = client.welcome.rooms.find((one) => one.roomId === roomId);
    return room?.members.find((member) => member.userId === userId)?.status;
  }

  test('a user of one process comes, goes away, comes back and goes, for those of the other', async () => {
    const b = await cluster.server(1).open(bo);
    const a = await cluster.server(0).open(ann);
    await hears(b, 1);
    a.command({ type: FrameType.PresenceSet, payload: { status: PresenceStatus.Away } });
    await hears(b, 2);
    a.command({ type: FrameType.PresenceSet, payload: { status: PresenceStatus.Online } });
    await hears(b, 3);
    const leftAtMs = clock.nowMs();
    await a.close();
    await cluster.server(0).untilConnections(0);
    clock.advance(GRACE_MS);
    await hears(b, 4);
    assert.deepEqual(
      told(b),
      ['online', 'away', 'online', 'offline'].map((status) => `${ann.userId} ${status}`),
    );
    assert.equal(b.all(FrameType.PresenceChanged).at(-1)?.payload.lastSeenMs, leftAtMs);
    const again = await cluster.server(1).open(bo);
    assert.equal(again.welcome.rooms[0]?.members.find((one) => one.userId === ann.userId)?.lastSeenMs, leftAtMs);
    await Promise.all([b.close(), again.close()]);
  });

  test('who is connected to two processes stays online when one connection ends', async () => {
    const b = await cluster.server(1).open(bo);
    const first = await cluster.server(0).open(ann);
    await hears(b, 1);
    const second = await cluster.server(1).open(ann);
    await first.close();
    await cluster.server(0).untilConnections(0);
    clock.advance(GRACE_MS);
    // The fence goes the same way as the news that must not come.
    const c = await cluster.server(0).open(bo);
    c.command({ type: FrameType.PresenceSet, payload: { status: PresenceStatus.Away } });
    await c.fence();
    assert.deepEqual(
      told(b).filter((line) => line.endsWith('offline')),
      [],
    );
    const d = await cluster.server(0).open(bo);
    assert.equal(statusOf(d, ann.userId), 'online');
    await Promise.all([b.close(), c.close(), d.close(), second.close()]);
  });

  test('a process that starts later knows who is online at the others', async () => {
    const a = await cluster.server(0).open(ann);
    const { server } = await cluster.add();
    let status: string | undefined;
    for (let looks = 0; status !== 'online' && looks < 200; looks++) {
      const c = await server.open(bo);
      status = statusOf(c, ann.userId);
      await c.close();
    }
    assert.equal(status, 'online');
    await a.close();
  });

  test('the users of a process that died go offline once, with the time at which it was heard last', async () => {
    const third = await cluster.add();
    const [b, c] = [await cluster.server(1).open(bo), await third.server.open(bo)];
    const a = await cluster.server(0).open(ann);
    await Promise.all([hears(b, 1), hears(c, 1)]);
    await pass(BEAT_MS);
    const lastHeardMs = clock.nowMs();
    cluster.member(0).relay.cut();
    await until(() => !cluster.member(0).bus.isReady(), 'the cut');
    await pass(PROCESS_SILENT_MS - BEAT_MS);
    assert.equal(told(b).length, 1);
    await pass(BEAT_MS);
    await Promise.all([hears(b, 2), hears(c, 2)]);
    await pass(2 * BEAT_MS);
    for (const client of [b, c]) {
      assert.deepEqual(told(client), [`${ann.userId} online`, `${ann.userId} offline`]);
      assert.equal(client.all(FrameType.PresenceChanged)[1]?.payload.lastSeenMs, lastHeardMs);
    }
    const [room] = await cluster.store.roomsOf(bo.userId);
    assert.equal(room?.members.find((one) => one.userId === ann.userId)?.lastSeenMs, lastHeardMs);

    // It was not dead, only cut off: its users are back with it.
    cluster.member(0).relay.mend();
    await cluster.joined();
    await hears(b, 3);
    assert.equal(told(b)[2], `${ann.userId} online`);
    await Promise.all([a.close(), b.close(), c.close()]);
  });

  test('the users of a process that shuts down have the grace time to come back elsewhere', async () => {
    const third = await cluster.add();
    const b = await cluster.server(0).open(bo);
    const a = await third.server.open(ann);
    await hears(b, 1);
    await cluster.retire(2);
    await a.closed();
    clock.advance(GRACE_MS - 1);
    const again = await cluster.server(1).open(ann);
    again.command({ type: FrameType.PresenceSet, payload: { status: PresenceStatus.Away } });
    await hears(b, 2);
    clock.advance(GRACE_MS);
    assert.deepEqual(told(b), [`${ann.userId} online`, `${ann.userId} away`]);
    await again.close();
    await cluster.server(1).untilConnections(0);
    clock.advance(GRACE_MS);
    await hears(b, 3);
    assert.equal(told(b)[2], `${ann.userId} offline`);
    await b.close();
  });
});
