import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, describe, test } from 'node:test';
import { Server } from 'socket.io';
import type * as Declared from '@ohos/socketio';
import { client_socket } from '../../src/kits/pkg/socketio.js';

/** An event that never comes must fail the test, not stop the run. */
const HANG_MS = 30_000;

const http = createServer();
const io = new Server(http, { path: '/v1/socket.io', transports: ['websocket'] });
const root = createServer();
const rootIo = new Server(root, { transports: ['websocket'] });
let origin: string;
let rootOrigin: string;
let client: Declared.client_socket | null = null;

before(async () => {
  io.of('/room').on('connection', (socket) => {
    socket.on('echo', (value: unknown, ack?: (...args: unknown[]) => void) => {
      socket.emit('echoed', value);
      ack?.('taken', 1);
    });
    socket.on('leave', () => socket.disconnect(true));
    socket.on('query', () => socket.emit('echoed', socket.handshake.query['room']));
  });
  io.of('/closed').use((_socket, next) => next(new Error('members only')));
  for (const server of [http, root]) {
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  }
  origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  rootOrigin = `http://127.0.0.1:${(root.address() as AddressInfo).port}`;
});

afterEach(async () => {
  const closing = client;
  client = null;
  if (closing?.opened() === true) {
    const closed = new Promise<void>((resolve) => closing.set_close_listener(() => resolve()));
    closing.close();
    await closed;
  } else {
    closing?.close();
  }
  closing?.clear_con_listeners();
  closing?.clear_socket_listeners();
});

after(async () => {
  await io.close();
  await rootIo.close();
});

function made(nsp: string): Declared.client_socket {
  client = new client_socket();
  client.set_nsp(nsp);
  client.set_reconnect_attempts(0);
  return client;
}

async function joined(nsp = '/room'): Promise<Declared.client_socket> {
  const one = made(nsp);
  const opened = new Promise<string>((resolve) => one.set_socket_open_listener(resolve));
  one.connect(`${origin}/v1/socket.io/`);
  assert.equal(await opened, nsp);
  return one;
}

describe('@ohos/socketio', { timeout: HANG_MS }, () => {
  test('takes a path in the address for the path of the handshake, and /socket.io/ where there is none', async () => {
    const one = made('/');
    const opened = new Promise<void>((resolve) => one.set_open_listener(resolve));
    one.connect(rootOrigin);
    await opened;
    assert.equal(one.get_current_state(), 3);
  });

  test('hands events and acks over as JSON text', async () => {
    const one = await joined();
    for (const value of ['grüß "dich" 🍵', { a: [1, null] }]) {
      const heard = new Promise<string>((resolve) => one.once('echoed', resolve));
      const acked = new Promise<string>((resolve) => one.emit('echo', value, resolve));
      assert.equal(await heard, JSON.stringify(value));
      assert.equal(await acked, '["taken",1]');
    }
  });

  test('sends the option map as the query of the connection', async () => {
    const one = made('/room');
    one.set_option('{room:tea, other:"x"}');
    const opened = new Promise((resolve) => one.set_socket_open_listener(resolve));
    one.connect(`${origin}/v1/socket.io/`);
    await opened;
    const heard = new Promise<string>((resolve) => one.on('echoed', resolve));
    one.emit('query', '');
    assert.equal(await heard, '"tea"');
  });

  test('keeps one listener per event: the last', async () => {
    const one = await joined();
    const heard: string[] = [];
    one.on('echoed', () => heard.push('first'));
    const done = new Promise<void>((resolve) => {
      one.on('echoed', () => {
        heard.push('second');
        resolve();
      });
    });
    one.emit('echo', 1);
    await done;
    assert.deepEqual(heard, ['second']);
  });

  test('a second client while one lives is refused, and allowed once that has closed', async () => {
    const one = await joined();
    assert.throws(() => new client_socket(), /one live client per process/);
    const closed = new Promise<string>((resolve) => one.set_close_listener(resolve));
    one.close();
    assert.equal(await closed, 'normal');
    await joined();
  });

  test('tells that the server disconnected', async () => {
    const one = await joined();
    const left = new Promise<string>((resolve) => one.set_socket_close_listener(resolve));
    one.emit('leave', '');
    assert.equal(await left, '/room');
  });

  test('tells the failure of a server that is not there, and of https', async () => {
    for (const uri of ['http://127.0.0.1:1/', 'https://127.0.0.1:1/']) {
      const one = made('/room');
      const failed = new Promise<void>((resolve) => one.set_fail_listener(resolve));
      one.connect(uri);
      await failed;
      assert.equal(one.opened(), false);
      one.close();
    }
  });

  test('tells by on_error that a namespace refuses', async () => {
    const one = made('/closed');
    const refused = new Promise<string>((resolve) => one.on_error(resolve));
    one.connect(`${origin}/v1/socket.io/`);
    assert.match(await refused, /members only/);
    one.off_error();
  });

  test('what a browser cannot do is refused by name', () => {
    const one = made('/room');
    assert.throws(() => one.set_headers('{Authorization:x}'), /set_headers/);
    assert.throws(() => one.emitAckBinary('x', 'y'), /emitAckBinary/);
  });
});
