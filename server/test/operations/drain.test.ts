import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { describe, test } from 'node:test';
import { FrameType } from '../../../common/core/src/main/ets/wire/Frames';
import { Passwords } from '../../src/auth/passwords';
import { PASSWORD } from '../support/api-client';
import { FakeClock } from '../support/fake-clock';
import type { SocketClient } from '../support/socket-client';
import { TestServer } from '../support/test-server';

async function opened(server: TestServer, count: number): Promise<SocketClient[]> {
  const person = await server.person('Drained');
  const clients: SocketClient[] = [];
  for (let index = 0; index < count; index++) {
    clients.push(await server.open(person));
  }
  return clients;
}

/** Checks a password only when the test lets it. */
class HeldPasswords extends Passwords {
  private onHeld: (() => void) | null = null;
  private gate: Promise<void> = Promise.resolve();

  /** From now on checks wait for `release`; `held` is fulfilled when the first one does. */
  hold(): { readonly held: Promise<void>; readonly release: () => void } {
    let release = (): void => undefined;
    this.gate = new Promise((resolve) => {
      release = resolve;
    });
    const held = new Promise<void>((resolve) => {
      this.onHeld = resolve;
    });
    return { held, release };
  }

  override async verify(known: string | null, password: string): Promise<boolean> {
    this.onHeld?.();
    await this.gate;
    return super.verify(known, password);
  }
}

/** How a WebSocket's handshake is answered that is not taken in. */
async function upgradeStatus(server: TestServer): Promise<number> {
  const headers = {
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    'Sec-WebSocket-Protocol': 'parley.v1',
  };
  const request = get(server.socketUrl.replace('ws:', 'http:'), { headers, agent: false });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.resume();
  await once(response, 'close');
  return response.statusCode ?? 0;
}

describe('a server that is told to end', () => {
  test('is not ready from then on, serves on for DRAIN_DELAY_MS, and says bye only then', async () => {
    const clock = new FakeClock();
    const server = await TestServer.start({ clock, settings: { drainDelayMs: 5000 } });
    const person = await server.person('Ann');
    const client = await server.open(person);
    const room = await person.api.createRoom('Delayed');
    const closing = server.stop();
    assert.equal((await server.api.call('GET', '/readyz')).status, 503);
    assert.equal((await server.api.call('GET', '/healthz')).status, 200);
    const late = await server.open(person);
    assert.equal((await late.answer(late.say(room.roomId, 'c_00000001', 'still here?'))).type, FrameType.MessageAck);
    clock.advance(4999);
    await late.fence();
    assert.deepEqual([client.all(FrameType.Bye), late.all(FrameType.Bye)], [[], []]);
    clock.advance(1);
    assert.deepEqual(await Promise.all([client.closed(), late.closed()]), [1012, 1012]);
    await closing;
  });

  test('lets connections go in groups over DRAIN_SPREAD_MS, each with another time to come back', async () => {
    const clock = new FakeClock();
    const server = await TestServer.start({ clock, settings: { drainSpreadMs: 1000 } });
    const clients = await opened(server, 8);
    const closing = server.stop();
    for (let group = 0; group < 4; group++) {
      const leaving = clients.slice(2 * group, 2 * group + 2);
      assert.deepEqual(await Promise.all(leaving.map((client) => client.closed())), [1012, 1012]);
      const staying = clients.slice(2 * group + 2);
      await Promise.all(staying.map((client) => client.fence()));
      assert.ok(staying.every((client) => client.all(FrameType.Bye).length === 0));
      if (group < 3) {
        clock.advance(250);
      }
    }
    await closing;
    const advice = clients.map((client) => client.all(FrameType.Bye).map((frame) => frame.payload.retryAfterMs));
    assert.deepEqual(advice, [[1000], [1125], [1000], [1125], [1000], [1125], [1000], [1125]]);
    assert.equal(clock.timerCount, 0);
  });

  test('answers what those who stay ask for meanwhile, and takes no newcomers in', async () => {
    const clock = new FakeClock();
    const server = await TestServer.start({ clock, settings: { drainSpreadMs: 500 } });
    const [first, last] = (await opened(server, 2)) as [SocketClient, SocketClient];
    const person = await server.person('Staying');
    const staying = await server.open(person);
    const room = await person.api.createRoom('Between');
    const closing = server.stop();
    await Promise.all([first.closed(), last.closed()]);
    assert.equal(await upgradeStatus(server), 503);
    assert.equal((await server.api.call('GET', '/v1/sse')).status, 503);
    const poll = await server.api.call('POST', '/v1/poll');
    assert.deepEqual([poll.status, poll.headers.get('retry-after')], [503, '1']);
    const ack = await staying.answer(staying.say(room.roomId, 'c_00000001', 'one more'));
    assert.equal(ack.type, FrameType.MessageAck);
    const id = staying.say(room.roomId, 'c_00000002', 'and the last');
    await staying.answer(id);
    clock.advance(250);
    assert.equal(await staying.closed(), 1012);
    assert.equal(staying.frames.at(-1)?.type, FrameType.Bye);
    await closing;
  });

  test('answers requests that are under way', async () => {
    const passwords = new HeldPasswords({ memoryKiB: 8, passes: 1 });
    const server = await TestServer.start({ ports: { passwords } });
    const person = await server.person('Late');
    const { held, release } = passwords.hold();
    const body = JSON.stringify({ userName: person.userName, password: PASSWORD });
    const reply = server.api.call('POST', '/v1/auth/sign-in', body);
    await held;
    const client = await server.open(person);
    const closing = server.stop();
    assert.equal(await client.closed(), 1012);
    release();
    assert.equal((await reply).status, 200);
    await closing;
  });

  test('answers what a connection asked for before its bye', async () => {
    const server = await TestServer.start();
    const person = await server.person('Quick');
    const client = await server.open(person);
    const room = await person.api.createRoom('Quick');
    const ids = Array.from({ length: 40 }, (_, index) => client.say(room.roomId, `c_quick_${index}`, 'text'));
    await client.answer(ids[0] ?? 0);
    await server.stop();
    assert.equal(await client.closed(), 1012);
    const acks = client.all(FrameType.MessageAck);
    const refused = client.all(FrameType.Error);
    assert.equal(client.frames.at(-1)?.type, FrameType.Bye);
    assert.ok(acks.length >= 1);
    // Whatever was looked at was answered, in order; what came after the bye was not looked at.
    const answered = [...acks, ...refused].map((frame) => frame.re).sort((a, b) => a - b);
    assert.deepEqual(answered, ids.slice(0, answered.length));
  });

  test('waits 3 s for clients that do not answer its close, and no longer', async () => {
    const server = await TestServer.start();
    const person = await server.person('Mute');
    const client = await server.open(person);
    client.stopReading();
    const sinceMs = performance.now();
    await server.stop();
    assert.ok(performance.now() - sinceMs < 20_000, 'ws itself waits 30 s');
    client.startReading();
    await client.closed();
  });
});
