import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { TestServer } from '../support/test-server';
import { Bystanders } from './bystanders';

interface Row {
  readonly what: string;
  /** Bytes as they are; `TOKEN` is Eve's, `OTHER` Ann's. */
  readonly request: string;
  /** The status of the first answer, and whether a second one would be one too many. */
  readonly status: number;
}

const GET = 'GET /v1/rooms HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer TOKEN\r\n';
const POST = 'POST /v1/auth/sign-in HTTP/1.1\r\nHost: x\r\n';
const UPGRADE =
  'GET /v1/ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n';
const KEY = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
/** Behind each doubtful request: were it read as a request of its own, it would be answered too. */
const SMUGGLED = 'GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';

const SMUGGLING: readonly Row[] = [
  ['two ways to say how long', `${POST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
  ['two lengths', `${POST}Content-Length: 2\r\nContent-Length: 70\r\n\r\n{}`, 400],
  ['a length of two numbers', `${POST}Content-Length: 2, 2\r\n\r\n{}`, 400],
  ['a length with a sign', `${POST}Content-Length: +2\r\n\r\n{}`, 400],
  ['a length below 0', `${POST}Content-Length: -1\r\n\r\n`, 400],
  ['a length beyond all', `${POST}Content-Length: 99999999999999999999\r\n\r\n`, 400],
  ['an encoding behind chunked', `${POST}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`, 400],
  ['two encodings', `${POST}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n`, 400],
  ['a chunk whose length is none', `${POST}Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n`, 400],
  ['a chunk without an end of its line', `${POST}Transfer-Encoding: chunked\r\n\r\n2\r\n{}0\r\n\r\n`, 400],
  ['a space before the colon', `${POST}Content-Length : 2\r\n\r\n{}`, 400],
  ['a folded header', `${POST}X: a\r\n b\r\n\r\n`, 400],
  ['a header without a colon', `${POST}X\r\n\r\n`, 400],
  ['NUL in a header', `${POST}X: a\0b\r\n\r\n`, 400],
  ['no host', 'GET /healthz HTTP/1.1\r\n\r\n', 400],
  ['a version that is none', 'GET /healthz HTTP/9.9\r\nHost: x\r\n\r\n', 400],
  ['a method that is none', 'EVIL /healthz HTTP/1.1\r\nHost: x\r\n\r\n', 400],
  ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
].map(([what, request, status]) => ({ what, request, status }) as Row);

const DOUBLE: readonly Row[] = [
  ['two tokens', `${GET}Authorization: Bearer OTHER\r\n\r\n`, 400],
  ['two hosts', `${GET}Host: y\r\n\r\n`, 400],
  ['two origins', `${GET}Origin: http://localhost\r\nOrigin: http://evil.example\r\n\r\n`, 400],
  [
    'two lines',
    'POST /v1/send HTTP/1.1\r\nHost: x\r\nParley-Line: l_1\r\nParley-Line: l_2\r\nContent-Length: 0\r\n\r\n',
    400,
  ],
  ['two origins of an upgrade', `${UPGRADE}${KEY}Origin: http://localhost\r\nOrigin: http://evil.example\r\n\r\n`, 400],
  ['two keys of an upgrade', `${UPGRADE}${KEY}${KEY}\r\n`, 400],
  ['a head above 16 KiB', `${GET}X: ${'x'.repeat(17_000)}\r\n\r\n`, 431],
  ['headers without an end', `${GET}${'X-Long-Name: yyyyyyyyyyyy\r\n'.repeat(1000)}\r\n`, 431],
  ['an upgrade without a key', `${UPGRADE}\r\n`, 400],
  [
    'an upgrade to another protocol',
    'GET /v1/ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n',
    400,
  ],
  ['an upgrade of an origin that is not let in', `${UPGRADE}${KEY}Origin: http://evil.example\r\n\r\n`, 403],
  ['an upgrade where nothing is', UPGRADE.replace('/v1/ws', '/v1/../etc') + `${KEY}\r\n`, 404],
  ['Socket.IO without a WebSocket', 'GET /v1/socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: x\r\n\r\n', 404],
].map(([what, request, status]) => ({ what, request, status }) as Row);

describe('hostile bytes on a socket', () => {
  let server: TestServer;
  let people: Bystanders;

  before(async () => {
    const httpLimits = { headersTimeoutMs: 3000, requestTimeoutMs: 5000, checkIntervalMs: 100 };
    server = await TestServer.start({ ports: { httpLimits } });
    people = await Bystanders.of(server);
  });
  after(async () => {
    await people.leave();
    await server.stop();
  });

  function open(): Socket {
    const { hostname, port } = new URL(server.baseUrl);
    const socket = connect({ port: Number(port), host: hostname });
    socket.on('error', () => undefined); // The server may cut it while it is written.
    return socket;
  }

  /** Everything that comes until the server closes. */
  async function allOf(socket: Socket): Promise<string> {
    const parts: Buffer[] = [];
    socket.on('data', (part: Buffer) => parts.push(part));
    await new Promise((resolve) => socket.once('close', resolve));
    return Buffer.concat(parts).toString('latin1');
  }

  function statusesIn(answer: string): number[] {
    return [...answer.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status]) => Number(status));
  }

  SMUGGLING.forEach(({ what, request, status }) => {
    test(`${what}: ${status}, and nothing behind it is a request`, async () => {
      const socket = open();
      socket.write(request + SMUGGLED, 'latin1');
      const answer = await allOf(socket);
      assert.deepEqual(statusesIn(answer), [status]);
      assert.match(answer, /"code":"bad_f(rame|ield)"/);
      people.leakedNothingInto(answer);
      await people.areUndisturbed();
    });
  });

  DOUBLE.forEach(({ what, request, status }) => {
    test(`${what}: ${status}`, async () => {
      const socket = open();
      const { eve, ann } = people;
      socket.end(request.replace('TOKEN', eve.tokens.accessToken).replace('OTHER', ann.tokens.accessToken), 'latin1');
      const answer = await allOf(socket);
      assert.equal(statusesIn(answer)[0], status, answer);
      people.leakedNothingInto(answer);
      await people.areUndisturbed();
    });
  });

  const slow: [what: string, start: string, then: string, statuses: number[]][] = [
    ['a head that never ends', 'GET /healthz HTTP/1.1\r\nHost: x\r\n', 'X: y\r\n', [408]],
    ['a first line that never ends', 'GET /', 'x', [408]],
    ['a body that never ends', `${POST}Content-Length: 60000\r\n\r\n`, 'x', [408]],
    ['chunks that never end', `${POST}Transfer-Encoding: chunked\r\n\r\n`, '1\r\nx\r\n', [408]],
    [
      'a post over a line that never ends',
      'POST /v1/send HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n',
      'x',
      [408],
    ],
    ['nothing at all', '', '', [408]],
  ];
  test('what comes drop by drop and never ends is cut off with 408, all of it at once', async () => {
    const outcomes = slow.map(async ([what, start, then, statuses]) => {
      const socket = open();
      socket.write(start);
      const drops = setInterval(() => socket.write(then), 100);
      const answer = await allOf(socket);
      clearInterval(drops);
      assert.deepEqual(statusesIn(answer), statuses, what);
      people.leakedNothingInto(answer);
    });
    const sinceMs = performance.now();
    await Promise.all([...outcomes, people.areUndisturbed()]);
    assert.ok(performance.now() - sinceMs < 20_000, 'they are looked for more often than Node does by itself');
    await people.areUndisturbed();
  });

  test('a WebSocket that never says hello is closed with 4408', async (t) => {
    const impatient = await TestServer.start({ ports: { limits: { helloTimeoutMs: 200 } } });
    t.after(() => impatient.stop());
    const client = await impatient.connect();
    assert.equal(await client.closed(), 4408);
  });

  test('connections beyond the limit of the process are closed at once, and who goes makes room', async (t) => {
    const small = await TestServer.start({ ports: { httpLimits: { maxConnections: 2 } } });
    t.after(() => small.stop());
    const { hostname, port } = new URL(small.baseUrl);
    const enter = (): Socket => connect({ port: Number(port), host: hostname }).on('error', () => undefined);
    const inside = [enter(), enter()];
    await Promise.all(inside.map((socket) => once(socket, 'connect')));
    assert.equal(await allOf(enter()), '');
    inside[0]?.destroy();
    let answer = '';
    for (let looks = 0; answer === '' && looks < 200; looks++) {
      const socket = enter();
      socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
      answer = await allOf(socket);
    }
    assert.deepEqual(statusesIn(answer), [200]);
    inside[1]?.destroy();
  });

  test('who sends nonsense and then keeps its end open is cut off all the same', async (t) => {
    const small = await TestServer.start({ ports: { httpLimits: { maxConnections: 1 } } });
    t.after(() => small.stop());
    const { hostname, port } = new URL(small.baseUrl);
    const where = { port: Number(port), host: hostname };
    const half = connect({ ...where, allowHalfOpen: true }).on('error', () => undefined);
    half.write('nonsense\r\n\r\n');
    await once(half.resume(), 'end');
    let answer = '';
    for (let looks = 0; answer === '' && looks < 200; looks++) {
      const socket = connect(where).on('error', () => undefined);
      socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
      answer = await allOf(socket);
    }
    half.destroy();
    assert.deepEqual(statusesIn(answer), [200]);
  });

  test('a request that breaks off half way is forgotten', async () => {
    for (const half of ['GET', `${GET}`, `${POST}Content-Length: 100\r\n\r\n{"user`, `${UPGRADE}${KEY}`]) {
      const socket = open();
      await new Promise<void>((resolve) => {
        socket.write(half, () => resolve());
      });
      socket.destroy();
      await people.areUndisturbed();
    }
  });

  test('five hundred connections that say nothing disturb nobody', async () => {
    const idle = Array.from({ length: 500 }, open);
    await Promise.all(idle.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
    await people.areUndisturbed();
    await Promise.all(idle.map(allOf));
    await people.areUndisturbed();
  });
});
