import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { makeTempDir } from '../support/temp-dir';
import { type Person, TestServer } from '../support/test-server';

/** On every answer that helmet sees. */
const COMMON = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'SAMEORIGIN',
  'x-dns-prefetch-control': 'off',
  'x-download-options': 'noopen',
  'x-permitted-cross-domain-policies': 'none',
  'x-xss-protection': '0',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
};
const API_POLICY = "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'";
const PAGE_POLICY =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; " +
  "font-src 'self' data:; connect-src http: https: ws: wss:; frame-src 'self'; frame-ancestors 'self'; object-src 'none'; " +
  "base-uri 'none'; form-action 'self'";

async function rawAnswer(baseUrl: string, request: string): Promise<string> {
  const { hostname, port } = new URL(baseUrl);
  const socket = connect(Number(port), hostname);
  const parts: Buffer[] = [];
  socket.on('data', (part: Buffer) => parts.push(part));
  socket.write(request);
  await new Promise((resolve) => socket.once('close', resolve));
  return Buffer.concat(parts).toString('latin1');
}

describe('security headers', () => {
  const pages = makeTempDir();
  let server: TestServer;
  let ann: Person;

  before(async () => {
    writeFileSync(join(pages.path, 'index.html'), '<!doctype html><title>Parley</title>');
    server = await TestServer.start({ settings: { staticDir: pages.path } });
    ann = await server.person('ann');
  });
  after(async () => {
    await server.stop();
    pages.remove();
  });

  async function headersOf(method: string, path: string, headers: Record<string, string> = {}): Promise<Headers> {
    const stop = new AbortController();
    const response = await fetch(`${server.baseUrl}${path}`, { method, headers, signal: stop.signal });
    stop.abort();
    return response.headers;
  }

  const asked: [what: string, method: string, path: string, policy: string][] = [
    ['an answer of the API', 'GET', '/v1/rooms', API_POLICY],
    ['a refusal', 'POST', '/v1/auth/sign-in', API_POLICY],
    ['a path where nothing is', 'GET', '/v1/nothing', API_POLICY],
    ['a path outside where nothing is', 'GET', '/nothing', API_POLICY],
    ['a stream', 'GET', '/v1/sse', API_POLICY],
    ['a poll', 'POST', '/v1/poll', API_POLICY],
    ['a preflight', 'OPTIONS', '/v1/rooms', API_POLICY],
    ['the health', 'GET', '/healthz', API_POLICY],
    ['a page', 'GET', '/', PAGE_POLICY],
    ['a page that is not there', 'GET', '/missing.html', API_POLICY],
  ];
  asked.forEach(([what, method, path, policy]) => {
    test(`are on ${what}`, async () => {
      const headers = await headersOf(method, path, { authorization: `Bearer ${ann.tokens.accessToken}` });
      assert.equal(headers.get('content-security-policy'), policy);
      Object.entries(COMMON).forEach(([name, value]) => assert.equal(headers.get(name), value, name));
      assert.equal(
        headers.get('strict-transport-security'),
        null,
        'without TLS it would be ignored, or lock people out',
      );
      assert.equal(headers.get('x-powered-by'), null);
      assert.equal(headers.get('server'), null);
    });
  });

  const broken: [what: string, request: string, status: string][] = [
    ['a malformed path', 'GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', '400'],
    ['what is no HTTP', 'HELO\r\n\r\n', '400'],
    ['a head that is too large', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, '431'],
    [
      'an upgrade where nothing is',
      'GET /no HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
      '404',
    ],
  ];
  broken.forEach(([what, request, status]) => {
    test(`are on the answer to ${what}`, async () => {
      const answer = await rawAnswer(server.baseUrl, request);
      assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `));
      assert.match(answer, /^x-content-type-options: nosniff\r$/im);
      assert.match(answer, /^referrer-policy: no-referrer\r$/im);
      assert.match(answer, /^content-security-policy: default-src 'none'\r$/im);
      assert.match(answer, /^cache-control: no-store\r$/im);
    });
  });

  test('ask for TLS where the operator says that there is some', async (t) => {
    const secure = await TestServer.start({ settings: { hstsMaxAgeS: 31_536_000 } });
    t.after(() => secure.stop());
    const reply = await secure.api.call('GET', '/healthz');
    assert.equal(reply.headers.get('strict-transport-security'), 'max-age=31536000');
  });
});
