import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { loadCore, loadPlatform, type Core, type Platform } from '../host/src/node/load-core';
import { makeTransport, TRANSPORT_NAMES, until, type TransportName } from '../host/test/transports/real-bench';
import type { Phone } from './support/phone';
import { meet, useWorld } from './support/world';

/** What only that transport asks the server for. */
const PATHS: Readonly<Record<TransportName, string>> = {
  websocket: '/v1/ws',
  sse: '/v1/sse',
  'long-polling': '/v1/poll',
  'socket.io': '/v1/socket.io/',
};
const TEXT = 'Grüße, 你好 🍵 "quoted" \\ end';
const PINGS = 50;

const world = useWorld();
let people = 0;

/** Paths of the realtime lines that the page opens from now on. */
function watchLines(phone: Phone): Set<string> {
  const seen = new Set<string>();
  const note = (url: string): void => {
    const { pathname } = new URL(url);
    const known = Object.values(PATHS).find((path) => pathname === path);
    if (known !== undefined) {
      seen.add(known);
    }
  };
  phone.page.on('request', (request) => note(request.url()));
  phone.page.on('websocket', (socket) => note(socket.url()));
  return seen;
}

for (const transport of TRANSPORT_NAMES) {
  test(`two people talk in the browser, one of them over ${transport}`, async () => {
    const ann = await world.phone({ transport });
    const lines = watchLines(ann);
    const bo = await world.phone();
    people++;
    await meet(`Room ${people}`, [ann, `Ann${people}`], [bo, `Bo${people}`]);
    await ann.send(TEXT);
    await bo.text(TEXT).waitFor();
    await bo.send(`back ${TEXT}`);
    await ann.text(`back ${TEXT}`).waitFor();
    assert.deepEqual([...lines], [PATHS[transport]]);
  });
}

describe('from Node, over the adapters of the app', { timeout: 120_000 }, () => {
  let core: Core;
  let platform: Platform;
  before(async () => {
    core = await loadCore();
    platform = await loadPlatform();
  });

  async function accessToken(): Promise<string> {
    const answer = await fetch(`${world.server.origin}/v1/auth/sign-up`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ userName: `Node${++people}`, password: 'correct horse' }),
    });
    assert.equal(answer.ok, true, await answer.clone().text());
    return ((await answer.json()) as { accessToken: string }).accessToken;
  }

  for (const name of TRANSPORT_NAMES) {
    test(`${name} greets the server, and pings come back in order`, async () => {
      const listener = new core.ContractListener();
      const transport = makeTransport(name, core, platform);
      const line = transport.open(`${world.server.origin.replace('http', 'ws')}/v1/ws`, ['parley.v1'], listener);
      listener.isTooEarly = false;
      await until('open', () => listener.has('open'));
      const token = await accessToken();
      line.send(JSON.stringify({ type: 'hello', id: 1, payload: { token, client: 'test' } }));
      await until('the welcome', () => listener.events.some((event) => event.includes('"type":"welcome"')));
      for (let i = 1; i <= PINGS; i++) {
        line.send(JSON.stringify({ type: 'ping', id: 1 + i, payload: { sentAtMs: i } }));
      }
      const pongs = (): number[] =>
        listener.events
          .filter((event) => event.startsWith('text '))
          .flatMap((event): unknown[] => [JSON.parse(event.slice('text '.length))].flat())
          .flatMap((frame) => {
            const { type, payload } = frame as { type: string; payload: { sentAtMs: number } };
            return type === 'pong' ? [payload.sentAtMs] : [];
          });
      await until('every pong', () => pongs().length >= PINGS);
      assert.deepEqual(
        pongs(),
        Array.from({ length: PINGS }, (_, i) => i + 1),
      );
      await until('nothing buffered', () => line.bufferedBytes() === 0);
      line.close(1000, '');
    });

    test(`${name} brings the close code of the server`, async () => {
      const listener = new core.ContractListener();
      const transport = makeTransport(name, core, platform);
      const line = transport.open(`${world.server.origin.replace('http', 'ws')}/v1/ws`, ['parley.v1'], listener);
      await until('open', () => listener.has('open'));
      line.send(JSON.stringify({ type: 'hello', id: 1, payload: { token: 'no.such.token', client: 'test' } }));
      await until('the close', () => listener.closes().length > 0);
      assert.match(listener.closes()[0] ?? '', /^close 4401/);
      assert.equal(listener.closes().length, 1);
    });
  }
});
