import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { FrameType } from '../../../common/core/src/main/ets/wire/Frames';
import { Cluster } from '../support/cluster';
import type { FrameClient } from '../support/frame-client';
import { LogView } from '../support/log-view';
import { describeWithRedis } from '../support/redis-server';
import { until } from '../support/until';

const MANY = 1_000_000;
const SENDS = 60;

function seqsIn(client: FrameClient): number[] {
  return client.all(FrameType.RoomEvent).map((frame) => frame.payload.event.seq);
}

function fromTo(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

describeWithRedis('rooms of several processes', () => {
  let cluster: Cluster;

  before(async () => {
    cluster = await Cluster.start({ size: 3, limits: { messagesPerSecond: MANY, messageBurst: MANY } });
  });
  after(() => cluster.end());

  test('a message reaches the members on every process, in both directions', async () => {
    const [ann, bo] = [await cluster.person('ann'), await cluster.person('bo')];
    const { roomId } = await ann.api.createRoom('Both ways');
    await bo.api.join(roomId);
    const [a, b] = [await cluster.server(0).open(ann), await cluster.server(1).open(bo)];
    await a.answer(a.say(roomId, 'c_00000001', 'from the first'));
    await b.until(() => seqsIn(b).includes(3), 'event 3');
    await b.answer(b.say(roomId, 'c_00000002', 'from the second'));
    await a.until(() => seqsIn(a).includes(4), 'event 4');
    assert.deepEqual(
      [seqsIn(a), seqsIn(b)],
      [
        [3, 4],
        [3, 4],
      ],
    );
    await Promise.all([a.close(), b.close()]);
  });

  test('who sends to all processes at once is seen in one order by everyone, without hole or double', async () => {
    const people = [await cluster.person('ann'), await cluster.person('bo'), await cluster.person('cy')];
    const [ann] = people;
    assert.ok(ann);
    const { roomId } = await ann.api.createRoom('Crowded');
    for (const person of people.slice(1)) {
      await person.api.join(roomId);
    }
    const clients = await Promise.all(people.map((person, index) => cluster.server(index).open(person)));
    for (let i = 0; i < SENDS; i++) {
      clients.forEach((client) => client.say(roomId, `c_000000${10 + i}`, `message ${i}`));
      await clients[i % clients.length]?.fence();
    }
    const last = 3 + 3 * SENDS;
    for (const client of clients) {
      await client.until(() => seqsIn(client).at(-1) === last, `event ${last}`);
      assert.deepEqual(seqsIn(client), fromTo(4, last));
      assert.equal(client.all(FrameType.MessageAck).length, SENDS);
    }
    await Promise.all(clients.map((client) => client.close()));
  });

  test('who connects while others send by another process has neither gap nor overlap', async () => {
    const [ann, bo] = [await cluster.person('ann'), await cluster.person('bo')];
    const { roomId } = await ann.api.createRoom('Busy');
    await bo.api.join(roomId);
    const a = await cluster.server(0).open(ann);
    const opened: Promise<FrameClient>[] = [];
    for (let i = 0; i < SENDS; i++) {
      a.say(roomId, `c_000000${10 + i}`, `message ${i}`);
      if (i % 6 === 0) {
        opened.push(cluster.server(1).open(bo));
      }
      await a.fence();
    }
    const last = 2 + SENDS;
    for (const client of await Promise.all(opened)) {
      const head = client.welcome.rooms[0]?.headSeq ?? 0;
      await client.until(() => head === last || seqsIn(client).at(-1) === last, `event ${last}`);
      assert.deepEqual(seqsIn(client), fromTo(head + 1, last));
      await client.close();
    }
    await a.close();
  });

  test('a session goes on at another process than the one that was lost', async () => {
    const [ann, bo] = [await cluster.person('ann'), await cluster.person('bo')];
    const { roomId } = await ann.api.createRoom('Moved');
    await bo.api.join(roomId);
    let at = 1;
    const view = new LogView(() => cluster.server(at).socketUrl, bo.tokens.accessToken, roomId);
    const a = await cluster.server(0).open(ann);
    await view.connect();
    for (let i = 0; i < 10; i++) {
      await a.answer(a.say(roomId, `c_000000${10 + i}`, `message ${i}`));
      if (i === 4) {
        view.drop();
      }
    }
    at = 2;
    await view.connect();
    await a.answer(a.say(roomId, 'c_00000090', 'after the move'));
    await until(() => view.position === 13, 'the whole log');
    assert.deepEqual(view.complaints, []);
    assert.deepEqual(view.events, await ann.api.wholeLog(roomId));
    view.drop();
    await a.close();
  });
});
