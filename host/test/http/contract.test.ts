import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { HttpMethod, HttpResponse } from '../../src/node/load-core.js';
import { until } from '../transports/real-bench.js';
import { PortBench, type PortName, SHORT_MS, type Failure, type Wanted } from './asking.js';
import { useCertificates } from './certificate.js';
import { WIRES, WireServer, type Wire } from './wire-server.js';

/** A hang must fail the test, not stop the run. */
const HANG_MS = 180_000;
const MIB = 1024 * 1024;

const certificates = useCertificates();

for (const name of ['KitHttp', 'AxiosHttp'] as const) {
  for (const wire of WIRES) {
    describe(`HttpPort contract: ${name} on ${wire}`, { timeout: HANG_MS }, () => contract(name, wire));
  }
}

function contract(name: PortName, wire: Wire): void {
  const bench = new PortBench(name, wire, certificates);
  const ask = (wanted: Wanted): Promise<HttpResponse> => bench.ask(wanted);
  const failure = (wanted: Wanted): Promise<Failure> => bench.failure(wanted);

  const isKit = name === 'KitHttp';

  test('every method that it has reaches the server, and those that it has not are bad input', async () => {
    const { Get, Head, Options, Post, Put, Patch, Delete } = bench.core.HttpMethod;
    const known: HttpMethod[] = isKit ? [Get, Head, Options, Post, Put, Delete] : [Get, Post, Put, Delete];
    for (const method of known) {
      assert.equal((await ask({ path: '/echo', method })).headers.get('x-method'), method);
    }
    assert.equal(bench.port.capabilities.canPatch, false);
    const seen = bench.server.asked;
    for (const method of [Head, Options, Patch].filter((one) => !known.includes(one))) {
      assert.equal((await failure({ path: '/echo', method })).code, 'badInput');
    }
    // The platform would put it into the query.
    assert.equal((await failure({ path: '/echo', method: Delete, body: 'x' })).code, 'badInput');
    assert.equal(bench.server.asked, seen);
  });

  test('text goes and comes as UTF-8, under its own content type', async () => {
    const text = 'žluťoučký 🐎';
    const answer = await ask({ path: '/echo', method: bench.core.HttpMethod.Post, body: text });
    assert.equal(answer.body, text);
    assert.equal(answer.bytes, undefined);
    assert.equal(answer.headers.get('content-type'), 'text/plain;charset=UTF-8');
    const headers = new Map([['Content-Type', 'application/json']]);
    const json = await ask({ path: '/echo', method: bench.core.HttpMethod.Put, body: '{}', headers });
    assert.equal(json.headers.get('content-type'), 'application/json');
  });

  test('bytes go and come unchanged, every value of them, and as many as a 10 MiB file has', async () => {
    const all = Uint8Array.from({ length: 512 }, (_, at) => at % 256);
    // A period that no buffer size is a multiple of.
    const large = new Uint8Array(Buffer.alloc(10 * MIB, all.subarray(0, 251)));
    for (const bytes of [all, large]) {
      const answer = await ask({
        path: '/echo',
        method: bench.core.HttpMethod.Post,
        body: bytes.slice().buffer,
        bodyType: bench.core.HttpBodyType.Binary,
        maxResponseBytes: 10 * MIB,
      });
      assert.equal(answer.body, '');
      assert.equal(answer.headers.get('content-type'), 'application/octet-stream');
      assert.equal(Buffer.compare(Buffer.from(answer.bytes ?? new ArrayBuffer(0)), bytes), 0);
    }
  });

  test('an answer without a body is an empty one', async () => {
    for (const status of [204, 304]) {
      const text = await ask({ path: `/status/${status}` });
      assert.deepEqual([text.status, text.body], [status, '']);
      const binary = await ask({ path: `/status/${status}`, bodyType: bench.core.HttpBodyType.Binary });
      assert.deepEqual([binary.status, binary.bytes?.byteLength], [status, 0]);
    }
  });

  test('any status is an answer, a page of a proxy too', async () => {
    const answer = await ask({ path: '/html' });
    assert.deepEqual([answer.status, answer.body], [502, '<h1>Bad gateway</h1>']);
    assert.equal(answer.headers.get('content-type'), 'text/html');
  });

  test('header names are in lower case, cookies one text, and the status line is none of them', async () => {
    const { headers } = await ask({ path: '/headers' });
    assert.equal(headers.get('x-mixed-case'), 'Kept');
    assert.equal(headers.get('set-cookie'), 'a=1, b=2');
    // A gap of both: of other headers the platform keeps the last.
    assert.equal(headers.get('x-twice'), 'last');
    assert.deepEqual(
      [...headers.keys()].filter((one) => one !== one.toLowerCase() || one.startsWith('http/')),
      [],
    );
  });

  test('request headers go unchanged, priority too', async () => {
    await ask({
      path: '/echo',
      headers: new Map([
        ['Priority', 'u=2, i'],
        ['X-Own', 'Kept'],
      ]),
    });
    assert.equal(bench.server.lastHeaders['priority'], 'u=2, i');
    assert.equal(bench.server.lastHeaders['x-own'], 'Kept');
  });

  test('a header that would break the request is bad input, and the next request works', async () => {
    const seen = bench.server.asked;
    for (const [header, value] of [
      ['x-split', 'a\r\nx-more: b'],
      ['x split', 'a'],
    ] as const) {
      assert.equal((await failure({ path: '/echo', headers: new Map([[header, value]]) })).code, 'badInput');
    }
    assert.equal(bench.server.asked, seen);
    assert.equal((await ask({ path: '/echo' })).status, 200);
  });

  test('the protocol and the time of each step are told, none for a connection that was there', async () => {
    const fresh = await WireServer.start(wire, certificates);
    try {
      const first = await ask({ path: '', url: `${fresh.origin}/echo` });
      const second = await ask({ path: '', url: `${fresh.origin}/echo` });
      assert.equal(first.protocol, wire === 'h2' ? bench.core.HttpProtocol.Http2 : bench.core.HttpProtocol.Http1);
      assert.ok(first.timing !== undefined && second.timing !== undefined);
      assert.ok(first.timing.connectMs > 0);
      assert.equal(first.timing.tlsMs > 0, wire !== 'http/1.1');
      assert.ok(first.timing.firstByteMs > 0);
      const { dnsMs, connectMs, tlsMs } = second.timing;
      assert.deepEqual([dnsMs, connectMs, tlsMs], [0, 0, 0]);
      assert.equal(fresh.connections, 1);
      // A gap of KitHttp: an answer with progress comes without the time of its steps.
      const streamed = await ask({ path: '', url: `${fresh.origin}/echo`, observer: { onReceived: () => undefined } });
      assert.equal(streamed.timing === undefined, isKit);
      assert.equal(streamed.protocol, first.protocol);
    } finally {
      await fresh.close();
    }
  });

  test('redirects are followed, which no adapter can refuse; only the first head is told', async () => {
    const heads: string[] = [];
    const observer = {
      onHeaders: (_: number, headers: Map<string, string>) => void heads.push([...headers.keys()].join()),
    };
    const answer = await ask({ path: '/redirect/302', observer });
    assert.deepEqual([answer.status, answer.headers.get('x-method')], [200, 'GET']);
    assert.equal(heads.length, isKit ? 1 : 0);
    assert.ok(heads.every((names) => names.includes('x-hop')));
    const { Post } = bench.core.HttpMethod;
    assert.equal((await ask({ path: '/redirect/307', method: Post, body: 'kept' })).body, 'kept');
    assert.deepEqual(await failure({ path: '/circle' }), { code: 'network', isRetryable: false });
  });

  test('a reset before the answer is a network failure, and the next request works', async () => {
    assert.deepEqual(await failure({ path: '/reset', method: bench.core.HttpMethod.Post }), {
      code: 'network',
      isRetryable: true,
    });
    assert.equal((await ask({ path: '/echo' })).status, 200);
  });

  test('half an answer is a network failure, never a short answer', async () => {
    for (const bodyType of [bench.core.HttpBodyType.Text, bench.core.HttpBodyType.Binary]) {
      assert.deepEqual(await failure({ path: '/half', bodyType }), { code: 'network', isRetryable: true });
    }
  });

  test('bytes beyond the announced length reach neither this answer nor the next', async (t) => {
    if (wire === 'h2') {
      t.diagnostic('HTTP/2 frames its bodies: there is nothing beyond');
      return;
    }
    const answer = await ask({ path: '/excess' }).catch(() => null);
    assert.equal(answer?.body ?? 'whole', 'whole');
    assert.equal((await ask({ path: '/echo', method: bench.core.HttpMethod.Post, body: 'next' })).body, 'next');
  });

  test('an answer that drips runs into the time-out of the whole, on the wire too', async () => {
    // So that the connection is there, and the request leaves at once.
    await ask({ path: '/echo' });
    const { asked: seen, cut } = bench.server;
    assert.deepEqual(await failure({ path: '/drip', timeoutMs: SHORT_MS }), { code: 'timeout', isRetryable: true });
    await until('the cut on the wire', () => bench.server.asked === seen + 1 && bench.server.cut === cut + 1);
  });

  test('no answer at all runs into the time-out', async () => {
    await ask({ path: '/echo' });
    const held = bench.server.heldCount;
    assert.equal((await failure({ path: '/hold', timeoutMs: SHORT_MS })).code, 'timeout');
    await until('the request', () => bench.server.heldCount > held);
    bench.server.release();
  });

  test('a body of exactly maxResponseBytes comes, one byte more is too large and final', async () => {
    for (const bodyType of [bench.core.HttpBodyType.Text, bench.core.HttpBodyType.Binary]) {
      const maxResponseBytes = 6 * MIB;
      assert.equal((await ask({ path: `/bytes/${6 * MIB}`, bodyType, maxResponseBytes })).status, 200);
      assert.deepEqual(await failure({ path: `/bytes/${6 * MIB + 1}`, bodyType, maxResponseBytes }), {
        code: 'tooLarge',
        isRetryable: false,
      });
    }
    // The platform's own limit.
    assert.equal((await failure({ path: `/bytes/${6 * MIB}` })).code, 'tooLarge');
  });

  test('of 300 MB little crosses the wire when 1 MiB is wanted', async () => {
    bench.server.crossed = -1;
    assert.equal((await failure({ path: '/large', maxResponseBytes: MIB })).code, 'tooLarge');
    await until('the cut on the wire', () => bench.server.crossed >= 0);
    // What the buffers of both kernels and the windows of HTTP/2 hold, with room.
    assert.ok(bench.server.crossed < 40 * MIB, `expected less than 40 MiB, got ${bench.server.crossed} bytes`);
  });

  test('a cancelled request rejects at once, and is cut on the wire where that is promised', async () => {
    const { cut, whole } = bench.server;
    const held = bench.server.heldCount;
    const cancel = new bench.core.CancelToken();
    const failed = failure({ path: '/hold', cancel });
    await until('the request', () => bench.server.heldCount > held);
    cancel.cancel();
    assert.equal((await failed).code, 'disposed');
    if (bench.port.capabilities.cutsOnWire) {
      await until('the cut on the wire', () => bench.server.cut === cut + 1);
    }
    bench.server.release();
    if (!bench.port.capabilities.cutsOnWire) {
      // A gap of AxiosHttp: the answer still comes to its end, for nobody.
      await until('the end of the answer', () => bench.server.whole === whole + 1);
      assert.equal(bench.server.cut, cut);
    }
    const seen = bench.server.asked;
    assert.equal((await failure({ path: '/echo', cancel })).code, 'disposed');
    assert.equal((await ask({ path: '/status/200' })).status, 200);
    assert.equal(bench.server.asked, seen + 1);
  });

  test('the observer is told of the head, of what leaves and of what comes, where that is promised', async () => {
    const { tellsHeaders, tellsSent, tellsReceived } = bench.port.capabilities;
    const sent: number[] = [];
    const received: number[] = [];
    const heads: string[] = [];
    const answer = await ask({
      path: '/echo',
      method: bench.core.HttpMethod.Post,
      body: new ArrayBuffer(2 * MIB),
      bodyType: bench.core.HttpBodyType.Binary,
      maxResponseBytes: 4 * MIB,
      observer: {
        onHeaders: (status, headers) => void heads.push(`${status} ${headers.get('x-method')}`),
        onSent: (bytes, total) => void (total === 2 * MIB && sent.push(bytes)),
        onReceived: (bytes) => void received.push(bytes),
      },
    });
    assert.equal(answer.bytes?.byteLength, 2 * MIB);
    assert.deepEqual(heads, tellsHeaders ? ['200 POST'] : []);
    for (const [steps, isTold] of [
      [sent, tellsSent],
      [received, tellsReceived],
    ] as const) {
      assert.equal(steps.length > 1, isTold);
      assert.equal(steps.at(-1), isTold ? 2 * MIB : undefined);
      assert.deepEqual(
        [...steps],
        [...steps].sort((a, b) => a - b),
      );
    }
  });

  test('progress comes with the total where the server tells it, in text too, and the limit holds', async (t) => {
    if (!bench.port.capabilities.tellsReceived) {
      t.diagnostic('it tells no progress');
      return;
    }
    const totals = new Set<number>();
    const onReceived = (_bytes: number, total: number): void => void totals.add(total);
    const answer = await ask({ path: `/bytes/${MIB}`, observer: { onReceived } });
    assert.equal(answer.body.length, MIB);
    assert.deepEqual([...totals], [MIB]);
    const over = await failure({ path: '/large', maxResponseBytes: MIB, observer: { onReceived } });
    assert.equal(over.code, 'tooLarge');
    const cut = await failure({ path: '/half', observer: { onReceived } });
    assert.equal(cut.code, 'network');
  });

  test('an address, a scheme and a server that are not there have their own errors', async () => {
    assert.equal((await failure({ path: '', url: 'no address' })).code, 'badInput');
    assert.equal((await failure({ path: '', url: 'ftp://127.0.0.1/' })).code, 'badInput');
    assert.deepEqual(await failure({ path: '', url: 'http://127.0.0.1:1/' }), { code: 'network', isRetryable: true });
  });

  if (wire === 'http/1.1') {
    test('without a limit an answer in a stream has 100 MiB, and only KitHttp takes a higher limit', async () => {
      const { Binary: bodyType } = bench.core.HttpBodyType;
      const over = 100 * MIB + 1;
      const onReceived = (): void => undefined;
      assert.equal((await failure({ path: `/bytes/${over}`, bodyType, observer: { onReceived } })).code, 'tooLarge');
      const wanted = { path: `/bytes/${over}`, bodyType, maxResponseBytes: 200 * MIB };
      if (isKit) {
        assert.equal((await ask(wanted)).bytes?.byteLength, over);
      } else {
        assert.equal((await failure(wanted)).code, 'tooLarge');
      }
    });
  }

  if (wire === 'h2') {
    test('HTTP/1.1 is spoken where it is asked for, which AxiosHttp cannot', async () => {
      const answer = await ask({ path: '/echo', protocol: bench.core.HttpProtocol.Http1 });
      assert.equal(answer.protocol, isKit ? bench.core.HttpProtocol.Http1 : bench.core.HttpProtocol.Http2);
    });
  }
}
