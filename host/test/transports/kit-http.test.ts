import assert from 'node:assert/strict';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { loadCore, loadPlatform, type Core, type Platform } from '../../src/node/load-core.js';
import { until } from './real-bench.js';

/** A hang must fail the test, not stop the run. */
const HANG_MS = 60_000;
const CONNECT_TIMEOUT_MS = 15_000;

let core: Core;
let platform: Platform;
let origin: string;
/** Answers to `/silent` (not begun) and `/stream` (begun, not ended). */
const open: ServerResponse[] = [];
let cut = 0;
const server: Server = createServer((request, response) => {
  open.push(response);
  response.once('close', () => (cut += response.writableFinished ? 0 : 1));
  if (request.url === '/stream') {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: a\n\n');
  }
});

before(async () => {
  core = await loadCore();
  platform = await loadPlatform();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

after(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

/** Writes down what a stream tells. */
function recorder(): { events: string[]; listener: Parameters<InstanceType<Platform['KitHttpStream']>['open']>[3] } {
  const events: string[] = [];
  return {
    events,
    listener: {
      onHeaders: (status) => void events.push(`headers ${status}`),
      onChunk: (chunk) => void events.push(`chunk ${new TextDecoder().decode(chunk)}`),
      onEnd: (error) => void events.push(`end ${error?.code ?? 'whole'}`),
    },
  };
}

describe('KitHttpStream', { timeout: HANG_MS }, () => {
  test('bounds the time to the headers, and not the time of the stream', async () => {
    const clock = new core.FakeClock();
    const { events, listener } = recorder();
    const stream = new platform.KitHttpStream(clock).open(`${origin}/stream`, new Map(), CONNECT_TIMEOUT_MS, listener);
    await until('a chunk', () => events.length === 2);
    assert.equal(clock.pendingTimers(), 0);
    await clock.advance(CONNECT_TIMEOUT_MS * 10);
    // Told by the status line, which the kit of Node lists and that of a browser does not.
    assert.deepEqual(events, ['headers 200', 'chunk data: a\n\n']);
    const before = cut;
    stream.cancel();
    await until('the cut on the wire', () => cut === before + 1);
    assert.equal(events.length, 2);
  });

  test('ends with a timeout, on the wire too, when no headers come', async () => {
    const clock = new core.FakeClock();
    const { events, listener } = recorder();
    const asked = open.length;
    const before = cut;
    new platform.KitHttpStream(clock).open(`${origin}/silent`, new Map(), CONNECT_TIMEOUT_MS, listener);
    await until('the request', () => open.length > asked);
    await clock.advance(CONNECT_TIMEOUT_MS);
    await until('the cut on the wire', () => cut === before + 1);
    assert.deepEqual(events, ['end timeout']);
    assert.equal(clock.pendingTimers(), 0);
  });
});

describe('a cancelled request', { timeout: HANG_MS }, () => {
  function begin(port: 'KitHttp' | 'AxiosHttp'): {
    answer: Promise<string>;
    cancel: InstanceType<Core['CancelToken']>;
  } {
    const cancel = new core.CancelToken();
    const { Get: method } = core.HttpMethod;
    const answer = new platform[port]()
      .request({ method, url: `${origin}/silent`, headers: new Map(), body: null, timeoutMs: HANG_MS, cancel })
      .then(
        () => 'answered',
        (error: { code: string }) => error.code,
      );
    return { answer, cancel };
  }

  test('rejects as disposed and is cut on the wire by KitHttp', async () => {
    const asked = open.length;
    const before = cut;
    const { answer, cancel } = begin('KitHttp');
    await until('the request', () => open.length > asked);
    cancel.cancel();
    assert.equal(await answer, 'disposed');
    await until('the cut on the wire', () => cut === before + 1);
  });

  test('rejects as disposed with AxiosHttp, though the server still answers', async () => {
    const asked = open.length;
    const { answer, cancel } = begin('AxiosHttp');
    await until('the request', () => open.length > asked);
    cancel.cancel();
    assert.equal(await answer, 'disposed');
    open.at(-1)?.end('late');
  });

  test('that was cancelled before it began is not sent', async () => {
    for (const port of ['KitHttp', 'AxiosHttp'] as const) {
      const asked = open.length;
      const cancel = new core.CancelToken();
      cancel.cancel();
      const request = { url: `${origin}/silent`, headers: new Map<string, string>(), body: null, timeoutMs: HANG_MS };
      const answer = new platform[port]().request({ ...request, method: core.HttpMethod.Get, cancel });
      await assert.rejects(answer, { code: 'disposed' });
      // A request that goes out behind this one would be seen first.
      await fetch(`${origin}/stream`).then((response) => response.body?.cancel());
      assert.equal(open.length, asked + 1);
    }
  });
});
