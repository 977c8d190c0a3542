import assert from 'node:assert/strict';
import type { Socket as TcpSocket } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { constants, deflateRawSync } from 'node:zlib';
import { io } from 'socket.io-client';
import { WebSocket } from 'ws';
import { FrameType } from '../../../common/core/src/main/ets/wire/Frames';
import { Bystanders } from '../hostile/bystanders';
import { SocketClient } from '../support/socket-client';
import { SocketIoClient } from '../support/socket-io-client';
import { type Person, TestServer } from '../support/test-server';

/** Packs well, as people's texts do, and is larger than the threshold. */
const TEXT = 'The tea is at four, as ever. '.repeat(100);
/** Packed some 20 KiB. */
const BOMB_BYTES = 20 * 1024 * 1024;

function connect(server: TestServer, offers: boolean): SocketClient {
  return new SocketClient(new WebSocket(server.socketUrl, ['parley.v1'], { perMessageDeflate: offers }));
}

async function opened(client: SocketClient, person: Person): Promise<SocketClient> {
  await client.until(() => client.socket.readyState !== WebSocket.CONNECTING, 'the handshake');
  client.hello(person.tokens.accessToken);
  await client.next(FrameType.Welcome);
  return client;
}

/** One text message of a client (RFC 6455, 5.2, and RFC 7692, 6), packed, with the mask 0. */
function packedFrame(bytes: number): Buffer {
  const packed = deflateRawSync(Buffer.alloc(bytes, 'x'), { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);
  const head = Buffer.alloc(14);
  head[0] = 0xc1;
  head[1] = 0xff;
  head.writeBigUInt64BE(BigInt(packed.length), 2);
  return Buffer.concat([head, packed]);
}

/** How many bytes one message takes on its way to `reader`. */
async function bytesOf(writer: SocketClient, reader: SocketClient, roomId: string, clientId: string): Promise<number> {
  const { _socket: tcp } = reader.socket as unknown as { readonly _socket: TcpSocket };
  await reader.fence();
  const before = tcp.bytesRead;
  await writer.answer(writer.say(roomId, clientId, TEXT));
  const event = await reader.next(FrameType.RoomEvent);
  assert.equal(event.payload.event.text, TEXT);
  return tcp.bytesRead - before;
}

describe('permessage-deflate', () => {
  let server: TestServer;
  let people: Bystanders;

  before(async () => {
    server = await TestServer.start({ settings: { deflate: true } });
    people = await Bystanders.of(server);
  });
  after(async () => {
    await people.leave();
    await server.stop();
  });

  test('packs messages to a client that offers it, and none to one that does not', async () => {
    const { eve, eveRoomId } = people;
    const [packed, plain] = [await opened(connect(server, true), eve), await opened(connect(server, false), eve)];
    assert.equal(packed.socket.extensions, 'permessage-deflate');
    assert.equal(plain.socket.extensions, '');
    const few = await bytesOf(packed, packed, eveRoomId, 'c_packed_0001');
    const many = await bytesOf(plain, plain, eveRoomId, 'c_plain_00001');
    assert.ok(few < TEXT.length / 5, `${few} bytes`);
    assert.ok(many > TEXT.length, `${many} bytes`);
    await Promise.all([packed.close(), plain.close()]);
  });

  test('keeps no context: the same message costs the same twice', async () => {
    const { eve, eveRoomId } = people;
    const client = await opened(connect(server, true), eve);
    const first = await bytesOf(client, client, eveRoomId, 'c_twice_00001');
    const second = await bytesOf(client, client, eveRoomId, 'c_twice_00002');
    assert.ok(Math.abs(first - second) < 32, `${first} and ${second} bytes`);
    await client.close();
  });

  test('a message that unpacks to more than 64 KiB is closed with 1009, and never held', async () => {
    const bomb = packedFrame(BOMB_BYTES);
    const client = await opened(connect(server, true), people.eve);
    const { _socket: tcp } = client.socket as unknown as { readonly _socket: TcpSocket };
    const before = process.memoryUsage().arrayBuffers;
    tcp.write(bomb);
    assert.equal(await client.closed(), 1009);
    const grown = process.memoryUsage().arrayBuffers - before;
    assert.ok(grown < BOMB_BYTES / 10, `${grown} bytes`);
    await people.areUndisturbed();
  });

  test('a bomb over Socket.IO ends its connection alone', async () => {
    const options = { path: '/v1/socket.io', transports: ['websocket'], reconnection: false, forceNew: true };
    const deflating = { ...options, perMessageDeflate: { threshold: 1024 } };
    const client = new SocketIoClient(io(`${server.baseUrl}/parley.v1`, deflating));
    client.hello(people.eve.tokens.accessToken);
    await client.next(FrameType.Welcome);
    const { transport } = client.socket.io.engine as unknown as { readonly transport: { readonly ws: WebSocket } };
    assert.match(transport.ws.extensions, /^permessage-deflate/);
    client.sendRaw('x'.repeat(BOMB_BYTES));
    assert.equal(await client.closed(), 1006);
    await people.areUndisturbed();
  });

  test('is not negotiated unless the operator wants it', async (t) => {
    const plain = await TestServer.start();
    t.after(() => plain.stop());
    const client = await opened(connect(plain, true), await plain.person('ann'));
    assert.equal(client.socket.extensions, '');
    await client.close();
  });
});
