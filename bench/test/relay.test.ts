import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { Relay } from '../src/lib/relay';

/** An echo server behind a relay; `use` gets the relay. */
async function withRelay(use: (relay: Relay) => Promise<void>): Promise<void> {
  const server = createServer((socket) => void socket.on('error', () => undefined).pipe(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const relay = await Relay.to((server.address() as AddressInfo).port);
  try {
    await use(relay);
  } finally {
    relay.close();
    server.close();
  }
}

async function open(relay: Relay): Promise<Socket> {
  const socket = connect(relay.port, '127.0.0.1').on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

test('a relay passes bytes both ways and counts them', async () => {
  await withRelay(async (relay) => {
    const socket = await open(relay);
    socket.write('tea at four');
    const [echo] = (await once(socket, 'data')) as [Buffer];
    assert.equal(echo.toString(), 'tea at four');
    assert.deepEqual(relay.bytes, { up: 11, down: 11 });
    socket.destroy();
  });
});

test('a cut ends the lines that are there and every new one, until the line is restored', async () => {
  await withRelay(async (relay) => {
    const first = await open(relay);
    first.write('x');
    await once(first, 'data');
    relay.cut();
    await once(first, 'close');
    assert.equal(relay.cutLines, 1);
    const refused = await open(relay);
    await once(refused.resume(), 'close');
    relay.restore();
    const again = await open(relay);
    again.write('back');
    const [echo] = (await once(again, 'data')) as [Buffer];
    assert.equal(echo.toString(), 'back');
    again.destroy();
  });
});

test('a cut of nobody is not counted as a fault', async () => {
  await withRelay(async (relay) => {
    relay.cut();
    assert.equal(relay.cutLines, 0);
  });
});
