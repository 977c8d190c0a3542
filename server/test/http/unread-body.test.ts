import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, test } from 'node:test';
import { MAX_FILE_BYTES } from '../../../common/core/src/main/ets/wire/Limits';
import { FakeClock } from '../support/fake-clock';
import { uploaded, uploadKey } from '../support/file-api';
import { type Person, TestServer } from '../support/test-server';

const PATIENCE_MS = 5000;
/** More looks than a busy machine needs; each is a request, which gives the server time. */
const MAX_LOOKS = 5000;

interface Stage {
  readonly clock: FakeClock;
  readonly server: TestServer;
  readonly ann: Person;
  readonly roomId: string;
}

async function stage(): Promise<Stage> {
  const clock = new FakeClock();
  const server = await TestServer.start({ clock });
  const ann = await server.person('ann');
  return { clock, server, ann, roomId: (await ann.api.createRoom('Unread')).roomId };
}

/** Says how long its file is, sends one byte of it, and has its answer: the rest is still to come. */
async function answeredEarly({ server, ann, roomId }: Stage, key: string, length: number): Promise<Socket> {
  const { hostname, port } = new URL(server.baseUrl);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  socket.write(
    `POST /v1/rooms/${roomId}/files HTTP/1.1\r\nHost: ${hostname}\r\n` +
      `Authorization: Bearer ${ann.tokens.accessToken}\r\nIdempotency-Key: ${key}\r\n` +
      `Content-Length: ${length}\r\n\r\nx`,
  );
  const [answer] = (await once(socket, 'data')) as [Buffer];
  assert.match(answer.toString(), /^HTTP\/1\.1 (413|201) /);
  return socket;
}

const refusedEarly = (on: Stage): Promise<Socket> => answeredEarly(on, uploadKey(), MAX_FILE_BYTES + 1);

async function untilTimers({ clock, server }: Stage, count: number): Promise<void> {
  for (let looks = 0; clock.timerCount !== count; looks++) {
    assert.ok(looks < MAX_LOOKS, `expected ${count} timers, got ${clock.timerCount}`);
    await server.api.call('GET', '/healthz');
  }
}

describe('a sender whose file was answered before its end', () => {
  test('is cut off after 5 s, not before', async () => {
    const on = await stage();
    const socket = await refusedEarly(on);
    const closed = once(socket, 'close');
    on.clock.advance(PATIENCE_MS - 1);
    await on.server.api.call('GET', '/healthz');
    assert.equal(socket.closed, false);
    on.clock.advance(1);
    await closed;
    await on.server.stop();
  });

  test('leaves no timer behind when it goes', async () => {
    const on = await stage();
    const before = on.clock.timerCount;
    const socket = await refusedEarly(on);
    assert.equal(on.clock.timerCount, before + 1);
    socket.destroy();
    await untilTimers(on, before);
    await on.server.stop();
  });

  test('leaves no timer behind when the rest came, and its connection serves on', async () => {
    const on = await stage();
    const before = on.clock.timerCount;
    const key = uploadKey();
    await uploaded(on.ann.api, on.roomId, 'xyz', { 'idempotency-key': key });
    const socket = await answeredEarly(on, key, 3);
    assert.equal(on.clock.timerCount, before + 1);
    socket.write('yzGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    assert.match(answer.toString(), /^HTTP\/1\.1 200 /);
    assert.equal(on.clock.timerCount, before);
    socket.destroy();
    await on.server.stop();
  });

  test('leaves no timer behind when the server stops', async () => {
    const on = await stage();
    const closed = once(await refusedEarly(on), 'close');
    await on.server.stop();
    await closed;
    assert.equal(on.clock.timerCount, 0);
  });
});
