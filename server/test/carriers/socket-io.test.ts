import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { io } from 'socket.io-client';
import { FrameType } from '../../../common/core/src/main/ets/wire/Frames';
import { FakeClock } from '../support/fake-clock';
import { SocketIoClient } from '../support/socket-io-client';
import { type Person, TestServer } from '../support/test-server';

describe('the Socket.IO gateway', () => {
  const clock = new FakeClock();
  let server: TestServer;
  let ann: Person;

  before(async () => {
    server = await TestServer.start({ clock });
    ann = await server.person('ann');
  });
  after(() => server.stop());

  async function open(): Promise<SocketIoClient> {
    const client = await SocketIoClient.connect(server.baseUrl);
    client.hello(ann.tokens.accessToken);
    await client.next(FrameType.Welcome);
    return client;
  }

  test('acknowledges each frame when it is taken in', async () => {
    const client = await open();
    await client.until(() => client.acks === 1, 'the ack of hello');
    client.sendNonsense();
    await client.until(() => client.acks === 2, 'the ack of a frame that is refused');
    await client.close();
  });

  test('holds acks back while the inbox is full', async () => {
    const client = await open();
    const pings = Array.from({ length: 60 }, () => ({ type: 'ping', id: 7, payload: { sentAtMs: 1 } }));
    for (let i = 0; i < 5; i++) {
      client.sendValue(pings);
    }
    await client.until(() => client.all(FrameType.Pong).length === 299, 'the burst');
    for (let i = 0; i < 50; i++) {
      client.sendValue(pings[0]);
    }
    // 31 more fit beside what is left of the last batch; with the next one the inbox is full.
    await client.until(() => client.acks >= 37, 'the acks of what fits');
    await server.api.call('GET', '/healthz');
    assert.ok(client.acks <= 38, `${client.acks} acks`);
    while (client.acks < 56) {
      clock.advance(10);
      await server.api.call('GET', '/healthz');
    }
    await client.close();
  });

  ['/', '/parley.v2'].forEach((namespace) => {
    test(`lets nobody into the namespace ${namespace}`, async () => {
      await server.untilConnections(0);
      const client = SocketIoClient.open(server.baseUrl, namespace);
      assert.equal(await client.closed(), 1006);
      assert.equal(client.socket.connected, false);
      assert.equal(server.server.connectionCount(), 0);
      client.socket.disconnect();
    });
  });

  test('speaks over WebSocket only', async () => {
    const reply = await server.api.call('GET', '/v1/socket.io/?EIO=4&transport=polling');
    assert.equal(reply.status, 404);
  });

  test('keeps pages of strangers out before the handshake', async () => {
    const socket = io(`${server.baseUrl}/parley.v1`, {
      path: '/v1/socket.io',
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      extraHeaders: { Origin: 'https://evil.example' },
    });
    const error = await new Promise<Error>((resolve, reject) => {
      socket.once('connect_error', resolve);
      socket.once('connect', () => reject(new Error('expected a refusal, got a connection')));
    });
    assert.equal(error.message, 'websocket error');
    socket.disconnect();
  });

  test('takes no token from its handshake', async () => {
    const auth = { token: ann.tokens.accessToken };
    const socket = io(`${server.baseUrl}/parley.v1`, {
      path: '/v1/socket.io',
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      auth,
      query: auth,
    });
    const client = new SocketIoClient(socket);
    await client.until(() => socket.connected, 'the namespace');
    const id = client.command({ type: FrameType.Ping, payload: { sentAtMs: 1 } });
    assert.equal((await client.refusal(id)).code, 'hello_expected');
    assert.equal(await client.closed(), 4400);
  });

  test('ignores events that it does not know', async () => {
    const client = await open();
    client.socket.emit('error', 'who knows');
    client.socket.emit('frames', '{}');
    await client.fence();
    assert.equal(client.all(FrameType.Error).length, 0);
    await client.close();
  });
});
