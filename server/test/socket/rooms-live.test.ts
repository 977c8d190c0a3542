import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { FrameType, PresenceStatus } from '../../../common/core/src/main/ets/wire/Frames';
import { FakeClock } from '../support/fake-clock';
import type { SocketClient } from '../support/socket-client';
import { type Person, TestServer } from '../support/test-server';

let clock: FakeClock;
let server: TestServer;
let roomCount = 0;

before(async () => {
  clock = new FakeClock();
  server = await TestServer.start({ clock });
});
afterEach(() => server.untilConnections(0));
after(() => server.stop());

async function room(creator: Person, ...others: Person[]): Promise<string> {
  const { roomId } = await creator.api.createRoom(`Live ${++roomCount}`);
  for (const other of others) {
    await other.api.join(roomId);
  }
  return roomId;
}

function setTyping(client: SocketClient, roomId: string, isTyping: boolean): number {
  return client.command({ type: FrameType.TypingSet, payload: { roomId, isTyping } });
}

function setStatus(client: SocketClient, status: PresenceStatus): void {
  client.command({ type: FrameType.PresenceSet, payload: { status } });
}

/** What `client` was told since the last look, in order. */
function told(client: SocketClient): string[] {
  const lines = client.frames.flatMap((frame) => {
    switch (frame.type) {
      case FrameType.TypingChanged:
        return [`typing ${frame.payload.userId} ${frame.payload.isTyping} ${frame.payload.expiresInMs}`];
      case FrameType.PresenceChanged:
        return [`presence ${frame.payload.userId} ${frame.payload.status} ${frame.payload.lastSeenMs}`];
      case FrameType.RoomEvent:
        return [`event ${frame.payload.event.seq} ${frame.payload.event.kind} ${frame.payload.event.userId}`];
      case FrameType.RoomAdded:
        return [`added ${frame.payload.room.headSeq}`];
      case FrameType.RoomRemoved:
        return ['removed'];
      default:
        return [];
    }
  });
  client.frames.length = 0;
  return lines;
}

describe('joining and leaving', () => {
  test('is told to the members as an event, and to the user’s own connections as a room', async () => {
    const [ann, bo] = [await server.person('ann'), await server.person('bo')];
    const roomId = await room(ann);
    const a = await server.open(ann);
    const [phone, tablet] = [await server.open(bo), await server.open(bo)];
    for (const client of [a, phone, tablet]) {
      told(client);
    }
    await bo.api.join(roomId);
    await Promise.all([a.fence(), phone.fence(), tablet.fence()]);
    assert.deepEqual(told(a), [`event 2 joined ${bo.userId}`, `presence ${bo.userId} online 0`]);
    assert.deepEqual(told(phone), ['added 2']);
    assert.deepEqual(told(tablet), ['added 2']);

    await a.answer(a.say(roomId, 'c_00000001', 'Welcome'));
    await phone.fence();
    assert.deepEqual(told(phone), [`event 3 message ${ann.userId}`]);

    await bo.api.leave(roomId);
    await Promise.all([a.fence(), phone.fence()]);
    assert.equal(told(a).at(-1), `event 4 left ${bo.userId}`);
    assert.deepEqual(told(phone), ['removed']);

    await a.answer(a.say(roomId, 'c_00000002', 'Gone'));
    await phone.fence();
    assert.deepEqual(told(phone), []);
    await Promise.all([a.close(), phone.close(), tablet.close()]);
  });

  test('creating a room brings it to the creator’s connections', async () => {
    const ann = await server.person('ann');
    const client = await server.open(ann);
    await room(ann);
    const { payload } = await client.next(FrameType.RoomAdded);
    assert.equal(payload.room.headSeq, 1);
    assert.equal(payload.room.members[0]?.status, 'online');
    await client.close();
  });

  test('who left can send, resume and type no more', async () => {
    const [ann, bo] = [await server.person('ann'), await server.person('bo')];
    const roomId = await room(ann, bo);
    const b = await server.open(bo);
    await bo.api.leave(roomId);
    await b.next(FrameType.RoomRemoved);
    const resume = b.command({ type: FrameType.LogResume, payload: { roomId, epoch: 'e', afterSeq: 0 } });
    for (const id of [b.say(roomId, 'c_00000001', 'Hi'), resume, setTyping(b, roomId, true)]) {
      assert.equal((await b.refusal(id)).code, 'not_member');
    }
    await b.close();
  });
});

describe('typing', () => {
  test('is shown to the other members only and ends by itself after 6 s', async () => {
    const [ann, bo] = [await server.person('ann'), await server.person('bo')];
    const roomId = await room(ann, bo);
    const [a, tablet, b] = [await server.open(ann), await server.open(ann), await server.open(bo)];
    [a, tablet, b].forEach(told);
    setTyping(a, roomId, true);
    await a.fence();
    clock.advance(5999);
    await b.fence();
    assert.deepEqual(told(b), [`typing ${ann.userId} true 6000`]);
    clock.advance(1);
    await Promise.all([a.fence(), tablet.fence(), b.fence()]);
    assert.deepEqual(told(b), [`typing ${ann.userId} false 0`]);
    assert.deepEqual(
      [...told(a), ...told(tablet)].filter((line) => line.startsWith('typing')),
      [],
    );
    await Promise.all([a.close(), tablet.close(), b.close()]);
  });

  test('ends when the user says so, when the message arrives, and when the connection closes', async () => {
    const [ann, bo] = [await server.person('ann'), await server.person('bo')];
    const roomId = await room(ann, bo);
    const [a, b] = [await server.open(ann), await server.open(bo)];
    told(b);
    const [starts, ends] = [`typing ${ann.userId} true 6000`, `typing ${ann.userId} false 0`];
    setTyping(a, roomId, true);
    setTyping(a, roomId, false);
    setTyping(a, roomId, false);
    await a.fence();
    await b.fence();
    assert.deepEqual(told(b), [starts, ends]);

    setTyping(a, roomId, true);
    await a.answer(a.say(roomId, 'c_00000001', 'Done'));
    await b.fence();
    assert.deepEqual(told(b), [starts, ends, `event 3 message ${ann.userId}`]);

    setTyping(a, roomId, true);
    await a.fence();
    a.socket.terminate();
    await b.next(FrameType.TypingChanged);
    await b.until(() => b.all(FrameType.TypingChanged).length === 2, 'the end');
    assert.deepEqual(told(b).slice(0, 2), [starts, ends]);
    await b.close();
  });

  test('is in welcome and in the joined room with the time that is left', async () => {
    const [ann, bo, cy] = [await server.person('ann'), await server.person('bo'), await server.person('cy')];
    const roomId = await room(ann, bo);
    const a = await server.open(ann);
    setTyping(a, roomId, true);
    await a.fence();
    clock.advance(1800);
    const b = await server.open(bo);
    assert.deepEqual(b.welcome.rooms[0]?.typing, [{ userId: ann.userId, expiresInMs: 4200 }]);
    assert.deepEqual((await cy.api.join(roomId)).typing, [{ userId: ann.userId, expiresInMs: 4200 }]);
    const second = await server.open(ann);
    assert.deepEqual(second.welcome.rooms[0]?.typing, []);
    await Promise.all([a.close(), b.close(), second.close()]);
  });
});

describe('presence', () => {
  test('is told to who shares a room, and to nobody else', async () => {
    const [ann, bo, eve] = [await server.person('ann'), await server.person('bo'), await server.person('eve')];
    await room(ann, bo);
    await room(ann, bo);
    await room(eve);
    const [b, e] = [await server.open(bo), await server.open(eve)];
    told(b);
    const a = await server.open(ann);
    await Promise.all([b.fence(), e.fence()]);
    assert.deepEqual(told(b), [`presence ${ann.userId} online 0`]);
    assert.deepEqual(told(e), []);
    setStatus(a, PresenceStatus.Away);
    setStatus(a, PresenceStatus.Away);
    setStatus(a, PresenceStatus.Online);
    await a.fence();
    await b.fence();
    assert.deepEqual(told(b), [`presence ${ann.userId} away 0`, `presence ${ann.userId} online 0`]);
    await Promise.all([a.close(), b.close(), e.close()]);
  });

  test('going offline is told after the grace time with the moment of the close; a reconnect is no news', async () => {
    const [ann, bo] = [await server.person('ann'), await server.person('bo')];
    await room(ann, bo);
    const b = await server.open(bo);
    const a = await server.open(ann);
    await b.next(FrameType.PresenceChanged);
    told(b);
    await a.close();
    await server.untilConnections(1);
    clock.advance(4000);
    const again = await server.open(ann);
    clock.advance(20_000);
    await b.fence();
    assert.deepEqual(told(b), []);
    const closedAtMs = clock.nowMs();
    await again.close();
    await server.untilConnections(1);
    clock.advance(5000);
    await b.fence();
    assert.deepEqual(told(b), [`presence ${ann.userId} offline ${closedAtMs}`]);
    const third = await server.open(bo);
    const member = third.welcome.rooms[0]?.members.find((m) => m.userId === ann.userId);
    assert.deepEqual([member?.status, member?.lastSeenMs], ['offline', closedAtMs]);
    await Promise.all([b.close(), third.close()]);
  });

  test('a user with two connections is online while one is', async () => {
    const [ann, bo] = [await server.person('ann'), await server.person('bo')];
    await room(ann, bo);
    const b = await server.open(bo);
    const [phone, tablet] = [await server.open(ann), await server.open(ann)];
    await b.next(FrameType.PresenceChanged);
    told(b);
    setStatus(phone, PresenceStatus.Away);
    await phone.fence();
    await b.fence();
    assert.deepEqual(told(b), []);
    setStatus(tablet, PresenceStatus.Away);
    await tablet.fence();
    await b.fence();
    assert.deepEqual(told(b), [`presence ${ann.userId} away 0`]);
    await Promise.all([b.close(), phone.close(), tablet.close()]);
  });
});
