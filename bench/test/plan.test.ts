import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type ChaosPlan,
  indexOf,
  messageCount,
  outagesOf,
  roomCount,
  roomOf,
  textOf,
} from '../src/realtime/chaos/plan';
import { intendedAtMs } from '../src/lib/open-loop';

const PLAN: ChaosPlan = {
  clients: 250,
  clientsPerRoom: 100,
  disruption: { name: 'test', offMs: 1000, everyMs: 4000 },
  perSecond: 5,
  durationMs: 12_000,
  settleMs: 0,
};

test('outages have the length and the period of the plan, and end before the traffic does', () => {
  for (let client = 0; client < PLAN.clients; client++) {
    const outages = outagesOf(PLAN, client, 500);
    assert.ok(outages.length >= 2);
    outages.forEach(({ cutAtMs, restoredAtMs }, i) => {
      assert.equal(restoredAtMs - cutAtMs, 1000);
      assert.equal(cutAtMs - (outages[0]?.cutAtMs ?? NaN), i * 4000);
      assert.ok(cutAtMs >= 500 && restoredAtMs <= 12_500);
    });
  }
});

test('at any moment about a quarter of the lines is gone', () => {
  for (const atMs of [4000, 5300, 7900]) {
    const gone = Array.from({ length: PLAN.clients }, (_, client) => outagesOf(PLAN, client, 0)).filter((outages) =>
      outages.some(({ cutAtMs, restoredAtMs }) => cutAtMs <= atMs && atMs < restoredAtMs),
    ).length;
    assert.ok(Math.abs(gone - PLAN.clients / 4) <= 1, `${gone} at ${atMs}`);
  }
});

test('the last room takes the clients that are left', () => {
  assert.equal(roomCount(PLAN), 3);
  assert.deepEqual(
    [0, 99, 100, 249].map((client) => roomOf(PLAN, client)),
    [0, 0, 1, 2],
  );
  assert.equal(messageCount(PLAN), 60);
});

test('a text of 100 bytes tells its number, and a damaged one tells none', () => {
  for (const index of [0, 7, 12_345]) {
    assert.equal(Buffer.byteLength(textOf(index)), 100);
    assert.equal(indexOf(textOf(index)), index);
  }
  assert.equal(indexOf(textOf(7).replace('Tea', 'Sea')), -1);
  assert.equal(indexOf('no number'), -1);
});

test('messages of one burst share the intended time of its first', () => {
  const schedule = { startAtMs: 100, perSecond: 1000, burst: 5, count: 20 };
  assert.deepEqual(
    [0, 4, 5, 11].map((index) => intendedAtMs(schedule, index)),
    [100, 100, 105, 110],
  );
});
