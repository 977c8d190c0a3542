import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { type WebSocket, WebSocketServer } from 'ws';
import { RawWebSocket, ServerFrameReader } from '../src/lib/raw-web-socket';

/** A server frame by hand: RFC 6455, section 5.2. */
function frame(payload: Buffer, opcode = 1): Buffer {
  const { length } = payload;
  const long = Buffer.alloc(8);
  long.writeBigUInt64BE(BigInt(length));
  const head = length > 0xffff ? [127, ...long] : length > 125 ? [126, length >> 8, length & 255] : [length];
  return Buffer.concat([Buffer.from([0x80 | opcode, ...head]), payload]);
}

const PAYLOADS = [0, 1, 125, 126, 127, 65_535, 65_536, 70_000].map((length) => Buffer.alloc(length, `${length}.`));

test('messages are found whole wherever the stream was cut', () => {
  for (const piece of [1, 2, 3, 7, 1000, 65_536, 300_000]) {
    const payloads = PAYLOADS.slice(0, piece < 1000 ? 5 : PAYLOADS.length);
    const stream = Buffer.concat(payloads.map((payload) => frame(payload)));
    const found: Buffer[] = [];
    const reader = new ServerFrameReader(
      (bytes, start, end) => found.push(Buffer.from(bytes.subarray(start, end))),
      () => assert.fail('no control frame was sent'),
    );
    const memory = Buffer.alloc(piece);
    for (let at = 0; at < stream.length; at += piece) {
      // The same memory for each piece, as a socket reads.
      const count = stream.copy(memory, 0, at, at + piece);
      reader.take(memory.subarray(0, count));
    }
    assert.ok(
      found.length === payloads.length && found.every((one, i) => one.equals(payloads[i] as Buffer)),
      `${piece}`,
    );
  }
});

test('frames that no server of the bench sends are refused: masked, fragmented, compressed', () => {
  for (const bytes of [
    [0x81, 0x80, 1, 2, 3, 4],
    [0x01, 1, 65],
    [0xc1, 1, 65],
  ]) {
    const reader = new ServerFrameReader(
      () => undefined,
      () => undefined,
    );
    assert.throws(() => reader.take(Buffer.from(bytes)), /expected a whole, plain and unmasked one/);
  }
});

async function withServer(work: (port: number, accepted: Promise<WebSocket>) => Promise<void>): Promise<void> {
  const http = createServer();
  const server = new WebSocketServer({ server: http });
  const accepted = new Promise<WebSocket>((done) => server.once('connection', done));
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  try {
    await work((http.address() as AddressInfo).port, accepted);
  } finally {
    server.clients.forEach((client) => client.terminate());
    server.close();
    http.closeAllConnections();
    await new Promise((done) => http.close(done));
  }
}

test('a real server understands what it says, is answered its pings, and its close code is told', async () => {
  await withServer(async (port, accepted) => {
    let close: (code: number) => void = () => undefined;
    const closed = new Promise<number>((done) => {
      close = done;
    });
    const texts: string[] = [];
    const socket = await RawWebSocket.open({
      port,
      path: '/',
      protocol: '',
      onPayload: (bytes, start, end) => texts.push(bytes.toString('utf8', start, end)),
      onClose: close,
    });
    const peer = await accepted;
    const heard: string[] = [];
    const ponged = new Promise<string>((done) => peer.once('pong', (data) => done(data.toString())));
    peer.on('message', (data: Buffer) => {
      heard.push(data.toString());
      peer.send(`re: ${data.length}`);
      if (heard.length === 2) {
        peer.ping('alive?');
      }
    });
    const long = 'Tee? 茶! '.repeat(9000);
    socket.send(['short', long]);
    assert.equal(await ponged, 'alive?');
    assert.deepEqual(heard, ['short', long]);
    peer.close(4413, 'slow');
    assert.equal(await closed, 4413);
    assert.deepEqual(texts, ['re: 5', `re: ${Buffer.byteLength(long)}`]);
  });
});

test('a server that does not switch protocols is told from one that does', async () => {
  const http = createServer((_request, response) => response.writeHead(404).end());
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  const { port } = http.address() as AddressInfo;
  const nothing = { onPayload: () => undefined, onClose: () => undefined };
  await assert.rejects(RawWebSocket.open({ port, path: '/', protocol: '', ...nothing }), /expected 101/);
  http.closeAllConnections();
  await new Promise((done) => http.close(done));
});
