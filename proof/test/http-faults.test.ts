/** What goes wrong on a real wire, and what the client makes of it. Each test sees the fault from the server's side too. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test, type TestContext } from 'node:test';
import { WireServer, WIRES } from '../../host/test/http/wire-server.js';
import { Laboratory, until } from '../http/real-client.js';
import { json, ScriptedServer, type Answer } from '../http/scripted-server.js';

/** A hang must fail the test, not stop the run. */
const timeout = 120_000;
const MIB = 1024 * 1024;
/** Bound of the first random wait; the fixed random gives half of it, then half of its double. */
const BASE_MS = 300;

let lab: Laboratory;
before(async () => (lab = await Laboratory.open()));
after(() => lab.close());

for (const wire of WIRES) {
  describe(`faults over ${wire}`, { timeout }, () => {
    let server: WireServer;
    beforeEach(async () => (server = await WireServer.start(wire, lab.certificates)));
    afterEach(() => server.close());

    for (const fault of ['reset', 'half']) {
      test(`${fault} answers are repeated with growing waits, then a network error, and the next call works`, async () => {
        const real = lab.client(wire, server.origin, { retry: { maxRetries: 2, baseMs: BASE_MS } });
        const call = real.client.get(`/${fault}`);
        await real.retry(call, BASE_MS / 2 - 1);
        // Nothing has left: a call that goes again no longer waits.
        assert.deepEqual([call.getState(), server.asked], [lab.core.HttpCallState.Waiting, 1]);
        await real.clock.advance(1);
        await until('the second one', () => server.asked === 2);
        await real.retry(call, BASE_MS);
        assert.equal((await real.failure(call.answer)).code, 'network');
        await until('the cuts', () => server.cut === 3);
        assert.deepEqual([server.asked, call.trace.attempts], [3, 3]);
        const { data } = await real.client.get<string>('/echo', { responseType: lab.core.HttpResponseType.Text })
          .answer;
        assert.equal(data, '');
        real.assertIdle();
      });
    }

    test('an answer that drips runs into the limit of the attempt, and is cut on the wire', async () => {
      const real = lab.client(wire, server.origin, {
        timeouts: { idleMs: 0, attemptMs: 5000 },
        retry: { maxRetries: 0 },
      });
      let bytes = 0;
      const call = real.client.get('/drip', { onDownloadProgress: (received) => (bytes = received) });
      await until('some drops', () => bytes > 2);
      await real.clock.advance(4999);
      assert.deepEqual([call.getState(), server.cut], [lab.core.HttpCallState.Running, 0]);
      await real.clock.advance(1);
      const error = await real.failure(call.answer);
      assert.deepEqual([error.code, error.field], ['timeout', 'timeouts.attemptMs']);
      await until('the cut on the wire', () => server.cut === 1);
      real.assertIdle();
    });

    test('no answer at all runs into the limit on the first byte, and is cut on the wire', async () => {
      const real = lab.client(wire, server.origin, { timeouts: { firstByteMs: 3000 }, retry: { maxRetries: 0 } });
      const call = real.client.get('/hold');
      await until('the request', () => server.heldCount === 1);
      await real.clock.advance(3000);
      assert.equal((await real.failure(call.answer)).field, 'timeouts.firstByteMs');
      await until('the cut on the wire', () => server.cut === 1);
      real.assertIdle();
    });

    test('of an answer of 300 MB little crosses the wire, and it is not asked for again', async () => {
      const real = lab.client(wire, server.origin, { maxResponseBytes: MIB });
      const call = real.client.get('/large', { responseType: lab.core.HttpResponseType.Binary });
      assert.equal((await real.failure(call.answer)).code, 'tooLarge');
      await until('the cut on the wire', () => server.crossed >= 0);
      // What the buffers of both kernels and the windows of HTTP/2 hold, with room.
      assert.ok(server.crossed > MIB && server.crossed < 40 * MIB, `${server.crossed} bytes crossed`);
      assert.equal(server.asked, 1);
      real.assertIdle();
    });

    test('a certificate that nobody vouches for is refused before any request', async () => {
      if (wire === 'http/1.1') {
        const strict = lab.client(wire, server.origin, { allowPlainHttp: false });
        assert.equal((await strict.failure(strict.client.get('/echo').answer)).field, 'url');
      } else {
        const stranger = lab.client(wire, server.origin, { tls: {} });
        assert.equal((await stranger.failure(stranger.client.get('/echo').answer)).code, 'network');
        const pins = [Buffer.alloc(32).toString('base64')];
        const pinned = lab.client(wire, server.origin, { tls: { ...lab.trust, pins } });
        const refused = pinned.client.get('/echo');
        assert.equal((await pinned.failure(refused.answer)).code, 'network');
        assert.equal(refused.trace.attempts, 1, 'a certificate does not get better');
      }
      assert.equal(server.asked, 0);
    });
  });
}

/** Closed however the test ends. */
async function scripted(t: TestContext, answer: Answer): Promise<ScriptedServer> {
  const server = await ScriptedServer.start(answer);
  t.after(() => server.close());
  return server;
}

describe('answers that are wrong', { timeout }, () => {
  test('bytes beyond the announced length reach neither this call nor the next', async (t) => {
    const server = await WireServer.start('http/1.1', lab.certificates);
    t.after(() => server.close());
    const real = lab.client('http/1.1', server.origin, { retry: { maxRetries: 0 } });
    const { Text } = lab.core.HttpResponseType;
    const first = await real.client.get<string>('/excess', { responseType: Text }).answer.catch(() => null);
    assert.equal(first?.data ?? 'whole', 'whole');
    const { Post } = lab.core.HttpMethod;
    const next = await real.client.request<string>({ url: '/echo', method: Post, body: 'next', responseType: Text })
      .answer;
    assert.deepEqual([next.data, server.asked], ['next', 2]);
    real.assertIdle();
  });

  test('a body that is shorter than announced, and one that stops, are no answers', async (t) => {
    const server = await scripted(t, (request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 });
      response.write('{"a":1}', () => request.url === '/short' && response.destroy());
    });
    const real = lab.client('http/1.1', server.origin, { retry: { maxRetries: 0 }, timeouts: { idleMs: 2000 } });
    assert.equal((await real.failure(real.client.get('/short').answer)).code, 'network');
    let bytes = 0;
    const silent = real.client.get('/silent', { onDownloadProgress: (received) => (bytes = received) });
    await until('the piece', () => bytes === 7);
    await real.clock.advance(2000);
    assert.equal((await real.failure(silent.answer)).field, 'timeouts.idleMs');
    await until('both cut', () => server.cut === 2);
    real.assertIdle();
  });

  test('the page of a captive portal where JSON was due is a protocol error, asked for once, and never kept', async (t) => {
    const server = await scripted(t, (_request, response) => {
      response
        .writeHead(200, { 'content-type': 'text/html', 'cache-control': 'no-store' })
        .end('<h1>Sign in to Wi-Fi</h1>');
    });
    const real = lab.client('http/1.1', server.origin, {}, true);
    for (let i = 1; i <= 2; i++) {
      const error = await real.failure(real.client.get('/rooms').answer);
      assert.deepEqual([error.code, error.actual, server.asked.length], ['protocol', 'text/html', i]);
    }
    real.assertIdle();
  });
});

describe('a server in trouble', { timeout }, () => {
  test('in a storm of 429s nothing comes before Retry-After, and retries stay within their budget', async (t) => {
    const server = await scripted(t, (_request, response) => json(response, 429, 'slow down', { 'retry-after': '2' }));
    const real = lab.client('http/1.1', server.origin, { retry: { maxRetries: 3, baseMs: BASE_MS } });
    const { Waiting, Failed } = lab.core.HttpCallState;
    const calls = Array.from({ length: 500 }, (_, at) => real.client.get(`/${at}`));
    const isQuiet = (): boolean => calls.every((call) => [Waiting, Failed].includes(call.getState()));
    await until('the first answers', isQuiet);
    assert.equal(server.asked.length, 500);
    await real.clock.advance(1999);
    assert.ok(isQuiet(), 'one went before Retry-After');
    for (let wait = 0; wait < 20 && calls.some((call) => call.getState() !== Failed); wait++) {
      await real.clock.advance(1000);
      await until('the next answers', isQuiet);
    }
    const errors = await Promise.all(calls.map((call) => real.failure(call.answer)));
    assert.ok(errors.every(({ code, retryAfterMs }) => code === 'rateLimited' && retryAfterMs === 2000));
    // 20 % of the requests and 10 a second within 10 s: once in this window, which all of it fits into.
    assert.equal(server.asked.length, 500 + 100 + 100);
    real.assertIdle();
  });

  test('a Retry-After date is waited for by the clock of the server', async (t) => {
    const date = 'Fri, 06 Nov 2026 08:49:37 GMT';
    const later = 'Fri, 06 Nov 2026 08:49:40 GMT';
    const server = await scripted(t, (_request, response) =>
      server.asked.length === 1
        ? json(response, 503, 'busy', { date, 'retry-after': later })
        : json(response, 200, 'well'),
    );
    const real = lab.client('http/1.1', server.origin, { retry: { baseMs: BASE_MS } });
    const call = real.client.get<string>('/');
    await real.retry(call, 3000 + BASE_MS / 2 - 1);
    assert.equal(call.getState(), lab.core.HttpCallState.Waiting);
    await real.clock.advance(1);
    assert.deepEqual([(await call.answer).data, server.asked.length], ['well', 2]);
  });

  test('killed in the middle of an answer and back, it is asked again; what must not be repeated is not', async (t) => {
    let isDying = true;
    const server = await scripted(t, (request, response) => {
      if (!isDying) {
        json(response, 200, request.method);
        return;
      }
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 });
      response.write('"half of');
    });
    const real = lab.client('http/1.1', server.origin, {
      retry: { maxRetries: 3, baseMs: BASE_MS },
      breakerFailures: 100,
    });
    let bytes = 0;
    const read = real.client.get<string>('/read', { onDownloadProgress: (received) => (bytes += received) });
    const { Post } = lab.core.HttpMethod;
    const write = real.client.request({
      url: '/write',
      method: Post,
      body: {},
      onDownloadProgress: (received) => (bytes += received),
    });
    await until('half of both', () => bytes === 16);
    await server.kill();
    assert.equal((await real.failure(write.answer)).code, 'network');
    // Nobody listens.
    await real.retry(read, BASE_MS / 2);
    await until('the refused connection', () => read.getState() === lab.core.HttpCallState.Waiting);
    assert.deepEqual([server.cut, server.asked.length], [2, 2]);
    isDying = false;
    await server.listen();
    await real.clock.advance(BASE_MS);
    assert.deepEqual([(await read.answer).data, read.trace.attempts], ['GET', 3]);
    assert.deepEqual([server.count('GET /read'), server.count('POST /write')], [2, 1]);
    real.assertIdle();
  });

  test('a host that only fails is left alone for a while, then asked by one call first', async (t) => {
    let isWell = false;
    const server = await scripted(t, (request, response) =>
      isWell ? json(response, 200, 1) : request.socket.resetAndDestroy(),
    );
    const real = lab.client('http/1.1', server.origin, {
      retry: { maxRetries: 0 },
      breakerFailures: 3,
      breakerOpenMs: 5000,
    });
    for (let i = 0; i < 3; i++) {
      assert.equal((await real.failure(real.client.get(`/${i}`).answer)).code, 'network');
      // Failures of one moment are one failure.
      await real.clock.advance(i < 2 ? 4000 : 0);
    }
    assert.equal((await real.failure(real.client.get('/4').answer)).code, 'unavailable');
    assert.deepEqual([server.asked.length, server.cut], [3, 3]);
    isWell = true;
    await real.clock.advance(5000);
    assert.equal((await real.client.get('/5').answer).status, 200);
    assert.equal(server.asked.length, 4);
    real.assertIdle();
  });
});
