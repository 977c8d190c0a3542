import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { FrameType } from '../../../common/core/src/main/ets/wire/Frames';
import { expectStatus } from '../support/api-client';
import { Cluster } from '../support/cluster';
import { describeWithRedis } from '../support/redis-server';
import type { SocketClient } from '../support/socket-client';
import { ApiClient } from '../support/api-client';
import type { Person, TestServer } from '../support/test-server';

/** What revocation may take. */
const REVOKED_WITHIN_MS = 1000;

/** The person's requests, sent to another server. */
function apiAt(server: TestServer, person: Person): ApiClient {
  return new ApiClient(server.baseUrl, person.tokens.accessToken);
}

describeWithRedis('members on several processes', () => {
  let cluster: Cluster;

  before(async () => {
    cluster = await Cluster.start({ size: 3 });
  });
  after(() => cluster.end());

  test('a room that was joined at one process appears on the connections to another', async () => {
    const [ann, bo] = [await cluster.person('ann'), await cluster.person('bo')];
    const { roomId } = await ann.api.createRoom('Joined elsewhere');
    const [a, b] = [await cluster.server(0).open(ann), await cluster.server(1).open(bo)];
    await apiAt(cluster.server(2), bo).join(roomId);
    const added = await b.next(FrameType.RoomAdded);
    assert.deepEqual([added.payload.room.roomId, added.payload.room.headSeq], [roomId, 2]);
    const joined = await a.next(FrameType.RoomEvent);
    assert.deepEqual([joined.payload.event.kind, joined.payload.event.userId], ['joined', bo.userId]);
    await a.answer(a.say(roomId, 'c_00000001', 'welcome'));
    const event = await b.next(FrameType.RoomEvent);
    assert.deepEqual([event.payload.event.seq, event.payload.event.text], [3, 'welcome']);
    await Promise.all([a.close(), b.close()]);
  });

  test('a room that was created at one process appears on the connections of its creator to another', async () => {
    const ann = await cluster.person('ann');
    const a = await cluster.server(0).open(ann);
    const { roomId } = await apiAt(cluster.server(2), ann).createRoom('Created elsewhere');
    const added = await a.next(FrameType.RoomAdded);
    assert.deepEqual([added.payload.room.roomId, added.payload.room.headSeq], [roomId, 1]);
    await a.answer(a.say(roomId, 'c_00000001', 'first'));
    assert.equal((await a.next(FrameType.RoomEvent)).payload.event.seq, 2);
    await a.close();
  });

  describe('one who joined unheard', () => {
    let bo: Person;
    let b: SocketClient;
    let roomId: string;
    let rooms = 0;

    beforeEach(async () => {
      const ann = await cluster.person('ann');
      bo = await cluster.person('bo');
      b = await cluster.server(1).open(bo);
      ({ roomId } = await ann.api.createRoom(`Joined unheard ${++rooms}`));
      const [outcome] = await cluster.store.commit([{ kind: 'join', roomId, userId: bo.userId, atMs: 1 }]);
      assert.equal(outcome?.status, 'applied');
    });
    afterEach(() => b.close());

    async function comesIn(): Promise<void> {
      assert.equal((await b.next(FrameType.RoomAdded)).payload.room.roomId, roomId);
      await b.answer(b.say(roomId, 'c_00000001', 'here I am'));
      assert.equal((await b.next(FrameType.RoomEvent)).payload.event.text, 'here I am');
    }

    test('is let in by the notice also where the room is listened to further on already', async () => {
      const cy = await cluster.person('cy');
      const c = await cluster.server(1).open(cy);
      await apiAt(cluster.server(1), cy).join(roomId);
      assert.equal((await c.next(FrameType.RoomAdded)).payload.room.headSeq, 3);
      const { epoch } = (await cluster.store.heads([roomId])).get(roomId) ?? { epoch: '' };
      cluster.member(2).bus.tellAll({ kind: 'member', roomId, userId: bo.userId, epoch, seq: 2 });
      await comesIn();
      await c.close();
    });

    test('is let in when the log is asked for, and asks again', async () => {
      const { epoch } = (await cluster.store.heads([roomId])).get(roomId) ?? { epoch: '' };
      const resume = { type: FrameType.LogResume, payload: { roomId, epoch, afterSeq: 1 } } as const;
      assert.equal((await b.refusal(b.command(resume))).code, 'unavailable');
      const added = await b.next(FrameType.RoomAdded);
      assert.equal(added.payload.room.headSeq, 2);
      const resumed = await b.answer(b.command(resume));
      assert.equal(resumed.type, FrameType.LogResumed);
    });

    test('is let in at every process by joining once more, at any of them', async () => {
      await apiAt(cluster.server(2), bo).join(roomId);
      await comesIn();
    });
  });

  test('one who joins while others talk gets the room at one position and each event above it once', async () => {
    const [ann, bo, cy] = [await cluster.person('ann'), await cluster.person('bo'), await cluster.person('cy')];
    const { roomId } = await ann.api.createRoom('Joined in the middle');
    await cy.api.join(roomId);
    // Cy listens where Bo will come in: the feed of the room runs there already.
    const [a, b] = [await cluster.server(0).open(ann), await cluster.server(1).open(bo)];
    const c = await cluster.server(1).open(cy);
    const joining: Promise<unknown>[] = [];
    for (let i = 0; i < 40; i++) {
      a.say(roomId, `c_000000${10 + i}`, `message ${i}`);
      if (i === 20) {
        joining.push(apiAt(cluster.server(2), bo).join(roomId));
      }
      await a.fence();
    }
    await Promise.all(joining);
    const last = 43;
    for (const client of [b, c]) {
      await client.until(() => client.all(FrameType.RoomEvent).at(-1)?.payload.event.seq === last, `event ${last}`);
    }
    const position = b.all(FrameType.RoomAdded)[0]?.payload.room.headSeq ?? 0;
    const seqs = b.all(FrameType.RoomEvent).map((frame) => frame.payload.event.seq);
    assert.deepEqual(
      seqs,
      Array.from({ length: last - position }, (_, i) => position + 1 + i),
    );
    assert.equal(b.all(FrameType.RoomAdded).length, 1);
    await Promise.all([a.close(), b.close(), c.close()]);
  });

  test('who left at one process hears nothing more at another', async () => {
    const [ann, bo] = [await cluster.person('ann'), await cluster.person('bo')];
    const { roomId } = await ann.api.createRoom('Left elsewhere');
    await bo.api.join(roomId);
    const [a, b] = [await cluster.server(0).open(ann), await cluster.server(1).open(bo)];
    await apiAt(cluster.server(2), bo).leave(roomId);
    assert.equal((await b.next(FrameType.RoomRemoved)).payload.roomId, roomId);
    await a.answer(a.say(roomId, 'c_00000001', 'not for Bo'));
    assert.equal((await b.refusal(b.say(roomId, 'c_00000002', 'may I?'))).code, 'not_member');
    const resume = { roomId, epoch: 'e', afterSeq: 0 };
    assert.equal((await b.refusal(b.command({ type: FrameType.LogResume, payload: resume }))).code, 'not_member');
    await b.fence();
    assert.deepEqual(b.all(FrameType.RoomEvent), []);
    await Promise.all([a.close(), b.close()]);
  });

  test('signing out at one process closes the connections of that session at all others, soon', async () => {
    const ann = await cluster.person('ann');
    const other = await cluster.server(1).signedIn(ann);
    const [ends, stays] = [await cluster.server(1).open(ann), await cluster.server(2).open(other)];
    const body = JSON.stringify({ refreshToken: ann.tokens.refreshToken });
    const startedAtMs = performance.now();
    expectStatus(await ann.api.call('POST', '/v1/auth/sign-out', body), 204);
    assert.equal(await ends.closed(), 4401);
    assert.ok(performance.now() - startedAtMs < REVOKED_WITHIN_MS);
    await stays.fence();
    assert.equal(stays.isClosed, false);
    await stays.close();
  });

  test('typing reaches the members on other processes, and ends with the message', async () => {
    const [ann, bo] = [await cluster.person('ann'), await cluster.person('bo')];
    const { roomId } = await ann.api.createRoom('Typing');
    await bo.api.join(roomId);
    const [a, b] = [await cluster.server(0).open(ann), await cluster.server(1).open(bo)];
    const type = (isTyping: boolean): number => a.command({ type: FrameType.TypingSet, payload: { roomId, isTyping } });
    type(true);
    const mark = await b.next(FrameType.TypingChanged);
    assert.deepEqual(mark.payload, { roomId, userId: ann.userId, isTyping: true, expiresInMs: 6000 });
    const late = await cluster.server(1).open(bo);
    assert.equal(late.welcome.rooms[0]?.typing[0]?.userId, ann.userId);
    type(false);
    assert.equal((await b.next(FrameType.TypingChanged)).payload.isTyping, false);
    type(true);
    await b.next(FrameType.TypingChanged);
    a.say(roomId, 'c_00000001', 'done');
    assert.equal((await b.next(FrameType.TypingChanged)).payload.isTyping, false);
    assert.equal((await b.next(FrameType.RoomEvent)).payload.event.text, 'done');
    type(true);
    await b.next(FrameType.TypingChanged);
    await a.close();
    assert.equal((await b.next(FrameType.TypingChanged)).payload.isTyping, false);
    await Promise.all([b.close(), late.close()]);
  });
});
