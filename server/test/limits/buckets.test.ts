import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SlidingWindows, TokenBuckets } from '../../src/limits/buckets';
import { FakeClock } from '../support/fake-clock';

function takeMany(limiter: { take(key: string): number }, key: string, count: number): number[] {
  return Array.from({ length: count }, () => limiter.take(key));
}

describe('TokenBuckets', () => {
  test('lets a whole burst pass and refuses the next one', () => {
    const buckets = new TokenBuckets(new FakeClock(), 20, 60);
    assert.deepEqual(takeMany(buckets, 'ann', 60), new Array(60).fill(0));
    assert.equal(buckets.take('ann'), 50);
  });

  test('lets one pass after exactly the time that it advised, and not before', () => {
    const clock = new FakeClock();
    const buckets = new TokenBuckets(clock, 20, 60);
    takeMany(buckets, 'ann', 60);
    clock.advance(49);
    assert.equal(buckets.take('ann'), 1);
    clock.advance(1);
    assert.equal(buckets.take('ann'), 0);
  });

  test('lets no more than the average pass in the long run', () => {
    const clock = new FakeClock();
    const buckets = new TokenBuckets(clock, 20, 60);
    let passed = 0;
    for (let tick = 0; tick < 1000; tick++) {
      passed += takeMany(buckets, 'ann', 5).filter((waitMs) => waitMs === 0).length;
      clock.advance(10);
    }
    assert.ok(passed <= 60 + 20 * 10, `${passed} passed in 10 s`);
    assert.ok(passed >= 20 * 10, `${passed} passed in 10 s`);
  });

  test('counts each key for itself', () => {
    const buckets = new TokenBuckets(new FakeClock(), 1, 1);
    buckets.take('ann');
    assert.equal(buckets.take('bo'), 0);
  });

  test('forgets keys that would be full again', () => {
    const clock = new FakeClock();
    const buckets = new TokenBuckets(clock, 1, 10);
    for (let i = 0; i < 100; i++) {
      buckets.take(`user ${i}`);
    }
    clock.advance(120_000);
    buckets.take('ann');
    assert.equal(buckets.size, 1);
  });

  test('does not forget a key that still has to wait', () => {
    const clock = new FakeClock();
    const buckets = new TokenBuckets(clock, 0.001, 1);
    buckets.take('ann');
    clock.advance(61_000);
    buckets.take('bo');
    assert.ok(buckets.take('ann') > 0);
  });
});

describe('SlidingWindows', () => {
  test('lets the limit pass in any window, not only in one that starts at a round time', () => {
    const clock = new FakeClock();
    const windows = new SlidingWindows(clock, 3, 60_000);
    windows.take('a');
    clock.advance(50_000);
    assert.deepEqual(takeMany(windows, 'a', 2), [0, 0]);
    assert.equal(windows.take('a'), 10_000);
    clock.advance(10_000);
    assert.equal(windows.take('a'), 0);
    assert.equal(windows.take('a'), 50_000);
  });

  test('does not count what it refused', () => {
    const clock = new FakeClock();
    const windows = new SlidingWindows(clock, 1, 1000);
    windows.take('a');
    clock.advance(999);
    assert.equal(windows.take('a'), 1);
    clock.advance(1);
    assert.equal(windows.take('a'), 0);
  });

  test('forgets keys whose window has passed', () => {
    const clock = new FakeClock();
    const windows = new SlidingWindows(clock, 5, 1000);
    takeMany(windows, 'a', 3);
    clock.advance(1000);
    windows.take('b');
    assert.equal(windows.size, 1);
  });
});
