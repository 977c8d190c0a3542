import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addReports, DeliveryLog, type DeliveryReport, isExactlyOnce } from '../src/lib/delivery';

const CLEAN: DeliveryReport = { expected: 5, delivered: 5, lost: 0, doubled: 0, reordered: 0, invented: 0 };

/** What a receiver of five messages reports that saw `indices`. */
function reportOf(indices: readonly number[]): DeliveryReport {
  const log = new DeliveryLog(5);
  indices.forEach((index, i) => log.take(index, 1000 + i));
  return log.report();
}

test('messages that come once and in their turn leave nothing to report', () => {
  assert.deepEqual(reportOf([0, 1, 2, 3, 4]), CLEAN);
  assert.equal(isExactlyOnce(CLEAN), true);
});

test('a lost message is found in the middle and at the end', () => {
  for (const indices of [
    [0, 1, 3, 4],
    [0, 1, 2, 3],
  ]) {
    assert.deepEqual(reportOf(indices), { ...CLEAN, delivered: 4, lost: 1 });
  }
});

test('a doubled message is found, also where a loss makes the count add up', () => {
  assert.deepEqual(reportOf([0, 1, 1, 3, 4]), { ...CLEAN, delivered: 4, lost: 1, doubled: 1 });
  assert.deepEqual(reportOf([0, 1, 2, 3, 4, 0, 0]), { ...CLEAN, doubled: 2 });
});

test('a message after one with a higher number is reordered; a double of an older one is not', () => {
  assert.deepEqual(reportOf([0, 2, 1, 3, 4]), { ...CLEAN, reordered: 1 });
  assert.deepEqual(reportOf([4, 0, 1, 2, 3]), { ...CLEAN, reordered: 4 });
  assert.deepEqual(reportOf([0, 1, 2, 3, 4, 2]), { ...CLEAN, doubled: 1 });
});

test('a message that was never sent is invented, and none of the others', () => {
  for (const stranger of [5, -1, 0.5, NaN]) {
    assert.deepEqual(reportOf([0, 1, 2, stranger, 3, 4]), { ...CLEAN, invented: 1 });
  }
});

test('each single fault makes a run not exactly once', () => {
  for (const fault of ['lost', 'doubled', 'reordered', 'invented'] as const) {
    assert.equal(isExactlyOnce({ ...CLEAN, [fault]: 1 }), false, fault);
  }
});

test('the first arrival counts as the time of a message', () => {
  const log = new DeliveryLog(3);
  log.take(1, 50);
  log.take(1, 70);
  assert.deepEqual([...log.arrivedAtMs], [Infinity, 50, Infinity]);
});

test('reports of many receivers add up field by field', () => {
  const other = { expected: 10, delivered: 7, lost: 3, doubled: 2, reordered: 1, invented: 4 };
  assert.deepEqual(addReports([CLEAN, other, other]), {
    expected: 25,
    delivered: 19,
    lost: 6,
    doubled: 4,
    reordered: 2,
    invented: 8,
  });
});
