import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { WebSocket } from 'ws';
import { FrameType } from '../../../common/core/src/main/ets/wire/Frames';
import { FakeClock } from '../support/fake-clock';
import { SocketClient } from '../support/socket-client';
import { type Person, TestServer } from '../support/test-server';

describe('opening a session', () => {
  const clock = new FakeClock();
  let server: TestServer;
  let ann: Person;

  before(async () => {
    server = await TestServer.start({ clock });
    ann = await server.person('ann');
  });
  after(() => server.stop());

  function hello(client: SocketClient, token: string): number {
    return client.command({ type: FrameType.Hello, payload: { token, client: 'test' } });
  }

  test('hello is answered with welcome', async () => {
    const client = await server.connect();
    const answer = await client.answer(hello(client, ann.tokens.accessToken));
    assert.equal(answer.type, FrameType.Welcome);
    assert.equal(answer.payload.userId, ann.userId);
    assert.equal(answer.payload.userName, ann.userName);
    assert.equal(answer.payload.heartbeatMs, 25_000);
    assert.equal(answer.payload.serverTimeMs, clock.nowMs());
    await client.close();
  });

  test('welcome describes every room of the user: head, members, last message', async () => {
    const bo = await server.person('bo');
    const room = await bo.api.createRoom('Described');
    await ann.api.join(room.roomId);
    const first = await server.open(bo);
    await first.answer(first.say(room.roomId, 'c_00000001', 'Hello there'));
    await first.close();
    const second = await server.open(bo);
    const [state] = second.welcome.rooms;
    assert.equal(second.welcome.rooms.length, 1);
    assert.equal(state?.headSeq, 3);
    assert.equal(state.epoch, room.epoch);
    assert.equal(state.lastMessage?.text, 'Hello there');
    assert.deepEqual(
      state.members.map((member) => member.userName),
      [bo.userName, ann.userName],
    );
    assert.equal(state.members[0]?.status, 'online');
    await second.close();
  });

  const firstFrames: [what: string, text: string, code: string, closeCode: number][] = [
    ['another frame', '{"type":"ping","id":3,"payload":{"sentAtMs":1}}', 'hello_expected', 4400],
    ['no JSON', 'hello', 'bad_frame', 4400],
    ['a hello without a token', '{"type":"hello","id":3,"payload":{"client":""}}', 'bad_field', 4400],
    ['an unknown frame', '{"type":"howdy","id":3,"payload":{}}', 'unknown_type', 4400],
    ['a token of nobody', '{"type":"hello","id":3,"payload":{"token":"a.b.c","client":""}}', 'token_invalid', 4401],
  ];
  firstFrames.forEach(([what, text, code, closeCode]) => {
    test(`${what} as the first frame is answered with ${code} and close ${closeCode}`, async () => {
      const client = await server.connect();
      client.socket.send(text);
      assert.equal(await client.closed(), closeCode);
      const [error] = client.all(FrameType.Error);
      assert.equal(error?.payload.code, code);
      assert.equal(error.re, code === 'bad_frame' ? 0 : 3);
    });
  });

  test('an expired token is told from an invalid one', async () => {
    const old = await server.person('old');
    clock.advance(3_600_000);
    const client = await server.connect();
    const id = hello(client, old.tokens.accessToken);
    assert.equal((await client.refusal(id)).code, 'token_expired');
    assert.equal(await client.closed(), 4402);
    ann = await server.person('ann');
  });

  test('frames sent right behind hello wait for welcome', async () => {
    const client = await server.connect();
    hello(client, ann.tokens.accessToken);
    const ping = client.command({ type: FrameType.Ping, payload: { sentAtMs: 5 } });
    await client.answer(ping);
    assert.deepEqual(
      client.frames.map((frame) => frame.type),
      [FrameType.Welcome, FrameType.Pong],
    );
    await client.close();
  });

  test('a second hello is refused and harms nothing', async () => {
    const client = await server.open(ann);
    assert.equal((await client.refusal(hello(client, ann.tokens.accessToken))).code, 'hello_repeated');
    await client.fence();
    await client.close();
  });

  test('ping is answered with the time that it carried', async () => {
    const client = await server.open(ann);
    const pong = await client.answer(client.command({ type: FrameType.Ping, payload: { sentAtMs: 1234 } }));
    assert.equal(pong.type, FrameType.Pong);
    assert.deepEqual(pong.payload, { sentAtMs: 1234, serverTimeMs: clock.nowMs() });
    await client.close();
  });

  test('offering other subprotocols ends in 4406, so does offering none', async () => {
    assert.equal(await (await server.connect(['parley.v0', 'chat'])).closed(), 4406);
    assert.equal(await (await server.connect([])).closed(), 4406);
  });

  test('parley.v1 is chosen among several offers', async () => {
    const client = await server.connect(['parley.v2', 'parley.v1']);
    assert.equal(client.socket.protocol, 'parley.v1');
    await client.close();
  });

  function handshakeStatus(url: string, origin?: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(url, 'parley.v1', origin === undefined ? {} : { origin });
      socket.on('unexpected-response', (_request, response) => {
        resolve(response.statusCode ?? 0);
        response.resume();
        socket.terminate();
      });
      socket.on('open', () => {
        resolve(101);
        socket.terminate();
      });
      socket.on('error', reject);
    });
  }

  test('a page of a stranger is kept out before the handshake, one of this machine is let in', async () => {
    assert.equal(await handshakeStatus(server.socketUrl, 'https://evil.example'), 403);
    assert.equal(await handshakeStatus(server.socketUrl, 'http://localhost:5173'), 101);
    assert.equal(await handshakeStatus(server.socketUrl), 101);
  });

  test('there is no socket at another path', async () => {
    assert.equal(await handshakeStatus(server.socketUrl.replace('/v1/ws', '/v1/other')), 404);
  });

  test('a connection that never says hello is closed with 4408 after 10 s', async () => {
    const client = await server.connect();
    clock.advance(10_000);
    assert.equal(await client.closed(), 4408);
  });

  test('a silent connection is closed with 4408, one that pings is not', async () => {
    const talking = await server.open(ann);
    const silent = await server.open(ann);
    const pinging = await server.open(ann);
    clock.advance(40_000);
    await talking.fence();
    // A ping of RFC 6455 itself counts too: some clients know no other.
    const pong = once(pinging.socket, 'pong');
    pinging.socket.ping();
    await pong;
    clock.advance(10_000);
    assert.equal(await silent.closed(), 4408);
    await talking.fence();
    await talking.close();
    await pinging.fence();
    await pinging.close();
  });

  test('a connection ends with its token', async () => {
    const eva = await server.person('eva');
    const client = await server.open(eva);
    for (let minutes = 0; minutes < 59; minutes++) {
      clock.advance(30_000);
      await client.fence();
      clock.advance(30_000);
      await client.fence();
    }
    clock.advance(30_000);
    await client.fence();
    clock.advance(29_000);
    await client.fence();
    clock.advance(1000);
    assert.equal(await client.closed(), 4402);
  });
});

describe('frames that are not what they should be', () => {
  let server: TestServer;
  let ann: Person;
  let roomId: string;

  before(async () => {
    server = await TestServer.start();
    ann = await server.person('ann');
    roomId = (await ann.api.createRoom('Hostile')).roomId;
  });
  after(() => server.stop());

  function send(payload: string): string {
    return `{"type":"message.send","id":7,"payload":${payload}}`;
  }

  const long = 'x'.repeat(4001);
  const frames: [what: string, text: string, code: string, field: string, re: number][] = [
    ['an empty text', '', 'bad_frame', '', 0],
    ['half an object', '{"type":', 'bad_frame', '', 0],
    ['an array', '[]', 'bad_frame', '', 0],
    ['null', 'null', 'bad_frame', '', 0],
    ['a number', '1e999', 'bad_frame', '', 0],
    ['nesting without end', '{"a":'.repeat(10_000), 'bad_frame', '', 0],
    ['nesting in a field', `{"type":${'['.repeat(8)}${']'.repeat(8)},"id":7}`, 'bad_field', 'type', 7],
    ['deep nesting in a field', `{"type":${'['.repeat(20_000)}${']'.repeat(20_000)},"id":7}`, 'bad_frame', '', 0],
    ['no type', '{"id":7,"payload":{}}', 'bad_field', 'type', 7],
    ['a server frame', '{"type":"welcome","id":7,"payload":{}}', 'unknown_type', 'type', 7],
    ['the name of a method', '{"type":"constructor","id":7,"payload":{}}', 'unknown_type', 'type', 7],
    ['no id', '{"type":"ping","payload":{"sentAtMs":1}}', 'bad_field', 'id', 0],
    ['id 0', '{"type":"ping","id":0,"payload":{"sentAtMs":1}}', 'bad_field', 'id', 0],
    ['a fraction as id', '{"type":"ping","id":1.5,"payload":{"sentAtMs":1}}', 'bad_field', 'id', 0],
    ['an id above 2^53', '{"type":"ping","id":9007199254740993,"payload":{"sentAtMs":1}}', 'bad_field', 'id', 0],
    ['an infinite time', '{"type":"ping","id":7,"payload":{"sentAtMs":1e400}}', 'bad_field', 'payload.sentAtMs', 7],
    ['a time as text', '{"type":"ping","id":7,"payload":{"sentAtMs":"1"}}', 'bad_field', 'payload.sentAtMs', 7],
    ['no payload', '{"type":"ping","id":7}', 'bad_field', 'payload', 7],
    [
      'a payload in the prototype',
      '{"type":"ping","id":7,"__proto__":{"payload":{"sentAtMs":1}}}',
      'bad_field',
      'payload',
      7,
    ],
    ['no text', send('{"roomId":"r_1","clientId":"c_00000001"}'), 'bad_field', 'payload.text', 7],
    ['a long text', send(`{"roomId":"r_1","clientId":"c_00000001","text":"${long}"}`), 'bad_field', 'payload.text', 7],
    [
      'only white space',
      send('{"roomId":"r_1","clientId":"c_00000001","text":" \\n "}'),
      'bad_field',
      'payload.text',
      7,
    ],
    [
      'a lone surrogate',
      send('{"roomId":"r_1","clientId":"c_00000001","text":"a\\udc00"}'),
      'bad_field',
      'payload.text',
      7,
    ],
    ['a NUL', send('{"roomId":"r_1","clientId":"c_00000001","text":"a\\u0000"}'), 'bad_field', 'payload.text', 7],
    ['a short client id', send('{"roomId":"r_1","clientId":"c_1","text":"a"}'), 'bad_field', 'payload.clientId', 7],
    [
      'SQL as a room',
      send('{"roomId":"r\' OR 1=1","clientId":"c_00000001","text":"a"}'),
      'bad_field',
      'payload.roomId',
      7,
    ],
    [
      'a path as a room',
      send('{"roomId":"../etc","clientId":"c_00000001","text":"a"}'),
      'bad_field',
      'payload.roomId',
      7,
    ],
    [
      'offline as presence',
      '{"type":"presence.set","id":7,"payload":{"status":"offline"}}',
      'bad_field',
      'payload.status',
      7,
    ],
    [
      'a negative position',
      '{"type":"log.resume","id":7,"payload":{"roomId":"r","epoch":"e","afterSeq":-1}}',
      'bad_field',
      'payload.afterSeq',
      7,
    ],
    [
      'a word as truth',
      '{"type":"typing.set","id":7,"payload":{"roomId":"r","isTyping":"true"}}',
      'bad_field',
      'payload.isTyping',
      7,
    ],
  ];
  frames.forEach(([what, text, code, field, re]) => {
    test(`${what} is answered with ${code}${field === '' ? '' : ` (${field})`} and the connection lives on`, async () => {
      const client = await server.open(ann);
      client.socket.send(text);
      const error = await client.next(FrameType.Error);
      assert.equal(error.payload.code, code);
      assert.equal(error.payload.field, field);
      assert.equal(error.re, re);
      assert.notEqual(error.payload.expected, '');
      await client.fence();
      assert.equal((await ann.api.history(roomId)).events.length, 1);
      await client.close();
    });
  });

  test('a frame of 64 KiB is read, one byte more is closed with 1009', async () => {
    const client = await server.open(ann);
    const frame = (length: number): string => {
      const start = '{"type":"ping","id":9,"payload":{"sentAtMs":1},"filler":"';
      return `${start}${'x'.repeat(length - start.length - 2)}"}`;
    };
    client.socket.send(frame(65_536));
    await client.next(FrameType.Pong);
    client.socket.send(frame(65_537));
    assert.equal(await client.closed(), 1009);
  });

  test('a binary frame is closed with 1007', async () => {
    const client = await server.open(ann);
    client.socket.send(Buffer.from('{"type":"ping","id":1,"payload":{"sentAtMs":1}}'), { binary: true });
    assert.equal(await client.closed(), 1007);
  });

  test('text that is not UTF-8 is closed with 1007', async () => {
    const client = await server.open(ann);
    client.socket.send(Buffer.from([0x7b, 0x22, 0xff, 0xfe]), { binary: false });
    assert.equal(await client.closed(), 1007);
  });

  test('19 bad frames within a minute are borne, the 20th is closed with 4429', async (t) => {
    const clock = new FakeClock();
    const own = await TestServer.start({ clock });
    t.after(() => own.stop());
    const bo = await own.person('bo');
    const client = await own.open(bo);
    for (let i = 0; i < 19; i++) {
      client.socket.send('nonsense');
    }
    await client.fence();
    for (let halfMinutes = 0; halfMinutes < 2; halfMinutes++) {
      clock.advance(30_000);
      await client.fence();
    }
    for (let i = 0; i < 19; i++) {
      client.socket.send('nonsense');
    }
    await client.fence();
    client.socket.send('nonsense');
    assert.equal(await client.closed(), 4429);
    assert.equal(client.all(FrameType.Error).length, 39);
  });

  test('fields that nobody knows are ignored', async () => {
    const client = await server.open(ann);
    client.socket.send('{"type":"ping","id":50,"payload":{"sentAtMs":1,"x":{}},"toString":1,"y":[]}');
    assert.equal((await client.answer(50)).type, FrameType.Pong);
    await client.close();
  });
});
