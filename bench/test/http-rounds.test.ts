import assert from 'node:assert/strict';
import { test } from 'node:test';
import { costUs } from '../src/http/cpu/run';
import { CRITICAL_TAKES_MS, lowTakesMs } from '../src/http/critical/plan';
import { isValid, rowOf } from '../src/http/critical/run';
import { askedBy, bodyOf, isItem, noteAnswer, pathOf } from '../src/http/items';
import { DeliveryLog, type DeliveryReport, isEachOnce } from '../src/lib/delivery';

const CLEAN: DeliveryReport = { expected: 10, delivered: 10, lost: 0, doubled: 0, reordered: 0, invented: 0 };
const LOAD = { cpuUs: 1000, loopUtilisation: 0.3 };
const FAULTS = ['lost', 'doubled', 'invented'] as const;

test('a path tells the server what was asked for, and a strange one tells nothing', () => {
  assert.deepEqual(askedBy(pathOf(123, 4)), { id: 123, takesMs: 4 });
  assert.deepEqual(askedBy(pathOf(0)), { id: 0, takesMs: 0 });
  for (const path of ['/', '/messages/1', '/messages/x/0', '/messages/1/0/2', '/messages/1/0?a=b']) {
    assert.equal(askedBy(path), null, path);
  }
});

test('only the parsed body of the item that was asked for is an answer', () => {
  const data: unknown = JSON.parse(bodyOf(7));
  assert.equal(isItem(7, data), true);
  assert.equal(isItem(8, data), false);
  for (const other of [null, undefined, '', bodyOf(7), {}, { seq: 7 }, { ...(data as object), text: 'short' }]) {
    assert.equal(isItem(7, other), false, JSON.stringify(other));
  }
});

test('an answer to another question is noted as invented, and its own as lost', () => {
  const log = new DeliveryLog(3);
  const items = { from: 10, count: 3 };
  noteAnswer(log, items, 10, JSON.parse(bodyOf(10)), 0);
  noteAnswer(log, items, 11, JSON.parse(bodyOf(12)), 0);
  noteAnswer(log, items, 12, JSON.parse(bodyOf(12)), 0);
  assert.deepEqual(log.report(), { expected: 3, delivered: 2, lost: 1, doubled: 0, reordered: 0, invented: 1 });
});

test('answers in another order are as good, any other fault is one', () => {
  assert.equal(isEachOnce({ ...CLEAN, reordered: 5 }), true);
  for (const fault of FAULTS) {
    assert.equal(isEachOnce({ ...CLEAN, [fault]: 1 }), false, fault);
  }
});

test('a round has a cost only where each item was asked for once and answered once', () => {
  const server = { asked: CLEAN, connections: 0 };
  assert.equal(costUs({ load: LOAD, answered: CLEAN, server }), 100);
  for (const fault of FAULTS) {
    const broken = { ...CLEAN, [fault]: 1 };
    assert.ok(Number.isNaN(costUs({ load: LOAD, answered: broken, server })), `answered: ${fault}`);
    assert.ok(
      Number.isNaN(costUs({ load: LOAD, answered: CLEAN, server: { ...server, asked: broken } })),
      `asked: ${fault}`,
    );
  }
});

test('slots get free out of step, and an urgent request takes what a low one takes on average', () => {
  const takes = Array.from({ length: 5000 }, (_, id) => lowTakesMs(id));
  for (const ms of [2, 3, 4, 5, 6]) {
    assert.ok(takes.filter((one) => one === ms).length > 800, `${ms} ms`);
  }
  const mean = takes.reduce((total, ms) => total + ms, 0) / takes.length;
  assert.ok(Math.abs(mean - CRITICAL_TAKES_MS) < 0.1, String(mean));
  assert.ok(takes.some((ms, id) => ms !== takes[id + 5]));
});

test('percentiles are of the merged samples of the rounds that count', () => {
  const round = { criticals: CLEAN, lows: CLEAN, lowPerSecond: 1000, load: LOAD };
  const good = { ...round, latenciesMs: [1, 2, 3] };
  const other = { ...round, latenciesMs: [9], lowPerSecond: 500 };
  const busy = { ...round, latenciesMs: [50], load: { ...LOAD, loopUtilisation: 0.95 } };
  const lossy = { ...round, latenciesMs: [70], lows: { ...CLEAN, lost: 1 } };
  const twice = { ...round, latenciesMs: [80], criticals: { ...CLEAN, doubled: 1 } };
  assert.deepEqual([good, other, busy, lossy, twice].map(isValid), [true, true, false, false, false]);
  const row = rowOf('x', 2000, false, [good, other, busy, lossy, twice]);
  assert.deepEqual(row.latencyMs, { count: 4, p50: 2, p95: 9, p99: 9, max: 9 });
  assert.deepEqual([row.rounds, row.invalidRounds, row.lowPerSecond], [5, 3, 750]);
});
