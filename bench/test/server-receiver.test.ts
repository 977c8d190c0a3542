import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Receiver, RoomRound } from '../src/server/receiver';
import { ackedIn } from '../src/server/durable/acks';
import { indexIn, textOf } from '../src/server/texts';

const ROUND = new RoomRound(3, 7, 4);

function receive(...payloads: string[]): { receiver: Receiver; taken: number; areTexts: boolean[] } {
  const result = { taken: 0, areTexts: [] as boolean[] };
  const receiver = new Receiver(() => result.taken++);
  receiver.begin(ROUND);
  for (const payload of payloads) {
    const bytes = Buffer.from(`<${payload}>`);
    result.areTexts.push(receiver.take(bytes, 1, bytes.length - 1, 5));
  }
  return { receiver, ...result };
}

function frame(index: number, round = 3, room = 7): string {
  return JSON.stringify({ type: 'message', text: textOf(round, room, index) });
}

const CLEAN = { expected: 4, delivered: 4, lost: 0, doubled: 0, reordered: 0, invented: 0 };

test('every text has 100 bytes and tells round, room and number', () => {
  for (const [round, room, index] of [
    [0, 0, 0],
    [12, 199, 4321],
  ] as const) {
    assert.equal(Buffer.byteLength(textOf(round, room, index)), 100);
    assert.equal(indexIn(`{"text":"${textOf(round, room, index)}"}`, round, room), index);
    assert.equal(indexIn(textOf(round, room, index), round + 1, room), -1);
    assert.equal(indexIn(textOf(round, room, index), round, room + 1), -1);
  }
  assert.equal(indexIn(textOf(1, 1, 1).replace('biscuits', 'brisbits'), 1, 1), -1);
  assert.equal(indexIn('{"type":"pong"}', 1, 1), null);
});

test('each message in its turn, one or many in a frame, makes a clean report', () => {
  assert.deepEqual(receive(frame(0), frame(1), frame(2), frame(3)).receiver.report(), CLEAN);
  const batched = receive(`[${frame(0)},${frame(1)},${frame(2)}]`, frame(3));
  assert.deepEqual([batched.receiver.report(), batched.taken], [CLEAN, 4]);
});

test('what holds no message is left to the one who speaks', () => {
  assert.deepEqual(receive('2', `{"type":"presence.changed","payload":"${'x'.repeat(300)}"}`, frame(0)).areTexts, [
    false,
    false,
    true,
  ]);
});

test('lost, doubled, reordered and invented messages are told apart', () => {
  assert.deepEqual(receive(frame(0), frame(2), frame(3)).receiver.report(), { ...CLEAN, delivered: 3, lost: 1 });
  const doubled = receive(frame(0), frame(0), frame(1), frame(2), frame(3));
  assert.deepEqual([doubled.receiver.report(), doubled.taken], [{ ...CLEAN, doubled: 1 }, 4]);
  assert.deepEqual(receive(frame(1), frame(0), frame(2), frame(3)).receiver.report(), { ...CLEAN, reordered: 1 });
  for (const stray of [frame(4), frame(1, 2), frame(1, 3, 8), frame(1).replace('washes', 'wishes')]) {
    const { receiver } = receive(frame(0), stray, frame(1), frame(2), frame(3));
    assert.deepEqual(receiver.report(), { ...CLEAN, invented: 1 }, stray);
  }
});

test('a message is looked for in its own payload, not behind it', () => {
  const receiver = new Receiver(() => undefined);
  receiver.begin(ROUND);
  const bytes = Buffer.from(`{"type":"pong"}${frame(0)}`);
  assert.equal(receiver.take(bytes, 0, 15, 5), false);
  assert.equal(receiver.report().delivered, 0);
});

test('an ack tells what it acknowledges, and nothing else is one', () => {
  const acked = (text: string): number => ackedIn(Buffer.from(`..${text}`), 2, 2 + Buffer.byteLength(text));
  assert.equal(acked('{"type":"message.ack","re":41,"payload":{"roomId":"r_1"}}'), 41);
  assert.equal(acked('{"type":"message.ack","re":7}'), 7);
  assert.equal(
    acked('{"type":"room.event","re":0,"payload":{"text":"{\\"type\\":\\"message.ack\\",\\"re\\":1}"}}'),
    -1,
  );
  assert.equal(acked('{"type":"error","re":9}'), -1);
});
