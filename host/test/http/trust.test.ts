import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { HttpPort, HttpResponse } from '../../src/node/load-core.js';
import { loadCore, loadPlatform, type Core, type Platform } from '../../src/node/load-core.js';
import { asked, failureOf, SHORT_MS, type Failure, type Wanted } from './asking.js';
import { makeCertificates } from './certificate.js';
import { WireServer, type Wire } from './wire-server.js';

/** A hang must fail the test, not stop the run; less than the patience of a request. */
const HANG_MS = 60_000;

const certificates = makeCertificates();
const folder = mkdtempSync(path.join(tmpdir(), 'parley-trust-'));
const caPath = path.join(folder, 'ca.pem');
writeFileSync(caPath, certificates.caPem);
after(() => rmSync(folder, { recursive: true, force: true }));

let core: Core;
let platform: Platform;
before(async () => {
  core = await loadCore();
  platform = await loadPlatform();
});

for (const name of ['KitHttp', 'AxiosHttp'] as const) {
  for (const wire of ['http/1.1 over TLS', 'h2'] as const) {
    describe(`HttpPort contract: whom ${name} trusts on ${wire}`, { timeout: HANG_MS }, () => contract(name, wire));
  }
}

function contract(name: 'KitHttp' | 'AxiosHttp', wire: Wire): void {
  let server: WireServer;
  let port: HttpPort;
  before(async () => {
    port = new platform[name]();
    server = await WireServer.start(wire, certificates);
  });
  after(() => server.close());

  const ask = (wanted: Wanted): Promise<HttpResponse> => asked(core, port, server, caPath, wanted);
  const failure = (wanted: Wanted): Promise<Failure> => failureOf(core, ask(wanted));

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
    const seen = server.asked;
    assert.deepEqual(await failure({ path: '/echo', tls: {} }), { code: 'network', isRetryable: false });
    const missing = path.join(folder, 'nothing.pem');
    assert.deepEqual(await failure({ path: '/echo', tls: { caPath: missing } }), {
      code: 'network',
      isRetryable: false,
    });
    assert.equal(server.asked, seen);
  });

  test('of the pins one must be the key of the server, or they are bad input', async () => {
    const other = makeCertificates().pin;
    const seen = server.asked;
    if (!port.capabilities.canPin) {
      assert.equal((await failure({ path: '/echo', tls: { caPath, pins: [certificates.pin] } })).code, 'badInput');
      assert.equal(server.asked, seen);
      return;
    }
    assert.deepEqual(await failure({ path: '/echo', tls: { caPath, pins: [other] } }), {
      code: 'network',
      isRetryable: false,
    });
    assert.equal(server.asked, seen);
    assert.equal((await ask({ path: '/echo', tls: { caPath, pins: [other, certificates.pin] } })).status, 200);
    // A gap of KitHttp: the keys further up the chain do not count.
    assert.equal((await failure({ path: '/echo', tls: { caPath, pins: [certificates.caPin] } })).code, 'network');
  });
}
