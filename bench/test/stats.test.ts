import assert from 'node:assert/strict';
import { test } from 'node:test';
import { medianOf, medianRatioOf, percentileOf, summarise } from '../src/lib/stats';

/** 1 to 200, shuffled by a step that visits each number once. */
const SAMPLES = Array.from({ length: 200 }, (_, i) => ((i * 77) % 200) + 1);

test('a percentile is the least sample that the given share does not exceed', () => {
  assert.deepEqual(summarise(SAMPLES), { count: 200, p50: 100, p95: 190, p99: 198, max: 200 });
});

test('the p99 of a hundred samples is the second highest, and of ninety-nine the highest', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => i + 1);
  assert.equal(percentileOf(hundred, 0.99), 99);
  assert.equal(percentileOf(hundred.slice(0, 99), 0.99), 99);
});

test('one sample that never came is the maximum, and the p99 of few', () => {
  const { p50, p99, max } = summarise([5, Infinity, 4, 6]);
  assert.deepEqual([p50, p99, max], [5, Infinity, Infinity]);
});

test('samples are ordered as numbers, and the caller keeps his order', () => {
  const samples = [10, 9, 100];
  assert.equal(summarise(samples).max, 100);
  assert.deepEqual(samples, [10, 9, 100]);
});

test('no sample gives no figure', () => {
  assert.deepEqual(summarise([]), { count: 0, p50: NaN, p95: NaN, p99: NaN, max: NaN });
  assert.equal(medianOf([]), NaN);
});

test('a median of an even number of values lies between the two in the middle', () => {
  assert.equal(medianOf([9, 1, 5]), 5);
  assert.equal(medianOf([9, 1, 5, 6]), 5.5);
});

test('a median of ratios is of pairs, and a pair with a round that does not count is none', () => {
  assert.equal(medianRatioOf([2, 30, 4], [1, 10, 4]), 2);
  assert.equal(medianRatioOf([NaN, 30, 4, 9], [1, NaN, 4]), 1);
  assert.equal(medianRatioOf([NaN], [1]), NaN);
});
