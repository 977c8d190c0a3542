import assert from 'node:assert/strict';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { describe, test } from 'node:test';
import * as ws from 'ws';
import { WebSocket, WebSocketServer } from 'ws';
import { CloseCode } from '../../../common/core/src/main/ets/wire/Codes';
import { TurnWriter } from '../../src/gateway/turn-writer';
import { WebSocketCarrier } from '../../src/gateway/web-socket-carrier';
import { serverFrame } from '../../src/gateway/web-socket-frame';
import { Connection } from '../../src/hub/connection';
import { DEFAULT_HUB_LIMITS } from '../../src/hub/limits';
import { FakeClock } from '../support/fake-clock';
import { HeldDuplex } from '../support/held-duplex';

const REQUEST = {
  method: 'GET',
  url: '/v1/ws',
  headers: {
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  },
} as unknown as IncomingMessage;

/** A masked close frame of a client, code 1001. */
const CLIENT_CLOSE = Buffer.from([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe9]);
const CLOSE_OPCODE = 0x88;

interface Side {
  readonly carrier: WebSocketCarrier;
  readonly webSocket: WebSocket;
  readonly socket: HeldDuplex;
}

/** A WebSocket of `ws` on a socket of the test, after its handshake. */
function makeSide(turn: TurnWriter, isBinary = false): Side {
  const socket = new HeldDuplex(true);
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  let webSocket: WebSocket | null = null;
  server.handleUpgrade(REQUEST, socket, Buffer.alloc(0), (opened) => {
    webSocket = opened;
  });
  assert.ok(webSocket !== null);
  socket.written.length = 0;
  return { carrier: new WebSocketCarrier(webSocket, socket, turn, isBinary), webSocket, socket };
}

function end({ webSocket, socket }: Side): void {
  webSocket.terminate();
  socket.destroy();
}

function turnEnds(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function nothing(): void {
  // The bytes of this frame are nobody's business.
}

function framesOf(...texts: string[]): Buffer {
  return Buffer.concat(texts.map((text) => serverFrame(Buffer.from(text), false)));
}

test('a frame has the bytes that ws would give it, at every length of its header', () => {
  for (const length of [0, 1, 125, 126, 127, 65_535, 65_536, 100_000]) {
    for (const isBinary of [false, true]) {
      const payload = Buffer.alloc(length, 'ab茶');
      const { Sender } = ws as unknown as { Sender: { frame(data: Buffer, options: object): Buffer[] } };
      const options = { fin: true, opcode: isBinary ? 2 : 1, mask: false, readOnly: true, rsv1: false };
      assert.ok(serverFrame(payload, isBinary).equals(Buffer.concat(Sender.frame(payload, options))), `${length}`);
    }
  }
});

describe('WebSocketCarrier: one turn', () => {
  test('answers and events of one turn leave in one write, in their order', async (t) => {
    const side = makeSide(new TurnWriter());
    t.after(() => end(side));
    for (const text of ['event 1', 'answer', 'event 2']) {
      side.carrier.send(Buffer.from(text), nothing);
    }
    assert.equal(side.socket.written.length, 0);
    await turnEnds();
    assert.equal(side.socket.written.length, 1);
    assert.deepEqual(side.socket.bytes, framesOf('event 1', 'answer', 'event 2'));
    side.carrier.send(Buffer.from('event 3'), nothing);
    await turnEnds();
    assert.deepEqual(side.socket.bytes, framesOf('event 1', 'answer', 'event 2', 'event 3'));
  });

  test('receivers of the same events are handed the same bytes, one with more gets its own', async (t) => {
    const turn = new TurnWriter();
    const [a, b, c] = [makeSide(turn), makeSide(turn), makeSide(turn)];
    t.after(() => [a, b, c].forEach(end));
    const [first, second] = [Buffer.from('first'), Buffer.from('second')];
    b.carrier.send(Buffer.from('answer'), nothing);
    for (const payload of [first, second]) {
      [a, b, c].forEach(({ carrier }) => carrier.send(payload, nothing));
    }
    await turnEnds();
    assert.deepEqual(a.socket.bytes, framesOf('first', 'second'));
    assert.deepEqual(b.socket.bytes, framesOf('answer', 'first', 'second'));
    assert.deepEqual(c.socket.bytes, framesOf('first', 'second'));
  });

  test('receivers whose events begin alike, the shorter right before the longer, lose none', async (t) => {
    const turn = new TurnWriter();
    const [a, b] = [makeSide(turn), makeSide(turn)];
    t.after(() => [a, b].forEach(end));
    const [first, second] = [Buffer.from('first'), Buffer.from('second')];
    for (const payload of [first, second]) {
      [a, b].forEach(({ carrier }) => carrier.send(payload, nothing));
    }
    b.carrier.send(Buffer.from('third'), nothing);
    await turnEnds();
    assert.deepEqual(a.socket.bytes, framesOf('first', 'second'));
    assert.deepEqual(b.socket.bytes, framesOf('first', 'second', 'third'));
  });

  test('one event alone is framed once for all: everyone is handed the same memory', async (t) => {
    const turn = new TurnWriter();
    const [a, b] = [makeSide(turn), makeSide(turn)];
    t.after(() => [a, b].forEach(end));
    const payload = Buffer.from('event');
    [a, b].forEach(({ carrier }) => carrier.send(payload, nothing));
    await turnEnds();
    assert.equal(a.socket.written[0], b.socket.written[0]);
  });

  test('of JSON and MessagePack readers in one turn each gets its own kind of message', async (t) => {
    const turn = new TurnWriter();
    const [text, binary] = [makeSide(turn), makeSide(turn, true)];
    t.after(() => [text, binary].forEach(end));
    const [json, packed] = [Buffer.from('{"a":1}'), Buffer.from([0x81, 0xa1, 0x61, 1])];
    for (let i = 0; i < 2; i++) {
      text.carrier.send(json, nothing);
      binary.carrier.send(packed, nothing);
    }
    await turnEnds();
    assert.deepEqual(text.socket.bytes, Buffer.concat([serverFrame(json, false), serverFrame(json, false)]));
    assert.deepEqual(binary.socket.bytes, Buffer.concat([serverFrame(packed, true), serverFrame(packed, true)]));
  });

  test('a large message keeps its place between small ones', async (t) => {
    const side = makeSide(new TurnWriter());
    t.after(() => end(side));
    const large = 'x'.repeat(20_000);
    for (const text of ['before', large, 'behind']) {
      side.carrier.send(Buffer.from(text), nothing);
    }
    await turnEnds();
    assert.deepEqual(side.socket.bytes, framesOf('before', large, 'behind'));
  });
});

describe('WebSocketCarrier: unread bytes', () => {
  test('bytes count as unread until the system took them, each kind for itself', async (t) => {
    const side = makeSide(new TurnWriter());
    t.after(() => end(side));
    side.socket.hold();
    const told: string[] = [];
    const push = (bytes: number): void => void told.push(`push ${bytes}`);
    const answer = (bytes: number): void => void told.push(`answer ${bytes}`);
    side.carrier.send(Buffer.from('12345'), push);
    side.carrier.send(Buffer.from('123'), push);
    side.carrier.send(Buffer.from('1234'), answer);
    await turnEnds();
    side.carrier.send(Buffer.from('12'), push);
    await turnEnds();
    assert.deepEqual(told, []);
    side.socket.takeAll();
    await turnEnds();
    assert.deepEqual(told, ['push 8', 'answer 4', 'push 2']);
  });

  test('a long turn is no slow reader: what the system takes at once is unread no more', () => {
    const { side, connection, closes } = openConnection();
    for (let i = 0; i < 300; i++) {
      connection.push(Buffer.alloc(12_000)); // 3.6 MB, the limit is 1 MiB.
    }
    assert.deepEqual(closes, []);
    assert.ok(side.socket.bytes.length > 3_000_000);
    end(side);
  });

  test('a reader that takes nothing is closed at the limit and not before', async () => {
    const { side, connection, closes } = openConnection();
    side.socket.hold();
    const payload = Buffer.alloc(8192);
    for (let bytes = 0; bytes + payload.length <= DEFAULT_HUB_LIMITS.maxUnreadBytes; bytes += payload.length) {
      connection.push(payload);
      if (bytes % 65_536 === 0) {
        await turnEnds();
      }
    }
    assert.deepEqual(closes, []);
    connection.push(Buffer.alloc(1));
    assert.deepEqual(closes, [CloseCode.SlowReader]);
    end(side);
  });
});

describe('WebSocketCarrier: the end', () => {
  test('what was sent leaves before the close, and nothing behind it', async (t) => {
    const side = makeSide(new TurnWriter());
    t.after(() => end(side));
    let told = 0;
    side.carrier.send(Buffer.from('bye'), (bytes) => (told += bytes));
    side.carrier.close(CloseCode.ServiceRestart, 'shutting down');
    side.carrier.send(Buffer.from('too late'), (bytes) => (told += bytes));
    await turnEnds();
    const bye = framesOf('bye');
    assert.deepEqual(side.socket.bytes.subarray(0, bye.length), bye);
    assert.equal(side.socket.bytes[bye.length], CLOSE_OPCODE);
    assert.equal(side.socket.bytes.includes('too late'), false);
    assert.equal(told, 3 + 8);
  });

  test('where the other side closes within the turn, nothing follows the answer to its close', async (t) => {
    const side = makeSide(new TurnWriter());
    t.after(() => end(side));
    side.socket.push(CLIENT_CLOSE);
    await turnEnds();
    let told = 0;
    side.carrier.send(Buffer.from('event'), (bytes) => (told += bytes));
    await turnEnds();
    assert.equal(side.socket.bytes[0], CLOSE_OPCODE);
    assert.equal(side.socket.bytes.includes('event'), false);
    assert.equal(told, 5);
  });

  test('a socket that breaks within the turn costs nobody else anything, and its bytes are told', async (t) => {
    const turn = new TurnWriter();
    const [broken, other] = [makeSide(turn), makeSide(turn)];
    t.after(() => [broken, other].forEach(end));
    broken.webSocket.on('error', nothing);
    let told = 0;
    [broken, other].forEach(({ carrier }) => carrier.send(Buffer.from('event'), (bytes) => (told += bytes)));
    broken.socket.destroy(new Error('reset'));
    await turnEnds();
    assert.deepEqual([broken.socket.written.length, other.socket.bytes], [0, framesOf('event')]);
    assert.equal(told, 10);
  });

  test('a write that fails tells its bytes', async (t) => {
    const side = makeSide(new TurnWriter());
    t.after(() => end(side));
    side.webSocket.on('error', nothing);
    side.socket.hold();
    let told = 0;
    side.carrier.send(Buffer.from('event'), (bytes) => (told += bytes));
    await turnEnds();
    side.carrier.send(Buffer.from('next'), (bytes) => (told += bytes));
    await turnEnds();
    assert.equal(told, 0);
    side.socket.destroy(new Error('reset'));
    await turnEnds();
    assert.equal(told, 9);
  });
});

test('with permessage-deflate ws frames everything itself: compressed, in order, and told when it left', async () => {
  const http = createServer();
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: { threshold: 0 } });
  const turn = new TurnWriter();
  const accepted = new Promise<WebSocketCarrier>((done) => {
    http.on('upgrade', (request, socket: Duplex, head: Buffer) =>
      server.handleUpgrade(request, socket, head, (webSocket) => {
        done(new WebSocketCarrier(webSocket, socket, turn, false));
      }),
    );
  });
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  const client = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`);
  const texts: string[] = [];
  const all = new Promise<void>((done) => {
    client.on('message', (data: Buffer) => {
      texts.push(data.toString());
      if (texts.length === 3) {
        done();
      }
    });
  });
  const carrier = await accepted;
  const sent = ['small', 'tea '.repeat(50_000), 'last'];
  const told = new Promise<number>((done) => {
    let bytes = 0;
    let count = 0;
    sent.forEach((text) =>
      carrier.send(Buffer.from(text), (left) => {
        bytes += left;
        if (++count === sent.length) {
          done(bytes);
        }
      }),
    );
  });
  await all;
  assert.deepEqual(texts, sent);
  assert.equal(await told, 200_009);
  client.terminate();
  http.closeAllConnections();
  await new Promise((done) => http.close(done));
});

function openConnection(): { side: Side; connection: Connection; closes: number[] } {
  const clock = new FakeClock();
  const side = makeSide(new TurnWriter());
  const closes: number[] = [];
  const handler = { onFrame: () => undefined, onClosed: (_: Connection, code: number) => void closes.push(code) };
  const parts = { socket: side.carrier, clock, limits: DEFAULT_HUB_LIMITS, heartbeatMs: 25_000, handler };
  const connection = new Connection('k_1', parts);
  const identity = { userId: 'u', userName: 'Ann', sessionId: 's', accessExpiresAtMs: clock.nowMs() + 3_600_000 };
  connection.identify(identity);
  connection.open(identity);
  return { side, connection, closes };
}
