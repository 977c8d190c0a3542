/** Downloads in ranges, the cache and preloads, between the client and a real server. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { Laboratory, until } from '../http/real-client.js';
import { json, ScriptedServer, type Answer } from '../http/scripted-server.js';

/** A hang must fail the test, not stop the run. */
const timeout = 120_000;
const PIECE = 64 * 1024;

let lab: Laboratory;
let server: ScriptedServer;
before(async () => (lab = await Laboratory.open()));
after(() => lab.close());
beforeEach(async () => (server = await ScriptedServer.start(() => undefined)));
afterEach(() => server.close());

/** `length` bytes that differ by place and version. */
function fileOf(version: number, length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_, at) => (at * 31 + version * 7 + (at >> 8)) % 251));
}

/** Serves `file()` in ranges, with its tag. */
function ranged(file: () => { bytes: Buffer; etag: string }): Answer {
  return (request, response) => {
    const { bytes, etag } = file();
    const [, first = '', last = ''] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    const ifRange = request.headers['if-range'];
    if (first === '' || (ifRange !== undefined && ifRange !== etag)) {
      response.writeHead(200, { etag, 'content-length': bytes.length }).end(bytes);
      return;
    }
    const part = bytes.subarray(Number(first), Number(last) + 1);
    const range = `bytes ${first}-${Number(first) + part.length - 1}/${bytes.length}`;
    response.writeHead(206, { etag, 'content-range': range, 'content-length': part.length }).end(part);
  };
}

describe('downloads', { timeout }, () => {
  test('come in ranges over one connection, with progress up to the whole, byte for byte', async () => {
    const bytes = fileOf(1, 10 * PIECE + 5);
    server.answer = ranged(() => ({ bytes, etag: '"1"' }));
    const real = lab.client('http/1.1', server.origin);
    const seen: number[] = [];
    const onProgress = (received: number, total: number): void => {
      seen.push(received);
      assert.ok(total === bytes.length || (total === 0 && received <= PIECE));
    };
    const { data, status } = await real.client.download('/file', { pieceBytes: PIECE, onProgress }).answer;
    assert.equal(status, 200);
    assert.equal(Buffer.compare(Buffer.from(data), bytes), 0);
    assert.deepEqual([server.asked.length, server.connections], [11, 1]);
    assert.deepEqual([seen.at(-1), seen], [bytes.length, [...seen].sort((a, b) => a - b)]);
    assert.deepEqual(new Set(server.headers.slice(1).map((one) => one['if-range'])), new Set(['"1"']));
    real.assertIdle();
  });

  test('are one plain answer from a server without ranges, and the new file where it changes on the way', async () => {
    const real = lab.client('http/1.1', server.origin);
    const plain = fileOf(1, 3 * PIECE);
    server.answer = (_request, response) => void response.end(plain);
    const first = await real.client.download('/plain', { pieceBytes: PIECE }).answer;
    assert.deepEqual([Buffer.compare(Buffer.from(first.data), plain), server.asked.length], [0, 1]);
    const files = [1, 2].map((version) => ({ bytes: fileOf(version, 4 * PIECE), etag: `"${version}"` })) as [
      File,
      File,
    ];
    server.answer = ranged(() => (server.count('GET /changing') < 3 ? files[0] : files[1]));
    const second = await real.client.download('/changing', { pieceBytes: PIECE }).answer;
    assert.equal(Buffer.compare(Buffer.from(second.data), files[1].bytes), 0);
    assert.equal(server.count('GET /changing'), 3);
    real.assertIdle();
  });

  test('ask again for a piece that was cut on the wire, and for no other; a cancel cuts the wire', async () => {
    const bytes = fileOf(1, 3 * PIECE);
    const serve = ranged(() => ({ bytes, etag: '"1"' }));
    server.answer = (request, response) => {
      if (request.url === '/held') {
        response.writeHead(206, { 'content-range': 'bytes 0-99/1000', 'content-length': 100 }).write('x');
      } else if (server.asked.length === 2) {
        response.writeHead(206, {
          'content-range': `bytes ${PIECE}-${2 * PIECE - 1}/${bytes.length}`,
          'content-length': PIECE,
        });
        response.write('half', () => response.destroy());
      } else {
        serve(request, response);
      }
    };
    const real = lab.client('http/1.1', server.origin);
    const call = real.client.download('/file', { pieceBytes: PIECE });
    await real.retry(call, 1000);
    assert.equal(Buffer.compare(Buffer.from((await call.answer).data), bytes), 0);
    assert.deepEqual([server.asked.length, server.cut], [4, 1]);
    const starts = server.headers.map((one) => one.range?.replace(/-.*/, ''));
    assert.deepEqual(starts, ['bytes=0', `bytes=${PIECE}`, `bytes=${PIECE}`, `bytes=${2 * PIECE}`]);
    let received = 0;
    const held = real.client.download('/held', { onProgress: (now) => (received = now) });
    await until('the first byte', () => received === 1);
    held.cancel();
    assert.equal((await real.failure(held.answer)).code, 'disposed');
    await until('the cut on the wire', () => server.cut === 2);
    real.assertIdle();
  });

  test('leave the wire to what is more urgent: the next piece waits while that runs, though slots are free', async () => {
    const bytes = fileOf(1, 4 * PIECE);
    const serve = ranged(() => ({ bytes, etag: '"1"' }));
    let finish: () => void = () => undefined;
    server.answer = (request, response) =>
      request.url === '/bulk' ? serve(request, response) : void (finish = (): void => json(response, 200, 1));
    const real = lab.client('http/1.1', server.origin, { scheduler: { bandwidthFloorBytes: 1024 } });
    const urgent = real.client.get('/urgent', { priority: lab.core.HttpPriority.High });
    await until('the urgent one', () => server.count('GET /urgent') === 1);
    const bulk = real.client.download('/bulk', { pieceBytes: PIECE });
    await until('the first piece', () => bulk.trace.attempts === 1);
    await until('the second one in the queue', () => real.client.stats().scheduler.queued === 1);
    assert.deepEqual([server.count('GET /bulk'), real.client.stats().scheduler.running], [1, 1]);
    // The window has moved on.
    await real.clock.advance(2500);
    await until('the second piece', () => bulk.trace.attempts === 2);
    await until('the third one in the queue', () => real.client.stats().scheduler.queued === 1);
    assert.equal(server.count('GET /bulk'), 2);
    finish();
    await urgent.answer;
    assert.equal(Buffer.compare(Buffer.from((await bulk.answer).data), bytes), 0);
    real.assertIdle();
  });
});

interface File {
  readonly bytes: Buffer;
  readonly etag: string;
}

describe('the cache', { timeout }, () => {
  test('answers without the wire while fresh, asks by the tag of the entity afterwards, and takes a 304', async () => {
    server.answer = (request, response) =>
      request.headers['if-none-match'] === '"1"'
        ? void response.writeHead(304, { etag: '"1"', 'cache-control': 'max-age=60' }).end()
        : json(response, 200, 'tea', { etag: '"1"', 'cache-control': 'max-age=60', date: '' });
    const real = lab.client('http/1.1', server.origin, {}, true);
    const ask = async (): Promise<string> => {
      const { data, fromCache } = await real.client.get<string>('/teas', { tags: ['teas'] }).answer;
      return `${data} ${fromCache} ${server.asked.length}`;
    };
    const seen = [await ask(), await ask()];
    await real.clock.advance(61_000);
    seen.push(await ask(), await ask());
    await real.client.invalidateTag('teas');
    seen.push(await ask());
    await real.client.clearCache();
    seen.push(await ask());
    assert.deepEqual(seen, [
      'tea wire 1',
      'tea fresh 1',
      'tea revalidated 2',
      'tea fresh 2',
      'tea wire 3',
      'tea wire 4',
    ]);
    assert.equal(server.headers[1]?.['if-none-match'], '"1"');
    assert.equal(server.headers[2]?.['if-none-match'], undefined);
    real.assertIdle();
  });

  test('is filled at low with what an answer links to, and the next call needs no wire', async () => {
    server.answer = (request, response) =>
      json(response, 200, request.url, {
        'cache-control': 'max-age=60',
        ...(request.url === '/page'
          ? { link: '</older>; rel=preload; as=fetch, <https://other.example/>; rel=preload' }
          : {}),
      });
    const real = lab.client('http/1.1', server.origin, {}, true);
    await real.client.get('/page').answer;
    await until('the preload', () => real.client.stats().done === 2);
    assert.deepEqual(server.asked, ['GET /page', 'GET /older']);
    assert.equal(server.headers[1]?.['priority'], 'u=6');
    const { data, fromCache } = await real.client.get<string>('/older').answer;
    assert.deepEqual([data, fromCache, server.asked.length], ['/older', lab.core.CacheSource.Fresh, 2]);
    real.assertIdle();
  });
});
