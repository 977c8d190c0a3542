import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { WebSocket, WebSocketServer } from 'ws';
import { LeakGate } from '../../host/src/test-runner/leak-gate.js';
import { FaultProxy } from '../proxy/fault-proxy.js';

/** Below every chance that is not 0. */
const ALWAYS = (): number => 0;
const SIZES = [0, 1, 125, 126, 65_535, 65_536, 200_000];

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: IncomingMessage['headers'];
}

describe('the fault proxy', () => {
  let gate: LeakGate;
  let http: Server;
  let sockets: WebSocketServer;
  let proxy: FaultProxy;
  let posts: string[] = [];
  let upstreamPort = 0;

  before(async () => {
    gate = new LeakGate();
    http = createServer((incoming, answer) => {
      let body = '';
      incoming.on('data', (chunk: Buffer) => (body += chunk.toString()));
      incoming.on('end', () => {
        if (incoming.url === '/events') {
          answer.writeHead(200, { 'content-type': 'text/event-stream' });
          ['a', 'b', 'c', 'd'].forEach((data) => answer.write(`data: ${data}\n\n`));
          answer.end();
        } else {
          posts.push(body);
          answer.end(`got ${body}`);
        }
      });
    });
    sockets = new WebSocketServer({ server: http });
    sockets.on('connection', (socket) => {
      socket.on('error', () => undefined);
      socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
    });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    upstreamPort = (http.address() as AddressInfo).port;
  });

  after(async () => {
    sockets.clients.forEach((socket) => socket.terminate());
    sockets.close();
    http.closeAllConnections();
    await new Promise((done) => http.close(done));
    await gate.close();
  });

  beforeEach(async () => {
    posts = [];
    proxy = await FaultProxy.start(upstreamPort, ALWAYS);
  });

  afterEach(() => proxy.close());

  async function open(): Promise<WebSocket> {
    const socket = new WebSocket(`ws://127.0.0.1:${proxy.port}/v1/ws`);
    socket.on('error', () => undefined);
    await once(socket, 'open');
    return socket;
  }

  /** The close code, or the error, with which the attempt ended. */
  async function failure(): Promise<string> {
    const socket = new WebSocket(`ws://127.0.0.1:${proxy.port}/v1/ws`);
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
    return error.code ?? error.message;
  }

  async function echoes(socket: WebSocket, texts: readonly string[], count: number): Promise<string[]> {
    const got: string[] = [];
    const all = new Promise<void>((done) => {
      socket.on('message', (data: Buffer) => {
        got.push(data.toString());
        if (got.length === count) {
          done();
        }
      });
    });
    texts.forEach((text) => socket.send(text));
    await all;
    return got;
  }

  async function call(method: string, path: string, body = ''): Promise<Answer> {
    const outgoing = request({ port: proxy.port, host: '127.0.0.1', method, path });
    outgoing.setHeader('content-length', Buffer.byteLength(body));
    outgoing.end(body);
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
    let text = '';
    incoming.on('data', (chunk: Buffer) => (text += chunk.toString()));
    await once(incoming, 'end');
    return { status: incoming.statusCode ?? 0, body: text, headers: incoming.headers };
  }

  test('passes frames of every length, and requests, unchanged', async () => {
    const socket = await open();
    const texts = SIZES.map((size) => 'x'.repeat(size));
    assert.deepEqual(await echoes(socket, texts, texts.length), texts);
    assert.equal((await call('POST', '/v1/other', 'hello')).body, 'got hello');
    assert.equal((await call('GET', '/events')).body, 'data: a\n\ndata: b\n\ndata: c\n\ndata: d\n\n');
  });

  test('refuses connections while living ones go on, and admits again on the same port', async () => {
    const socket = await open();
    const port = proxy.port;
    await proxy.refuse();
    assert.equal(await failure(), 'ECONNREFUSED');
    assert.deepEqual(await echoes(socket, ['still here'], 1), ['still here']);
    await proxy.admit();
    assert.equal(proxy.port, port);
    await open();
  });

  test('resets what is open, and counts each', async () => {
    const [one, two] = [await open(), await open()];
    const closed = Promise.all([one, two].map((socket) => once(socket, 'close')));
    proxy.reset();
    assert.deepEqual(
      (await closed).map(([code]) => code as number),
      [1006, 1006],
    );
    assert.equal(proxy.counts.of('reset'), 2);
  });

  test('half-opens: nothing passes either way, nobody is told, and new connections work', async () => {
    const socket = await open();
    let said = 0;
    socket.on('message', () => (said += 1));
    socket.on('close', () => (said += 100));
    assert.equal(proxy.counts.of('half-open'), 0);
    proxy.freeze();
    socket.send('into the void');
    const other = await open();
    sockets.clients.forEach((upstream) => upstream.send('to all'));
    assert.equal(((await once(other, 'message')) as [Buffer])[0].toString(), 'to all');
    assert.deepEqual(await echoes(other, ['fence'], 1), ['fence']);
    assert.ok(proxy.counts.of('half-open') >= 1);
    assert.equal(said, 0);
    assert.equal(proxy.openCount, 1);
  });

  test('cuts a message in the middle and ends the connection', async () => {
    const socket = await open();
    let messages = 0;
    socket.on('message', () => (messages += 1));
    proxy.treat({ cuts: 1 });
    socket.send('whole or not at all');
    assert.equal(((await once(socket, 'close')) as [number])[0], 1006);
    assert.equal(messages, 0);
    assert.equal(proxy.counts.of('cut'), 1);
    assert.deepEqual(await echoes(await open(), ['after'], 1), ['after']);
  });

  test('doubles and swaps frames, whole', async () => {
    const socket = await open();
    proxy.treat({ duplicate: 1 });
    // Doubled on the way there, and each of the two on the way back.
    assert.deepEqual(await echoes(socket, ['d'], 4), ['d', 'd', 'd', 'd']);
    assert.equal(proxy.counts.of('duplicate'), 3);
    proxy.treat({ duplicate: 0, reorder: 1 });
    socket.removeAllListeners('message');
    // Swapped there, and swapped back again.
    assert.deepEqual(await echoes(socket, ['1', '2'], 2), ['1', '2']);
    assert.equal(proxy.counts.of('reorder'), 2);
  });

  test('swaps the events of an event stream, and sends a posted frame twice for one answer', async () => {
    proxy.treat({ reorder: 1 });
    const swapped = await call('GET', '/events');
    assert.equal(swapped.body, 'data: b\n\ndata: a\n\ndata: d\n\ndata: c\n\n');
    proxy.treat({ reorder: 0, duplicate: 1 });
    assert.equal((await call('POST', '/v1/send', 'once')).body, 'got once');
    assert.deepEqual(posts, ['once', 'once']);
    assert.ok(proxy.counts.of('duplicate') >= 1);
  });

  test('delays and throttles without losing or swapping anything', async () => {
    const socket = await open();
    proxy.treat({ delayMs: 5 });
    const texts = Array.from({ length: 20 }, (_, i) => String(i));
    assert.deepEqual(await echoes(socket, texts, 20), texts);
    assert.ok(proxy.counts.of('delay') >= 20);
    proxy.treat({ delayMs: 0, bytesPerSecond: 20_000 });
    socket.removeAllListeners('message');
    assert.deepEqual(await echoes(socket, ['y'.repeat(2500)], 1), ['y'.repeat(2500)]);
    assert.ok(proxy.counts.of('throttle') >= 4);
  });

  test('stalls the way to the client, and lets everything through afterwards', async () => {
    const socket = await open();
    proxy.stall();
    let got = 0;
    socket.on('message', () => (got += 1));
    for (let i = 0; i < 50; i++) {
      socket.send('z'.repeat(10_000));
    }
    // The way to the server is open: it has everything when it has answered on another line.
    await call('POST', '/v1/other', 'fence');
    assert.equal(proxy.counts.of('stall'), 1);
    assert.equal(got, 0);
    proxy.goOn();
    while (got < 50) {
      await once(socket, 'message');
    }
  });

  test('answers in the place of the server: 502, 429 with Retry-After, a captive portal', async () => {
    proxy.block({ matches: ({ isUpgrade }) => isUpgrade, answer: 'http-502' });
    assert.match(await failure(), /502/);
    proxy.block({ matches: ({ path }) => path === '/v1/x', answer: 'http-429', retryAfterS: 7 });
    const limited = await call('GET', '/v1/x');
    assert.deepEqual([limited.status, limited.headers['retry-after']], [429, '7']);
    assert.equal((await call('POST', '/v1/other', 'free')).body, 'got free');
    proxy.block({ matches: () => true, answer: 'portal' });
    const portal = await call('GET', '/v1/x');
    assert.deepEqual([portal.status, portal.headers['content-type']], [200, 'text/html; charset=utf-8']);
    proxy.block({ matches: ({ isUpgrade }) => isUpgrade, answer: 'reset' });
    assert.match(await failure(), /ECONNRESET|socket hang up/);
    const { counts } = proxy;
    assert.deepEqual(
      [counts.of('http-502'), counts.of('http-429'), counts.of('portal'), counts.of('reset')],
      [1, 1, 1, 1],
    );
    assert.deepEqual(posts, ['free']);
  });

  test('a server that goes away is seen by the client, and a new one is found at another port', async () => {
    const socket = await open();
    const closed = once(socket, 'close');
    sockets.clients.forEach((upstream) => upstream.terminate());
    assert.equal(((await closed) as [number])[0], 1006);
    proxy.upstreamPort = 1;
    assert.match(await failure(), /ECONNRESET|socket hang up/);
    proxy.upstreamPort = upstreamPort;
    await open();
  });
});
