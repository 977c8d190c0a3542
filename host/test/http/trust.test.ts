import assert from 'node:assert/strict';
import net from 'node:net';
import { describe, test } from 'node:test';
import type { HttpResponse } from '../../src/node/load-core.js';
import { PortBench, type PortName, SHORT_MS, type Failure, type Wanted } from './asking.js';
import { makeCertificates, useCertificates } from './certificate.js';
import type { Wire } from './wire-server.js';

/** A hang must fail the test, not stop the run; less than the patience of a request. */
const HANG_MS = 60_000;

const certificates = useCertificates();

for (const name of ['KitHttp', 'AxiosHttp'] as const) {
  for (const wire of ['http/1.1 over TLS', 'h2'] as const) {
    describe(`HttpPort contract: whom ${name} trusts on ${wire}`, { timeout: HANG_MS }, () => contract(name, wire));
  }
}

function contract(name: PortName, wire: Wire): void {
  const bench = new PortBench(name, wire, certificates);
  const ask = (wanted: Wanted): Promise<HttpResponse> => bench.ask(wanted);
  const failure = (wanted: Wanted): Promise<Failure> => bench.failure(wanted);

  test('a server that never shakes hands runs into connectTimeoutMs', async () => {
    const sockets = new Set<net.Socket>();
    const silent = net.createServer((socket) => sockets.add(socket.on('error', () => undefined)));
    await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
    try {
      const url = `https://127.0.0.1:${(silent.address() as net.AddressInfo).port}/`;
      assert.equal((await failure({ path: '', url, connectTimeoutMs: SHORT_MS })).code, 'timeout');
    } finally {
      sockets.forEach((socket) => socket.destroy());
      await new Promise((done) => silent.close(done));
    }
  });

  test('a server of an unknown authority is refused for good, before it sees a request', async () => {
    const seen = bench.server.asked;
    assert.deepEqual(await failure({ path: '/echo', tls: {} }), { code: 'network', isRetryable: false });
    const missing = `${certificates.caPath}.nothing`;
    assert.deepEqual(await failure({ path: '/echo', tls: { caPath: missing } }), {
      code: 'network',
      isRetryable: false,
    });
    assert.equal(bench.server.asked, seen);
  });

  test('of the pins one must be the key of the server, or they are bad input', async () => {
    const other = makeCertificates().pin;
    const seen = bench.server.asked;
    if (!bench.port.capabilities.canPin) {
      assert.equal(
        (await failure({ path: '/echo', tls: { caPath: certificates.caPath, pins: [certificates.pin] } })).code,
        'badInput',
      );
      assert.equal(bench.server.asked, seen);
      return;
    }
    assert.deepEqual(await failure({ path: '/echo', tls: { caPath: certificates.caPath, pins: [other] } }), {
      code: 'network',
      isRetryable: false,
    });
    assert.equal(bench.server.asked, seen);
    assert.equal(
      (await ask({ path: '/echo', tls: { caPath: certificates.caPath, pins: [other, certificates.pin] } })).status,
      200,
    );
    // A gap of KitHttp: the keys further up the chain do not count.
    assert.equal(
      (await failure({ path: '/echo', tls: { caPath: certificates.caPath, pins: [certificates.caPin] } })).code,
      'network',
    );
  });
}
