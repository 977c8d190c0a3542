import assert from 'node:assert/strict';
import { afterEach, before, describe, test } from 'node:test';
import { Connections } from '../../src/kits/node/connections.js';
import type { HttpPort, HttpRequest, HttpResponse } from '../../src/node/load-core.js';
import { loadCore, loadPlatform, type Core } from '../../src/node/load-core.js';
import { until } from '../transports/real-bench.js';
import { useCertificates } from './certificate.js';
import { WireServer, type Wire } from './wire-server.js';

/** A hang must fail the test, not stop the run. */
const HANG_MS = 60_000;
const IDLE_MS = 50;

const certificates = useCertificates();
const { caPath } = certificates;

let core: Core;
let port: HttpPort;
let server: WireServer;
before(async () => {
  core = await loadCore();
  port = new (await loadPlatform()).KitHttp();
});
afterEach(() => server.close());

function ask(where: string, more: Partial<HttpRequest> = {}): Promise<HttpResponse> {
  return port.request({
    method: core.HttpMethod.Get,
    url: server.origin + where,
    headers: new Map(),
    body: null,
    timeoutMs: HANG_MS,
    tls: { caPath },
    ...more,
  });
}

async function start(wire: Wire, maxStreams?: number): Promise<void> {
  server = await WireServer.start(wire, certificates, maxStreams);
}

function many(count: number, run: (at: number) => Promise<HttpResponse>): Promise<HttpResponse[]> {
  return Promise.all(Array.from({ length: count }, (_, at) => run(at)));
}

/** How a request ended, in a word. */
function end(answer: Promise<HttpResponse>): Promise<string> {
  return answer.then(
    ({ status }) => `${status}`,
    (error: { code: string }) => error.code,
  );
}

describe('the connections of HTTP/2', { timeout: HANG_MS }, () => {
  test('many exchanges at once share one connection, from the first on', async () => {
    await start('h2');
    const answers = many(50, () => ask('/hold'));
    await until('all of them at the server', () => server.heldCount === 50);
    assert.deepEqual([server.connections, server.sessions.size, server.mostAtOnce], [1, 1, 50]);
    server.release();
    assert.ok((await answers).every(({ protocol }) => protocol === core.HttpProtocol.Http2));
    await ask('/echo');
    assert.equal(server.connections, 1);
  });

  test('what is more than the streams of the server waits for its turn on the same connection', async () => {
    await start('h2', 4);
    let answered = 0;
    const answers = many(20, () => ask('/hold').finally(() => answered++));
    await until('all answers', () => {
      server.release();
      return answered === 20;
    });
    assert.ok((await answers).every(({ status }) => status === 200));
    assert.ok(server.mostAtOnce <= 4, `expected 4 at once at most, got ${server.mostAtOnce}`);
    assert.equal(server.connections, 1);
  });

  test('each stream carries its own priority', async () => {
    await start('h2');
    const priorities = ['u=0', 'u=2', 'u=6, i'];
    await many(3, (at) => ask('/echo', { headers: new Map([['priority', priorities[at] ?? '']]) }));
    assert.deepEqual([...server.priorities.keys()].sort(), priorities);
    assert.equal(new Set(server.priorities.values()).size, 1);
  });

  test('a cancelled exchange leaves those beside it alone', async () => {
    await start('h2');
    const cancel = new core.CancelToken();
    const cancelled = end(ask('/hold', { cancel }));
    const kept = end(ask('/hold'));
    await until('both at the server', () => server.heldCount === 2);
    cancel.cancel();
    await until('the cut on the wire', () => server.cut === 1);
    server.release();
    assert.deepEqual([await cancelled, await kept], ['disposed', '200']);
    await ask('/echo');
    assert.equal(server.connections, 1);
  });

  test('a connection that opens ends with the last one who waits for it', async () => {
    await start('h2');
    const cancels = [new core.CancelToken(), new core.CancelToken()];
    const ends = Promise.all(cancels.map((cancel) => end(ask('/echo', { cancel }))));
    cancels.forEach((cancel) => cancel.cancel());
    assert.deepEqual(await ends, ['disposed', 'disposed']);
    // One of two keeps it.
    const leaving = new core.CancelToken();
    const left = end(ask('/echo', { cancel: leaving }));
    const stays = end(ask('/echo'));
    leaving.cancel();
    assert.deepEqual([await left, await stays], ['disposed', '200']);
    assert.equal(server.asked, 1);
    await until('one connection to be left', () => server.sockets.size === 1);
  });

  test('after GOAWAY new exchanges get a new connection, and those that run end well on the old one', async () => {
    await start('h2');
    const running = end(ask('/hold'));
    await until('the request', () => server.heldCount === 1);
    const [old] = server.sessions;
    old?.goaway();
    // Until the client has heard of it, nobody can expect it to obey.
    await until('a second connection', () => {
      void end(ask('/echo'));
      return server.connections === 2;
    });
    server.release();
    assert.equal(await running, '200');
    await until('the old connection to go', () => old?.destroyed === true && server.sessions.size === 1);
  });

  test('what GOAWAY leaves out goes again over a new connection, whatever its method', async () => {
    await start('h2');
    await ask('/echo');
    const left = end(ask('/hold', { method: core.HttpMethod.Post, body: 'once' }));
    await until('the request', () => server.heldCount === 1);
    const [old] = server.sessions;
    old?.goaway(0, 1);
    await until('the request on a new connection', () => server.heldCount === 2);
    server.release();
    assert.equal(await left, '200');
    assert.equal(server.connections, 2);
  });

  test('a connection that was lost is replaced', async () => {
    await start('h2');
    await ask('/echo');
    server.sessions.forEach((session) => session.destroy());
    await until('the client to see it', () => server.sockets.size === 0);
    await until('an answer over a new connection', () => {
      void end(ask('/echo'));
      return server.connections === 2;
    });
  });
});

describe('the connections of HTTP/1.1', { timeout: HANG_MS }, () => {
  for (const wire of ['http/1.1', 'http/1.1 over TLS'] as const) {
    test(`one after the other go over one connection (${wire})`, async () => {
      await start(wire);
      for (let at = 0; at < 5; at++) {
        await ask('/echo', { method: core.HttpMethod.Post, body: `body ${at}` });
      }
      assert.equal(server.connections, 1);
    });

    test(`as many connections as exchanges at once, and they are used again (${wire})`, async () => {
      await start(wire);
      for (let round = 0; round < 3; round++) {
        const answers = many(6, () => ask('/hold'));
        await until('all of them at the server', () => server.heldCount === 6);
        server.release();
        await answers;
      }
      assert.equal(server.connections, 6);
    });
  }

  test('a kept connection that closes under a request costs a second try, but not where that might do it twice', async () => {
    await start('http/1.1');
    await ask('/stale');
    assert.equal((await ask('/stale')).status, 200);
    assert.deepEqual([server.connections, server.asked], [2, 3]);
    assert.equal(await end(ask('/stale', { method: core.HttpMethod.Post, body: 'once' })), 'network');
    assert.deepEqual([server.connections, server.asked], [2, 4]);
  });

  test('a cancelled exchange takes its connection with it', async () => {
    await start('http/1.1');
    const cancel = new core.CancelToken();
    const cancelled = end(ask('/hold', { cancel }));
    await until('the request', () => server.heldCount === 1);
    cancel.cancel();
    assert.equal(await cancelled, 'disposed');
    await until('the connection to go', () => server.sockets.size === 0);
  });
});

describe('connections that rest', { timeout: HANG_MS }, () => {
  for (const [wire, isHttp2] of [
    ['http/1.1', false],
    ['http/1.1 over TLS', false],
    ['h2', true],
  ] as const) {
    test(`are closed after a while, and nothing is left of their host (${wire})`, async () => {
      await start(wire);
      const connections = new Connections(IDLE_MS);
      const { signal } = new AbortController();
      const url = new URL(`${server.origin}/bytes/10`);
      const isTls = url.protocol === 'https:';
      const target = { key: wire, origin: url.origin, host: url.hostname, port: Number(url.port), isTls, pins: [] };
      const { line } = await connections.lease({ ...target, caPath, offersHttp2: isHttp2 }, signal);
      const answer = await line.send({ method: 'GET', url, headers: new Map(), body: null, onSent: null, signal });
      let size = 0;
      for await (const piece of answer.body) {
        size += piece.byteLength;
      }
      assert.equal(size, 10);
      assert.equal(connections.size, 1);
      await until('the connection to close', () => server.sockets.size === 0);
      await until('the host to be forgotten', () => connections.size === 0);
    });
  }

  test('a host that could not be reached is forgotten at once', async () => {
    await start('http/1.1');
    const connections = new Connections(IDLE_MS);
    const target = { key: 'gone', origin: server.origin, host: '127.0.0.1', isTls: false, caPath: null, pins: [] };
    const { signal } = new AbortController();
    const port = Number(new URL(server.origin).port);
    await server.close();
    await assert.rejects(connections.lease({ ...target, port, offersHttp2: true }, signal));
    assert.equal(connections.size, 0);
  });
});
