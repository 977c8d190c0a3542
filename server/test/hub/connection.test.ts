import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ClientFrameResult } from '../../../common/core/src/main/ets/wire/ClientFrames';
import { Connection, type ConnectionHandler } from '../../src/hub/connection';
import { DEFAULT_HUB_LIMITS } from '../../src/hub/limits';
import { FakeClock } from '../support/fake-clock';
import { FakeFrameSocket } from '../support/fake-frame-socket';

const HEARTBEAT_MS = 25_000;
const MIB = 1024 * 1024;

class Recorder implements ConnectionHandler {
  /** The ids of the frames that were handled; 0 for what is no frame. */
  readonly ids: number[] = [];
  readonly closes: number[] = [];
  /** What each frame is answered with. */
  reply = Buffer.alloc(0);

  onFrame(connection: Connection, result: ClientFrameResult): undefined {
    this.ids.push(result.id);
    if (this.reply.length > 0) {
      connection.answer(this.reply);
    }
  }

  onClosed(_connection: Connection, code: number): void {
    this.closes.push(code);
  }
}

function makeConnection(): {
  clock: FakeClock;
  socket: FakeFrameSocket;
  handler: Recorder;
  connection: Connection;
} {
  const clock = new FakeClock();
  const socket = new FakeFrameSocket();
  const handler = new Recorder();
  const parts = { socket, clock, limits: DEFAULT_HUB_LIMITS, heartbeatMs: HEARTBEAT_MS, handler };
  return { clock, socket, handler, connection: new Connection('k_1', parts) };
}

function open(connection: Connection, clock: FakeClock): void {
  const identity = { userId: 'u', userName: 'Ann', sessionId: 's', accessExpiresAtMs: clock.nowMs() + 3_600_000 };
  connection.identify(identity);
  connection.open(identity);
}

function ping(id: number): string {
  return `{"type":"ping","id":${id},"payload":{"sentAtMs":1}}`;
}

function batch(...ids: number[]): string {
  return `[${ids.map(ping).join()}]`;
}

/** Lets everything that waits for promises run. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('Connection: time', () => {
  test('closes with 4408 when no hello came in 10 s', () => {
    const { clock, socket, handler } = makeConnection();
    clock.advance(9999);
    assert.equal(socket.closeCode, null);
    clock.advance(1);
    assert.equal(socket.closeCode, 4408);
    assert.deepEqual(handler.closes, [4408]);
  });

  test('closes with 4408 after twice the heartbeat without a word, counted from the last one', () => {
    const { clock, socket, connection } = makeConnection();
    open(connection, clock);
    clock.advance(40_000);
    connection.receive('anything');
    clock.advance(49_999);
    assert.equal(socket.closeCode, null);
    clock.advance(1);
    assert.equal(socket.closeCode, 4408);
  });

  test('closes with 4402 at the moment when the token expires', () => {
    const { clock, socket, connection } = makeConnection();
    open(connection, clock);
    for (let i = 0; i < 359; i++) {
      clock.advance(10_000);
      connection.receive('still here');
    }
    clock.advance(9_999);
    assert.equal(socket.closeCode, null);
    clock.advance(1);
    assert.equal(socket.closeCode, 4402);
  });

  test('lives on past its first token when a newer one was shown, and ends with that', () => {
    const { clock, socket, connection } = makeConnection();
    open(connection, clock);
    const expiresAtMs = clock.nowMs() + 5_400_000;
    connection.renew({ userId: 'u', userName: 'Ann', sessionId: 's', accessExpiresAtMs: expiresAtMs });
    while (clock.nowMs() < expiresAtMs - 10_000) {
      clock.advance(10_000);
      connection.receive('still here');
    }
    clock.advance(9_999);
    assert.equal(socket.closeCode, null);
    clock.advance(1);
    assert.equal(socket.closeCode, 4402);
  });

  test('leaves no timer behind when it closes, and closes once', () => {
    const { clock, handler, connection } = makeConnection();
    open(connection, clock);
    connection.closed(1006, '');
    connection.closed(1006, '');
    assert.equal(clock.timerCount, 0);
    assert.deepEqual(handler.closes, [1006]);
  });
});

describe('Connection: output', () => {
  test('closes with 4413 before unread output passes 1 MiB', () => {
    const { clock, socket, connection } = makeConnection();
    open(connection, clock);
    const frame = Buffer.alloc(1000, 0x20);
    for (let i = 0; i < 2000; i++) {
      connection.push(frame);
    }
    assert.equal(socket.closeCode, 4413);
    assert.ok(socket.unreadBytes <= MIB, `${socket.unreadBytes} unread bytes`);
    assert.ok(socket.unreadBytes > MIB - 1000, `${socket.unreadBytes} unread bytes`);
  });

  test('lives on however much it sends while the other side reads', () => {
    const { clock, socket, connection } = makeConnection();
    open(connection, clock);
    for (let i = 0; i < 20; i++) {
      connection.push(Buffer.alloc(MIB / 2));
      socket.readAll();
    }
    assert.equal(socket.closeCode, null);
  });

  test('is not closed for an answer that was asked for, though it is larger than the limit', () => {
    const { clock, socket, connection } = makeConnection();
    open(connection, clock);
    connection.answer(Buffer.alloc(3 * MIB));
    connection.push(Buffer.alloc(1000));
    assert.equal(socket.closeCode, null);
  });

  test('pushes nothing before welcome', () => {
    const { socket, connection } = makeConnection();
    connection.push(Buffer.alloc(10));
    assert.equal(socket.sent.length, 0);
  });
});

describe('Connection: input', () => {
  test('looks at no further command while answers pile up, and goes on when they were read', async () => {
    const { clock, socket, handler, connection } = makeConnection();
    open(connection, clock);
    handler.reply = Buffer.alloc(200 * 1024);
    for (let i = 1; i <= 10; i++) {
      connection.receive(ping(i));
    }
    await settle();
    assert.deepEqual(handler.ids, [1, 2]);
    for (let i = 0; i < 10; i++) {
      socket.readAll();
      await settle();
    }
    assert.deepEqual(handler.ids, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  test('stops reading when 32 commands wait, and starts again when they were handled', async () => {
    const { clock, socket, handler, connection } = makeConnection();
    open(connection, clock);
    handler.reply = Buffer.alloc(300 * 1024);
    for (let i = 0; i < 33; i++) {
      connection.receive(ping(i));
    }
    assert.equal(socket.isPaused, true);
    handler.reply = Buffer.alloc(0);
    socket.readAll();
    await settle();
    assert.equal(socket.isPaused, false);
    assert.equal(handler.ids.length, 33);
  });

  test('handles 300 commands at once and the rest at 100 a second', async () => {
    const { clock, handler, connection } = makeConnection();
    open(connection, clock);
    for (let i = 0; i < 320; i++) {
      connection.receive(ping(i));
    }
    await settle();
    assert.equal(handler.ids.length, 300);
    for (let i = 0; i < 10; i++) {
      clock.advance(10);
      await settle();
    }
    assert.equal(handler.ids.length, 310);
  });

  test('counts each frame of a batch as a command, and keeps their order with what follows', async () => {
    const { clock, handler, connection } = makeConnection();
    open(connection, clock);
    const ids = Array.from({ length: 310 }, (_, index) => index + 1);
    for (let at = 0; at < ids.length; at += 62) {
      connection.receive(batch(...ids.slice(at, at + 62)));
    }
    connection.receive(ping(311));
    await settle();
    assert.equal(handler.ids.length, 300);
    for (let i = 0; i < 11; i++) {
      clock.advance(10);
      await settle();
    }
    assert.deepEqual(handler.ids, [...ids, 311]);
  });

  test('hands on what is wrong in a batch beside what is right', () => {
    const { clock, handler, connection } = makeConnection();
    open(connection, clock);
    connection.receive(`[${ping(1)},7,{"id":5},${ping(2)}]`);
    assert.deepEqual(handler.ids, [1, 0, 5, 2]);
  });

  test('drops what waits when it closes', async () => {
    const { clock, socket, handler, connection } = makeConnection();
    open(connection, clock);
    handler.reply = Buffer.alloc(300 * 1024);
    connection.receive(batch(1, 2));
    connection.receive(ping(3));
    connection.close(1012, 'restart');
    socket.readAll();
    await settle();
    assert.deepEqual(handler.ids, [1]);
  });
});
