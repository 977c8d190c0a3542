/** Who may go on the wire, looked at from the server's side of real sockets. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import type { HttpStreamListener } from '../../host/src/node/load-core.js';
import { WireServer, WIRES } from '../../host/test/http/wire-server.js';
import { Laboratory, until } from '../http/real-client.js';
import { json, ScriptedServer } from '../http/scripted-server.js';

/** A hang must fail the test, not stop the run. */
const timeout = 120_000;

let lab: Laboratory;
before(async () => (lab = await Laboratory.open()));
after(() => lab.close());

for (const wire of WIRES) {
  describe(`the client over ${wire}`, { timeout }, () => {
    let server: WireServer;
    beforeEach(async () => (server = await WireServer.start(wire, lab.certificates)));
    afterEach(() => server.close());

    test('tells the server each class by RFC 9218, and a download that it may come piece by piece', async () => {
      const real = lab.client(wire, server.origin);
      const { Low, Normal, High, Critical } = lab.core.HttpPriority;
      const seen: unknown[] = [];
      for (const priority of [Low, Normal, High, Critical]) {
        await real.client.get('/echo', { priority, responseType: lab.core.HttpResponseType.Text }).answer;
        seen.push(server.lastHeaders['priority']);
      }
      await real.client.download('/echo').answer;
      seen.push(server.lastHeaders['priority']);
      assert.deepEqual(seen, ['u=6', undefined, 'u=2', 'u=0', 'u=6, i']);
      real.assertIdle();
    });

    test('makes one request of equal ones; only the last one who leaves cuts it on the wire', async () => {
      const real = lab.client(wire, server.origin);
      const calls = Array.from({ length: 20 }, () => real.client.get('/hold'));
      await until('the request', () => server.heldCount > 0);
      await Promise.all(calls.slice(1).map((call) => (call.cancel(), real.failure(call.answer))));
      assert.deepEqual([server.asked, server.cut, real.client.stats().scheduler.running], [1, 0, 1]);
      calls[0]?.cancel();
      await until('the cut on the wire', () => server.cut === 1);
      assert.equal(server.asked, 1);
      real.assertIdle();
    });

    test('gives every answer to its own call, whatever their order', async () => {
      const real = lab.client(wire, server.origin);
      const { Post } = lab.core.HttpMethod;
      const answers = await Promise.all(
        Array.from(
          { length: 200 },
          (_, at) => real.client.request<number>({ url: '/echo', method: Post, body: [at] }).answer,
        ),
      );
      assert.deepEqual(
        answers.map(({ data }) => data),
        Array.from({ length: 200 }, (_, at) => [at]),
      );
      real.assertIdle();
    });
  });
}

describe('slots over HTTP/1.1', { timeout }, () => {
  let server: WireServer;
  beforeEach(async () => (server = await WireServer.start('http/1.1', lab.certificates)));
  afterEach(() => server.close());

  test('200 calls queued to two hosts are at most 6 at once, one of them for critical ones alone, over 6 sockets', async () => {
    const real = lab.client('http/1.1', server.origin);
    const other = server.origin.replace('127.0.0.1', 'localhost');
    const calls = Array.from({ length: 200 }, (_, at) =>
      real.client.get(`${at % 2 === 0 ? server.origin : other}/hold/${at}`, {
        responseType: lab.core.HttpResponseType.Text,
      }),
    );
    await until('five', () => server.heldCount === 5);
    calls.push(
      real.client.get('/hold', {
        priority: lab.core.HttpPriority.Critical,
        responseType: lab.core.HttpResponseType.Text,
      }),
    );
    await until('six', () => server.heldCount === 6);
    assert.deepEqual([server.asked, server.sockets.size, server.connections], [6, 6, 6]);
    assert.equal(real.client.stats().scheduler.queued, 195);
    let isOver = false;
    const all = Promise.all(calls.map((call) => call.answer)).then(() => (isOver = true));
    await until('all of them', () => (server.release(), isOver));
    await all;
    assert.deepEqual([server.asked, server.mostAtOnce], [201, 6]);
    // Kept alive: no more than the slots of each of the two names.
    assert.ok(server.connections <= 12, `${server.connections} connections`);
    real.assertIdle();
  });

  test('a critical call does not wait behind 2,000 low ones, and their cancel frees every slot', async () => {
    const real = lab.client('http/1.1', server.origin);
    const { Low, Critical } = lab.core.HttpPriority;
    const token = new lab.core.CancelToken();
    const low = Array.from({ length: 2000 }, (_, at) =>
      real.client.get(`/hold/${at}`, { priority: Low, cancel: token }),
    );
    await until('five of them', () => server.heldCount === 5);
    const answer = await real.client.get('/echo', { priority: Critical, responseType: lab.core.HttpResponseType.Text })
      .answer;
    assert.deepEqual([answer.status, server.heldCount, server.asked], [200, 5, 6]);
    assert.equal(real.client.stats().scheduler.queued, 1995);
    token.cancel();
    const codes = new Set(await Promise.all(low.map(async (call) => (await real.failure(call.answer)).code)));
    assert.deepEqual([...codes], ['disposed']);
    await until('the cuts on the wire', () => server.cut === 5);
    assert.equal(server.asked, 6);
    real.assertIdle();
  });

  test('realtime streams take no slot', async () => {
    const real = lab.client('http/1.1', server.origin);
    const streams = new lab.platform.KitHttpStream(real.clock);
    let opened = 0;
    const listener: HttpStreamListener = {
      onHeaders: () => void opened++,
      onChunk: () => undefined,
      onEnd: () => undefined,
    };
    const open = Array.from({ length: 8 }, () => streams.open(`${server.origin}/drip`, new Map(), 60_000, listener));
    await until('the streams', () => opened === 8);
    assert.equal(real.client.stats().scheduler.running, 0);
    const calls = Array.from({ length: 10 }, (_, at) => real.client.get(`/hold/${at}`));
    await until('five beside them', () => server.heldCount === 5);
    assert.deepEqual([server.asked, real.client.stats().scheduler.queued], [13, 5]);
    calls.forEach((call) => call.cancel());
    open.forEach((stream) => stream.cancel());
    await until('the cuts on the wire', () => server.cut === 13);
    real.assertIdle();
  });
});

describe('slots over HTTP/2', { timeout }, () => {
  test('300 calls are one connection and 100 streams at once, one of them for critical ones alone', async (t) => {
    const server = await WireServer.start('h2', lab.certificates);
    t.after(() => server.close());
    const real = lab.client('h2', server.origin);
    const responseType = lab.core.HttpResponseType.Text;
    await real.client.get('/echo', { responseType }).answer;
    const calls = Array.from({ length: 300 }, (_, at) => real.client.get(`/hold/${at}`, { responseType }));
    await until('99 streams', () => server.heldCount === 99);
    calls.push(real.client.get('/hold', { responseType, priority: lab.core.HttpPriority.Critical }));
    await until('100 streams', () => server.heldCount === 100);
    assert.deepEqual([server.connections, server.sessions.size, server.asked], [1, 1, 101]);
    let isOver = false;
    const all = Promise.all(calls.map((call) => call.answer)).then(() => (isOver = true));
    await until('all of them', () => (server.release(), isOver));
    await all;
    assert.deepEqual([server.connections, server.mostAtOnce, server.asked], [1, 100, 302]);
    const [stats] = real.client.stats().connections;
    assert.equal(stats?.protocol, lab.core.HttpProtocol.Http2);
    real.assertIdle();
  });
});

describe('one refresh', { timeout }, () => {
  test('50 parallel 401s make one, which no full queue holds up', async (t) => {
    const held: (() => void)[] = [];
    let isOpen = false;
    const server = await ScriptedServer.start((request, response) => {
      if (request.url === '/refresh') {
        // Only answered when others hold every slot.
        void until('full slots', () => held.length === 5).then(() => json(response, 200, 'new'));
      } else if (request.url?.startsWith('/fill') === true) {
        const answer = (): void => json(response, 200, 'filled');
        void (isOpen ? answer() : held.push(answer));
      } else {
        json(response, request.headers.authorization === 'Bearer new' ? 200 : 401, 'mine');
      }
    });
    t.after(() => server.close());
    let token = 'old';
    const real = lab.client('http/1.1', server.origin, {
      auth: {
        accessToken: () => Promise.resolve(token),
        partition: () => 'u_ann',
        refreshedToken: async () => {
          const { Post } = lab.core.HttpMethod;
          const fresh = await real.client.request<string>({
            url: '/refresh',
            method: Post,
            skipsQueue: true,
            usesAuth: false,
          }).answer;
          isOpen = true;
          held.forEach((answer) => answer());
          return (token = fresh.data);
        },
      },
    });
    const calls = Array.from({ length: 50 }, (_, at) => real.client.get(`/mine/${at}`));
    const fills = Array.from({ length: 100 }, (_, at) => real.client.get(`/fill/${at}`, { usesAuth: false }));
    const answers = await Promise.all([...calls, ...fills].map((call) => call.answer));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
    assert.equal(server.count('POST /refresh'), 1);
    const mine = server.asked.filter((one) => one.startsWith('GET /mine')).length;
    assert.equal(mine, 100, 'each of them was refused once and made again once');
    real.assertIdle();
  });
});
