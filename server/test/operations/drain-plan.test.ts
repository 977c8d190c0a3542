import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { planDrain, returnWindowMs } from '../../src/hub/drain-plan';

/** When each client is asked back, counted from the start of the drain. */
function returnsOf(connections: number, spreadMs: number): number[] {
  return planDrain(connections, spreadMs).map(({ atMs, retryAfterMs }) => atMs + retryAfterMs);
}

describe('planDrain', () => {
  test('lets a single client go at once and come back in a second', () => {
    assert.deepEqual(planDrain(1, 0), [{ atMs: 0, retryAfterMs: 1000 }]);
    assert.deepEqual(planDrain(0, 5000), []);
  });

  test('tells all at once without a spread, and each of them another time to come back', () => {
    const plan = planDrain(500, 0);
    assert.ok(plan.every(({ atMs }) => atMs === 0));
    assert.equal(new Set(plan.map(({ retryAfterMs }) => retryAfterMs)).size, 500);
    assert.deepEqual([plan[0]?.retryAfterMs, plan.at(-1)?.retryAfterMs], [1000, 5990]);
  });

  test('the window for coming back grows with the connections, up to 10 s', () => {
    assert.deepEqual([1, 100, 1000, 50_000].map(returnWindowMs), [10, 1000, 10_000, 10_000]);
  });

  for (const [connections, spreadMs] of [
    [1000, 10_000],
    [5000, 2000],
    [40, 30_000],
  ] as const) {
    test(`${connections} over ${spreadMs} ms leave in small groups and come back evenly`, () => {
      const plan = planDrain(connections, spreadMs);
      const windowMs = Math.max(spreadMs, returnWindowMs(connections));
      assert.ok(plan.every(({ atMs }, index) => atMs <= spreadMs && atMs >= (plan[index - 1]?.atMs ?? 0)));
      assert.ok(plan.every(({ retryAfterMs }) => retryAfterMs >= 1000));
      const groups = new Set(plan.map(({ atMs }) => atMs)).size;
      assert.equal(groups, Math.min(connections, spreadMs / 250));
      const returns = returnsOf(connections, spreadMs);
      const gapMs = windowMs / connections;
      returns.forEach((atMs, index) => assert.ok(Math.abs(atMs - 1000 - index * gapMs) <= 1, `${index}: ${atMs}`));
    });
  }
});
