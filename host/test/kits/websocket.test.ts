import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { startHarness, type Harness } from './harness.js';

/** An event that never comes must fail the test, not stop the run. */
const HANG_MS = 300_000;

let harness: Harness;
let page: Page;

before(async () => {
  harness = await startHarness({
    page: 'kits.ts',
    onSocket(socket, request) {
      socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
      if (request.url === '/bye') {
        socket.close(4001, 'token expired');
      } else if (request.url === '/protocol') {
        socket.send(socket.protocol);
      } else if (request.url === '/drop') {
        socket.terminate();
      }
    },
  });
  page = await harness.open(await harness.context());
});

after(() => harness.close());

describe('webSocket', { timeout: HANG_MS }, () => {
  test('connect resolves before open is seen', async () => {
    const seen = await page.evaluate(async (url) => {
      const order: string[] = [];
      const socket = kits.webSocket.createWebSocket();
      const opened = new Promise<void>((resolve) => {
        socket.on('open', () => {
          order.push('open');
          resolve();
        });
      });
      order.push(`connect ${await socket.connect(url)}`);
      const early = await kits.failureOf(() => socket.send('too early'));
      await opened;
      return { order, early: early?.code };
    }, harness.wsOrigin);
    assert.deepEqual(seen, { order: ['connect true', 'open'], early: 2302999 });
  });

  test('text and bytes arrive as what they were', async () => {
    const seen = await page.evaluate(async (url) => {
      const socket = kits.webSocket.createWebSocket();
      const got: unknown[] = [];
      const done = new Promise<void>((resolve) => {
        socket.on('message', (error, data) => {
          got.push(error, typeof data === 'string' ? data : [...new Uint8Array(data)]);
          if (got.length === 4) {
            resolve();
          }
        });
      });
      socket.on('open', () => {
        void socket.send('héllo');
        socket.send(new Uint8Array([1, 2, 255]).buffer, () => undefined);
      });
      await socket.connect(url);
      await done;
      return got;
    }, harness.wsOrigin);
    assert.deepEqual(seen, [undefined, 'héllo', undefined, [1, 2, 255]]);
  });

  test('the server sees the subprotocol', async () => {
    const seen = await page.evaluate(async (url) => {
      const socket = kits.webSocket.createWebSocket();
      const first = new Promise((resolve) => socket.on('message', (_error, data) => resolve(data)));
      await socket.connect(url, { protocol: 'parley.v1' });
      return await first;
    }, `${harness.wsOrigin}/protocol`);
    assert.equal(seen, 'parley.v1');
  });

  test('headerReceive tells the subprotocol before open, and an empty object where the server chose none', async () => {
    const seen = await page.evaluate(async (url) => {
      const tellOf = async (protocol: string): Promise<string[]> => {
        const events: string[] = [];
        const socket = kits.webSocket.createWebSocket();
        socket.on('headerReceive', (headers) => events.push(JSON.stringify(headers)));
        const opened = new Promise<void>((resolve) => {
          socket.on('open', () => {
            events.push('open');
            resolve();
          });
        });
        await socket.connect(url, { protocol });
        await opened;
        await socket.close();
        return events;
      };
      return [await tellOf('parley.v1.msgpack,parley.v1'), await tellOf('')];
    }, harness.wsOrigin);
    assert.deepEqual(seen, [
      ['{"sec-websocket-protocol":"parley.v1.msgpack"}', 'open'],
      ['{}', 'open'],
    ]);
  });

  test('close tells code and reason of the server, and a lost connection 1006', async () => {
    const seen = await page.evaluate(
      async (urls) => {
        const closes: unknown[] = [];
        for (const url of urls) {
          const socket = kits.webSocket.createWebSocket();
          const closed = new Promise((resolve) => socket.on('close', (_error, result) => resolve(result)));
          socket.on('error', (error) => closes.push(`unexpected error ${error.code}`));
          await socket.connect(url);
          closes.push(await closed);
        }
        return closes;
      },
      [`${harness.wsOrigin}/bye`, `${harness.wsOrigin}/drop`],
    );
    assert.deepEqual(seen, [
      { code: 4001, reason: 'token expired' },
      { code: 1006, reason: '' },
    ]);
  });

  test('a connection that cannot be made is one error and no close', async () => {
    const seen = await page.evaluate(async () => {
      const socket = kits.webSocket.createWebSocket();
      const events: string[] = [];
      socket.on('close', () => events.push('close'));
      const failed = new Promise<void>((resolve) => {
        socket.on('error', (error) => {
          events.push(`error ${error.code}`);
          resolve();
        });
      });
      const connected = await socket.connect('ws://127.0.0.1:1');
      await failed;
      await new Promise((resolve) => setTimeout(resolve));
      return { connected, events };
    });
    assert.deepEqual(seen, { connected: true, events: ['error 200'] });
  });

  test('close before open ends with close, not with error', async () => {
    const seen = await page.evaluate(async (url) => {
      const socket = kits.webSocket.createWebSocket();
      const events: string[] = [];
      socket.on('open', () => events.push('open'));
      socket.on('error', () => events.push('error'));
      const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
      await socket.connect(url);
      await socket.close({ code: 1000 });
      await closed;
      return events;
    }, harness.wsOrigin);
    assert.deepEqual(seen, []);
  });

  test('one object connects once, also after close', async () => {
    const seen = await page.evaluate(async (url) => {
      const socket = kits.webSocket.createWebSocket();
      await socket.connect(url);
      const second = await kits.failureOf(() => socket.connect(url));
      await socket.close();
      const third = await kits.failureOf(() => socket.connect(url));
      return [second?.code, third?.code];
    }, harness.wsOrigin);
    assert.deepEqual(seen, [2302003, 2302003]);
  });

  test('an address over 1024 characters or of another scheme is a url error', async () => {
    const seen = await page.evaluate(async (origin) => {
      const longest = `${origin}/`.padEnd(1024, 'a');
      const codes: unknown[] = [];
      for (const url of [longest, `${longest}a`, 'http://127.0.0.1', 'nonsense']) {
        codes.push((await kits.failureOf(() => kits.webSocket.createWebSocket().connect(url)))?.code);
      }
      return codes;
    }, harness.wsOrigin);
    assert.deepEqual(seen, [undefined, 2302001, 2302001, 2302001]);
  });

  test('a header that a browser cannot send is refused by name', async () => {
    const failure = await page.evaluate(
      (url) => kits.failureOf(() => kits.webSocket.createWebSocket().connect(url, { header: { Authorization: 'x' } })),
      harness.wsOrigin,
    );
    assert.equal(failure?.name, 'HostError');
    assert.match(failure?.message ?? '', /Authorization/);
  });

  test('sends at most 5 MiB less 16 bytes', async () => {
    const seen = await page.evaluate(async (url) => {
      const socket = kits.webSocket.createWebSocket();
      const opened = new Promise((resolve) => socket.on('open', resolve));
      await socket.connect(url);
      await opened;
      const limit = 5 * 1024 * 1024 - 16;
      const atLimit = await kits.failureOf(() => socket.send('a'.repeat(limit)));
      const over = await kits.failureOf(() => socket.send('ä'.repeat(limit / 2 + 1)));
      await socket.close();
      return [atLimit, over?.code];
    }, harness.wsOrigin);
    assert.deepEqual(seen, [null, 401]);
  });

  test('a member that the host lacks is named', async () => {
    const failure = await page.evaluate(() =>
      kits.failureOf(() => (kits.connection as unknown as Record<string, () => void>)['getAllNetsSync']?.()),
    );
    assert.deepEqual(failure?.message, 'connection.getAllNetsSync is not implemented by the host');
  });
});
