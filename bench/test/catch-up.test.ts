import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catchUpOf } from '../src/lib/catch-up';

/** A message every 100 ms from 0 on. */
const SENT = Array.from({ length: 10 }, (_, i) => i * 100);
const OUTAGE = { cutAtMs: 250, restoredAtMs: 550 };

/** Everything 10 ms after it was sent, except what `late` says. */
function arrivals(late: Readonly<Record<number, number>>): number[] {
  return SENT.map((sentAtMs, index) => late[index] ?? sentAtMs + 10);
}

test('catch-up lasts from the return of the line to the last message owed', () => {
  const { catchUpMs, lateMs } = catchUpOf(SENT, arrivals({ 3: 700, 4: 701, 5: 740 }), [OUTAGE]);
  assert.deepEqual(catchUpMs, [190]);
  assert.deepEqual(lateMs, [400, 301, 240]);
});

test('what was sent after the return of the line is not owed, however late it comes', () => {
  assert.deepEqual(catchUpOf(SENT, arrivals({ 3: 600, 4: 600, 5: 600, 6: 5000 }), [OUTAGE]).catchUpMs, [50]);
});

test('what was on its way when the line was cut is owed', () => {
  const { catchUpMs, lateMs } = catchUpOf(SENT, arrivals({ 2: 900, 3: 600, 4: 600, 5: 600 }), [OUTAGE]);
  assert.deepEqual(catchUpMs, [350]);
  assert.deepEqual(lateMs, [300, 200, 100]);
});

test('an outage whose messages never came was never caught up', () => {
  const { catchUpMs, lateMs } = catchUpOf(SENT, arrivals({ 4: Infinity, 3: 600, 5: 600 }), [OUTAGE]);
  assert.deepEqual(catchUpMs, [Infinity]);
  assert.deepEqual(lateMs, [300, Infinity, 100]);
});

test('a message is owed to one outage only, the one in which it was missed', () => {
  const second = { cutAtMs: 650, restoredAtMs: 750 };
  const late = { 3: 800, 4: 800, 5: 800, 7: 770 };
  assert.deepEqual(catchUpOf(SENT, arrivals(late), [second, OUTAGE]).catchUpMs, [250, 20]);
});

test('an outage in which nothing was sent or under way has no catch-up', () => {
  assert.deepEqual(catchUpOf(SENT, arrivals({}), [{ cutAtMs: 220, restoredAtMs: 290 }]), { catchUpMs: [], lateMs: [] });
});

test('what still arrived while the line was cut was owed, and leaves nothing to catch up', () => {
  assert.deepEqual(catchUpOf(SENT, arrivals({ 2: 260 }), [{ cutAtMs: 250, restoredAtMs: 290 }]).catchUpMs, [0]);
});

test('a message of which no arrival is known never came', () => {
  assert.deepEqual(catchUpOf([300], [], [OUTAGE]), { catchUpMs: [Infinity], lateMs: [Infinity] });
});
