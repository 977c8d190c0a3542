import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { after, before, describe, test } from 'node:test';
import { pino } from 'pino';
import { FrameType } from '../../../common/core/src/main/ets/wire/Frames';
import type { CarrierClient } from '../support/carrier-client';
import { CARRIERS } from '../support/carriers';
import { FakeClock } from '../support/fake-clock';
import { type Person, TestServer } from '../support/test-server';

/** What holds whatever carries the frames. */
CARRIERS.forEach((carrier) => {
  describe(`over ${carrier.name}`, () => {
    const clock = new FakeClock();
    let server: TestServer;

    before(async () => {
      server = await TestServer.start({ clock });
    });
    after(() => server.stop());

    async function open(person: Person, at = server): Promise<CarrierClient> {
      const client = await carrier.connect(at);
      client.hello(person.tokens.accessToken);
      await client.next(FrameType.Welcome);
      return client;
    }

    test('hello is answered with welcome, which says how long the token is good', async () => {
      const ann = await server.person('ann');
      const client = await carrier.connect(server);
      const answer = await client.answer(client.hello(ann.tokens.accessToken));
      assert.equal(answer.type, FrameType.Welcome);
      assert.equal(answer.payload.userId, ann.userId);
      assert.equal(answer.payload.tokenExpiresInMs, ann.tokens.accessExpiresAtMs - clock.nowMs());
      await client.close();
    });

    test('two clients see the events of a room in one order, and each message is acknowledged', async () => {
      const [ann, bo] = [await server.person('ann'), await server.person('bo')];
      const { roomId } = await ann.api.createRoom(`Order ${carrier.name}`);
      await bo.api.join(roomId);
      const [a, b] = [await open(ann), await open(bo)];
      const ids: number[] = [];
      for (let i = 0; i < 20; i++) {
        ids.push(a.say(roomId, `c_ann_${String(i).padStart(4, '0')}`, `ä 🍵 ${i}`));
        ids.push(b.say(roomId, `c_bob_${String(i).padStart(4, '0')}`, `"${i}"\n`));
      }
      const acks = await Promise.all(ids.map((id, index) => (index % 2 === 0 ? a : b).answer(id)));
      await Promise.all([a.fence(), b.fence()]);
      const seen = [a, b].map((client) => client.all(FrameType.RoomEvent).map((frame) => frame.payload.event));
      assert.deepEqual(
        seen[0]?.map((event) => event.seq),
        Array.from({ length: 40 }, (_, index) => index + 3),
      );
      assert.deepEqual(seen[0], seen[1]);
      acks.forEach((ack) => {
        assert.equal(ack.type, FrameType.MessageAck);
        const event = seen[0]?.find((one) => one.clientId === ack.payload.clientId);
        assert.equal(ack.payload.seq, event?.seq);
      });
      await Promise.all([a.close(), b.close()]);
    });

    test('the frames of a batch are handled in their order and refused one by one', async () => {
      const ann = await server.person('ann');
      const { roomId } = await ann.api.createRoom(`Batch ${carrier.name}`);
      const client = await open(ann);
      const message = (id: number, text: string): object => ({
        type: 'message.send',
        id,
        payload: { roomId, clientId: `c_batch_${id}`, text },
      });
      client.sendValue([message(10, 'one'), message(11, ''), 7, message(12, 'two'), { type: 'nothing', id: 13 }]);
      await client.answer(12);
      await client.answer(13);
      assert.deepEqual(
        (await ann.api.wholeLog(roomId)).slice(1).map((event) => event.text),
        ['one', 'two'],
      );
      const errors = client.all(FrameType.Error).map(({ re, payload }) => `${re} ${payload.code} ${payload.field}`);
      assert.deepEqual(errors, ['11 bad_field payload.text', '0 bad_frame ', '13 bad_field payload']);
      await client.close();
    });

    test('a batch of 64 frames is read, one of 65 or of none is refused as a whole', async () => {
      const client = await open(await server.person('ann'));
      const pings = (from: number, count: number): object[] =>
        Array.from({ length: count }, (_, at) => ({ type: 'ping', id: from + at, payload: { sentAtMs: 1 } }));
      client.sendValue(pings(1000, 64));
      await client.answer(1063);
      client.sendValue(pings(2000, 65));
      client.sendValue([]);
      await client.fence();
      assert.deepEqual(
        client.all(FrameType.Error).map((frame) => frame.payload.code),
        ['bad_frame', 'bad_frame'],
      );
      assert.equal(client.frames.filter((frame) => frame.re >= 2000).length, 0);
      await client.close();
    });

    test('19 bad frames within a minute are borne, the 20th is closed with 4429', async () => {
      const client = await open(await server.person('ann'));
      for (let i = 0; i < 19; i++) {
        client.sendNonsense();
      }
      await client.fence();
      client.sendNonsense();
      assert.equal(await client.closed(), 4429);
      assert.equal(client.all(FrameType.Error).length, 20);
    });

    test('a message of 64 KiB is read, one byte more is closed with 1009', async () => {
      const client = await open(await server.person('ann'));
      client.sendPingOf(65_536, 9);
      await client.answer(9);
      client.sendPingOf(65_537, 10);
      assert.equal(await client.closed(), 1009);
    });

    test('the wrong kind of message is closed with 1007', async () => {
      const client = await open(await server.person('ann'));
      client.sendWrongKind();
      assert.equal(await client.closed(), 1007);
    });

    test('a first frame that is no hello is answered, then closed with 4400', async () => {
      const client = await carrier.connect(server);
      assert.equal(
        (await client.refusal(client.command({ type: FrameType.Ping, payload: { sentAtMs: 1 } }))).code,
        'hello_expected',
      );
      assert.equal(await client.closed(), 4400);
    });

    test('no hello within 10 s is closed with 4408', async () => {
      const client = await carrier.connect(server);
      await server.untilConnections(1);
      clock.advance(10_000);
      assert.equal(await client.closed(), 4408);
    });

    test('a token of nobody is answered, then closed with 4401', async () => {
      const client = await carrier.connect(server);
      assert.equal((await client.refusal(client.hello('a.b.c'))).code, 'token_invalid');
      assert.equal(await client.closed(), 4401);
    });

    test('signing out closes with 4401', async () => {
      const ann = await server.person('ann');
      const client = await open(ann);
      await ann.api.call('POST', '/v1/auth/sign-out', JSON.stringify({ refreshToken: ann.tokens.refreshToken }));
      assert.equal(await client.closed(), 4401);
    });

    test('a connection ends with its token, by 4402, unless a newer one was shown', async () => {
      const [ann, bo] = [await server.person('ann'), await server.person('bo')];
      const [renewing, ending] = [await open(ann), await open(bo)];
      const half = async (): Promise<void> => {
        for (let i = 0; i < 90; i++) {
          clock.advance(20_000);
          await Promise.all([renewing.fence(), ending.fence()]);
        }
      };
      await half();
      const newer = await server.refreshed(ann);
      const token = newer.tokens.accessToken;
      const renewed = await renewing.answer(renewing.command({ type: FrameType.AuthRenew, payload: { token } }));
      assert.equal(renewed.type, FrameType.AuthRenewed);
      assert.equal(renewed.payload.expiresInMs, 3_600_000);
      for (let i = 0; i < 89; i++) {
        clock.advance(20_000);
        await Promise.all([renewing.fence(), ending.fence()]);
      }
      clock.advance(20_000);
      assert.equal(await ending.closed(), 4402);
      await renewing.fence();
      await renewing.close();
    });

    test('a silent connection is closed with 4408', async () => {
      const client = await open(await server.person('ann'));
      client.stopReading();
      clock.advance(50_000);
      client.startReading();
      assert.equal(await client.closed(), 4408);
    });

    test('commands beyond the pace are looked at later, all of them and in their order', async () => {
      const client = await open(await server.person('ann'));
      const ids = Array.from({ length: 400 }, () => client.command({ type: FrameType.Ping, payload: { sentAtMs: 1 } }));
      const pongs = (): number[] => client.all(FrameType.Pong).map((frame) => frame.re);
      await client.until(() => pongs().length >= 299, 'the burst');
      while (pongs().length < ids.length) {
        clock.advance(10);
        await server.api.call('GET', '/healthz');
      }
      assert.deepEqual(pongs(), ids);
      await client.close();
    });

    test('a client that goes is missed at once', async () => {
      const client = await open(await server.person('ann'));
      const count = server.server.connectionCount();
      await client.close();
      await server.untilConnections(count - 1);
    });

    test('a reader that stops reading is closed with 4413 while the others go on', async () => {
      const own = await TestServer.start({
        ports: { limits: { messagesPerSecond: 1_000_000, messageBurst: 1_000_000, commandsPerSecond: 1_000_000 } },
      });
      try {
        const [ann, bo] = [await own.person('ann'), await own.person('bo')];
        const { roomId } = await ann.api.createRoom('Flood');
        await bo.api.join(roomId);
        const [fast, slow] = [await own.open(ann), await open(bo, own)];
        slow.stopReading();
        const text = '茶'.repeat(4000);
        let sent = 0;
        while (own.server.connectionCount() === 2 && sent < 3000) {
          await fast.answer(fast.say(roomId, `c_${String(sent++).padStart(8, '0')}`, text));
        }
        assert.equal(own.server.connectionCount(), 1, `still open after ${sent} messages`);
        slow.startReading();
        assert.equal(await slow.closed(), 4413);
        const seqs = slow.all(FrameType.RoomEvent).map((frame) => frame.payload.event.seq);
        assert.deepEqual(
          seqs,
          seqs.map((_, index) => 3 + index),
        );
        assert.ok(seqs.length < sent, `${seqs.length} of ${sent} arrived`);
        await fast.fence();
        await fast.close();
      } finally {
        await own.stop();
      }
    });

    test('a server that shuts down says bye and closes with 1012', async () => {
      const own = await TestServer.start();
      const client = await open(await own.person('ann'), own);
      await own.stop();
      assert.equal(await client.closed(), 1012);
      assert.deepEqual(
        client.all(FrameType.Bye).map((frame) => frame.payload.retryAfterMs),
        [1000],
      );
    });

    test('no token, key or text is in what the server logs', async () => {
      let logged = '';
      const sink = new Writable({
        write(chunk: Buffer, _encoding, done) {
          logged += chunk.toString();
          done();
        },
      });
      const own = await TestServer.start({ ports: { log: pino({ level: 'trace' }, sink) } });
      const ann = await own.person('ann');
      const client = await open(ann, own);
      const { roomId } = await ann.api.createRoom('Logged');
      await client.answer(client.say(roomId, 'c_00000001', 'between you and me'));
      const token = ann.tokens.accessToken;
      await client.answer(client.command({ type: FrameType.AuthRenew, payload: { token } }));
      client.sendValue({ type: 'ping', id: 90, payload: { sentAtMs: 'between you and me' } });
      await client.answer(90);
      client.sendWrongKind();
      await client.closed();
      await own.stop();
      assert.match(logged, /session open/);
      const key = (client as { key?: string }).key ?? token;
      [token, token.split('.')[2] ?? '', ann.tokens.refreshToken, key, 'between you and me'].forEach((secret) => {
        assert.equal(logged.includes(secret), false, `the log shows ${secret.slice(0, 12)}…`);
      });
    });
  });
});
