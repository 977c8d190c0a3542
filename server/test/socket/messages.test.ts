import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { EventKind, FrameType } from '../../../common/core/src/main/ets/wire/Frames';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store';
import { type LogCommand, type LogOutcome, StoreFailure } from '../../src/store/store';
import type { Settings } from '../../src/settings';
import { FakeClock } from '../support/fake-clock';
import type { SocketClient } from '../support/socket-client';
import { makeTempDir } from '../support/temp-dir';
import { type Person, TestServer } from '../support/test-server';

let server: TestServer;
let ann: Person;
let bo: Person;
let roomCount = 0;

before(async () => {
  server = await TestServer.start();
  ann = await server.person('ann');
  bo = await server.person('bo');
});
after(() => server.stop());

/** A room of Ann and Bo, with a connection of each. */
async function pair(): Promise<{ roomId: string; epoch: string; a: SocketClient; b: SocketClient }> {
  const { roomId, epoch } = await ann.api.createRoom(`Pair ${++roomCount}`);
  await bo.api.join(roomId);
  return { roomId, epoch, a: await server.open(ann), b: await server.open(bo) };
}

function messagesIn(client: SocketClient, roomId: string): string[] {
  return client
    .all(FrameType.RoomEvent)
    .map((frame) => frame.payload.event)
    .filter((event) => event.roomId === roomId && event.kind === EventKind.Message)
    .map((event) => `${event.seq} ${event.userName} ${event.text}`);
}

describe('message.send', () => {
  test('is acknowledged to the sender and shown to every connection of every member', async () => {
    const { roomId, epoch, a, b } = await pair();
    const tablet = await server.open(ann);
    const ack = await a.answer(a.say(roomId, 'c_00000001', 'Tea at four? 🍵'));
    assert.equal(ack.type, FrameType.MessageAck);
    assert.deepEqual([ack.payload.roomId, ack.payload.clientId, ack.payload.seq], [roomId, 'c_00000001', 3]);
    for (const client of [a, b, tablet]) {
      const { payload } = await client.next(FrameType.RoomEvent);
      assert.equal(payload.epoch, epoch);
      assert.deepEqual(payload.event, {
        roomId,
        seq: 3,
        atMs: ack.payload.atMs,
        kind: EventKind.Message,
        userId: ann.userId,
        userName: ann.userName,
        clientId: 'c_00000001',
        text: 'Tea at four? 🍵',
      });
      await client.close();
    }
  });

  test('sent again gets the first ack again and nobody sees it twice', async () => {
    const { roomId, a, b } = await pair();
    const first = await a.answer(a.say(roomId, 'c_00000001', 'Once'));
    const again = await server.open(ann);
    const second = await again.answer(again.say(roomId, 'c_00000001', 'Once'));
    assert.deepEqual(second.payload, first.payload);
    await b.fence();
    assert.deepEqual(messagesIn(b, roomId), [`3 ${ann.userName} Once`]);
    await Promise.all([a.close(), b.close(), again.close()]);
  });

  test('with a known client id and another text is refused, also right behind the first', async () => {
    const { roomId, a, b } = await pair();
    a.say(roomId, 'c_00000001', 'One');
    const refusal = await a.refusal(a.say(roomId, 'c_00000001', 'Two'));
    assert.equal(refusal.code, 'id_reused');
    await b.next(FrameType.RoomEvent);
    await b.fence();
    assert.deepEqual(messagesIn(b, roomId), [`3 ${ann.userName} One`]);
    await Promise.all([a.close(), b.close()]);
  });

  test('to a room of others and to none gets the same refusal', async () => {
    const { roomId } = await bo.api.createRoom(`Closed ${++roomCount}`);
    const a = await server.open(ann);
    const others = await a.refusal(a.say(roomId, 'c_00000001', 'Hi'));
    const none = await a.refusal(a.say('r_nowhere', 'c_00000001', 'Hi'));
    assert.equal(others.code, 'not_member');
    assert.deepEqual(others, none);
    await a.close();
  });

  test('keeps its text as it is', async () => {
    const { roomId, a, b } = await pair();
    const texts = [
      "'; DROP TABLE events; --",
      '  spaces  ',
      '<script>alert(1)</script>',
      'e\u0301 é',
      '\u202eabc',
      'x'.repeat(4000),
    ];
    texts.forEach((text, i) => a.say(roomId, `c_0000000${i}`, text));
    for (const text of texts) {
      assert.equal((await b.next(FrameType.RoomEvent)).payload.event.text, text);
    }
    await Promise.all([a.close(), b.close()]);
  });

  test('many from both at once have one order for everyone, without holes', async () => {
    const { roomId, a, b } = await pair();
    const ids: Promise<unknown>[] = [];
    for (let i = 0; i < 25; i++) {
      ids.push(
        a.answer(a.say(roomId, `c_000000${10 + i}`, `a${i}`)),
        b.answer(b.say(roomId, `c_000000${10 + i}`, `b${i}`)),
      );
    }
    await Promise.all(ids);
    await Promise.all([a.fence(), b.fence()]);
    const seen = messagesIn(a, roomId);
    assert.deepEqual(messagesIn(b, roomId), seen);
    assert.deepEqual(
      seen.map((line) => parseInt(line, 10)),
      Array.from({ length: 50 }, (_, i) => 3 + i),
    );
    const ownOrder = seen.filter((line) => line.includes(' a')).map((line) => line.split(' ').at(-1));
    assert.deepEqual(
      ownOrder.filter((word) => word?.startsWith('a')),
      Array.from({ length: 25 }, (_, i) => `a${i}`),
    );
    await Promise.all([a.close(), b.close()]);
  });

  test('a copy of the files taken in the moment of the ack holds the message', async (t) => {
    const own = await TestServer.start({ settings: { databaseUrl: null } });
    t.after(() => own.stop());
    const person = await own.person('copied');
    const { roomId } = await person.api.createRoom('Copied');
    const client = await own.open(person);
    const dir = makeTempDir();
    const copy = join(dir.path, 'copy.db');
    client.onFrame = (frame) => {
      if (frame.type === FrameType.MessageAck) {
        copyFileSync(join(own.dataDir, 'parley.db'), copy);
        copyFileSync(join(own.dataDir, 'parley.db-wal'), `${copy}-wal`);
      }
    };
    const ack = await client.answer(client.say(roomId, 'c_at_ack_01', 'Is it on disk?'));
    const store = new SqliteStore(copy);
    const page = await store.history(roomId, 0, 1);
    await store.close();
    dir.remove();
    assert.equal(ack.type, FrameType.MessageAck);
    assert.deepEqual([page?.events[0]?.seq, page?.events[0]?.text], [ack.payload.seq, 'Is it on disk?']);
    await client.close();
  });

  test('a burst of 60 passes, the next one is refused with the time to wait, which is enough', async (t) => {
    const clock = new FakeClock();
    const own = await TestServer.start({ clock });
    t.after(() => own.stop());
    const person = await own.person('burst');
    const { roomId } = await person.api.createRoom('Burst');
    const [phone, tablet] = [await own.open(person), await own.open(person)];
    for (let i = 0; i < 59; i++) {
      phone.say(roomId, `c_000000${10 + i}`, 'quick');
    }
    await phone.fence();
    assert.equal((await tablet.answer(tablet.say(roomId, 'c_tablet_01', 'quick'))).type, FrameType.MessageAck);
    const refusal = await phone.refusal(phone.say(roomId, 'c_00000099', 'too quick'));
    assert.equal(refusal.code, 'rate_limited');
    assert.equal(refusal.retryAfterMs, 50);
    clock.advance(refusal.retryAfterMs);
    assert.equal((await phone.answer(phone.say(roomId, 'c_00000099', 'too quick'))).type, FrameType.MessageAck);
  });
});

describe('log.resume', () => {
  async function resume(client: SocketClient, roomId: string, epoch: string, afterSeq: number): Promise<unknown> {
    const answer = await client.answer(
      client.command({ type: FrameType.LogResume, payload: { roomId, epoch, afterSeq } }),
    );
    if (answer.type !== FrameType.LogResumed) {
      return answer.type === FrameType.Error ? answer.payload.code : answer.type;
    }
    const { recovered, headSeq, events } = answer.payload;
    return [recovered, headSeq, events.map((event) => event.seq)];
  }

  test('brings every event after the position, or none at all', async () => {
    const { roomId, epoch, a, b } = await pair();
    for (let i = 0; i < 3; i++) {
      await a.answer(a.say(roomId, `c_0000000${i}`, `m${i}`));
    }
    assert.deepEqual(await resume(b, roomId, epoch, 2), [true, 5, [3, 4, 5]]);
    assert.deepEqual(await resume(b, roomId, epoch, 0), [true, 5, [1, 2, 3, 4, 5]]);
    assert.deepEqual(await resume(b, roomId, epoch, 5), [true, 5, []]);
    assert.deepEqual(await resume(b, roomId, epoch, 6), [false, 5, []]);
    assert.deepEqual(await resume(b, roomId, 'e_other', 2), [false, 5, []]);
    assert.equal(await resume(b, 'r_nowhere', epoch, 2), 'not_member');
    await Promise.all([a.close(), b.close()]);
  });

  test('brings 500 missed events and refuses 501', async () => {
    const { roomId, epoch, a, b } = await pair();
    const filler = Array.from({ length: 499 }, (_, i): LogCommand => ({
      kind: 'message',
      roomId,
      userId: ann.userId,
      clientId: `fill_${1000 + i}`,
      text: 'x',
      atMs: 1,
    }));
    const store = await server.openStore();
    await store.commit(filler);
    await store.close();
    assert.deepEqual(await resume(b, roomId, epoch, 0), [false, 501, []]);
    const [recovered, headSeq, seqs] = (await resume(b, roomId, epoch, 1)) as [boolean, number, number[]];
    assert.deepEqual([recovered, headSeq, seqs], [true, 501, Array.from({ length: 500 }, (_, i) => i + 2)]);
    await Promise.all([a.close(), b.close()]);
  });

  test('refuses what does not fit into one frame rather than sending a part', async () => {
    const { roomId, epoch, a, b } = await pair();
    const store = await server.openStore();
    await store.commit(
      Array.from({ length: 400 }, (_, i): LogCommand => ({
        kind: 'message',
        roomId,
        userId: ann.userId,
        clientId: `large_${1000 + i}`,
        text: '茶'.repeat(4000),
        atMs: 1,
      })),
    );
    await store.close();
    assert.deepEqual(await resume(b, roomId, epoch, 0), [false, 402, []]);
    const [recovered, , seqs] = (await resume(b, roomId, epoch, 102)) as [boolean, number, number[]];
    assert.deepEqual([recovered, seqs.length], [true, 300]);
    await Promise.all([a.close(), b.close()]);
  });
});

describe('a store that fails', () => {
  class FailingStore extends SqliteStore {
    failures = 0;

    override commit(commands: readonly LogCommand[]): Promise<LogOutcome[]> {
      return this.failures-- > 0 ? Promise.reject(new StoreFailure('disk full')) : super.commit(commands);
    }

    override findSession(sessionId: string): ReturnType<SqliteStore['findSession']> {
      return this.failures-- > 0 ? Promise.reject(new StoreFailure('disk full')) : super.findSession(sessionId);
    }
  }

  test('answers unavailable with the time to wait, acknowledges nothing, and the resend arrives once', async (t) => {
    const stores: FailingStore[] = [];
    const openStore = ({ dataDir }: Settings): FailingStore => {
      const store = new FailingStore(join(dataDir, 'parley.db'));
      stores.push(store);
      return store;
    };
    const own = await TestServer.start({ ports: { openStore } });
    t.after(() => own.stop());
    const [store] = stores;
    assert.ok(store);
    const person = await own.person('unlucky');
    const { roomId } = await person.api.createRoom('Full disk');
    const client = await own.open(person);
    store.failures = 1;
    const refusal = await client.refusal(client.say(roomId, 'c_00000001', 'Hi'));
    assert.equal(refusal.code, 'unavailable');
    assert.ok(refusal.retryAfterMs > 0);
    assert.equal(refusal.message.includes('disk'), false);
    const ack = await client.answer(client.say(roomId, 'c_00000001', 'Hi'));
    assert.equal(ack.type, FrameType.MessageAck);
    assert.equal(ack.payload.seq, 2);
    await client.fence();
    assert.equal(client.all(FrameType.MessageAck).length, 1);
    assert.equal(client.all(FrameType.RoomEvent).length, 1);

    store.failures = 1;
    const http = await person.api.call('POST', '/v1/rooms', JSON.stringify({ name: 'Never' }));
    assert.equal(http.status, 503);
    store.failures = 1;
    const late = await own.connect();
    late.command({ type: FrameType.Hello, payload: { token: person.tokens.accessToken, client: '' } });
    assert.equal(await late.closed(), 1013);
  });
});
