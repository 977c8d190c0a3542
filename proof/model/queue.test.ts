import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { loadCore, loadCoreFile } from '../../host/src/node/load-core.js';
import type * as QueueFile from '../../build/types/common/core/src/main/ets/realtime/PriorityQueue.js';
import { explore } from './explore.js';
import { type Item, NaiveQueue } from './naive-queue.js';

type Action =
  | { readonly do: 'push'; readonly priority: number; readonly times: number }
  | { readonly do: 'pop'; readonly times: number }
  /** `which` counts back from the newest item ever pushed: it may have left. */
  | { readonly do: 'remove'; readonly which: number; readonly every: number; readonly times: number };

/** Mostly small steps, sometimes many at once: gaps are tidied up only where there are many. */
const times = fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 1, max: 4 }) }, fc.integer({ min: 5, max: 60 }));
const priority = fc.integer({ min: 0, max: 3 });
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('push' as const), priority, times }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pop' as const), times }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('remove' as const),
      which: fc.nat(100),
      every: fc.integer({ min: 1, max: 3 }),
      times,
    }),
  },
);
const sequences = fc.record({
  capacity: fc.oneof(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 60, max: 200 })),
  actions: fc.array(action, { minLength: 1, maxLength: 16 }),
});

void test('the queue gives, keeps, evicts and removes exactly what a sorted list would', async () => {
  await loadCore();
  const { PriorityQueue } = await loadCoreFile<typeof QueueFile>('realtime/PriorityQueue');

  await explore('queue', sequences, async ({ capacity, actions }) => {
    const queue = new PriorityQueue<Item>(capacity);
    const naive = new NaiveQueue<Item>(capacity);
    const all: Item[] = [];
    const tickets: number[] = [];

    const push = (level: number): void => {
      const item = { id: all.length, priority: level };
      const evicted = naive.push(item);
      const result = queue.push(item, level);
      assert.equal(result.evicted, evicted);
      assert.equal(result.isAccepted, evicted !== item);
      all.push(item);
      tickets.push(result.ticket);
    };
    const pop = (): void => {
      const next = naive.next();
      assert.equal(queue.peek(), next);
      assert.equal(queue.pop(), next);
      if (next !== null) {
        naive.remove(next);
      }
    };
    const remove = (index: number): void => {
      const item = all[index];
      const ticket = tickets[index];
      if (item !== undefined && ticket !== undefined) {
        assert.equal(queue.holds(ticket), naive.has(item));
        assert.equal(queue.remove(ticket), naive.remove(item));
      }
    };

    for (const step of actions) {
      const newest = all.length - 1;
      for (let i = 0; i < step.times; i++) {
        switch (step.do) {
          case 'push':
            push(step.priority);
            break;
          case 'pop':
            pop();
            break;
          case 'remove':
            remove(newest - step.which - i * step.every);
        }
      }
      const order = naive.inOrder();
      assert.equal(queue.size(), order.length);
      assert.equal(queue.nextPriority(), order[0]?.priority ?? null);
      assert.deepEqual(ids(queue.first(5)), ids(order.slice(0, 5)));
    }
    assert.deepEqual(ids(queue.first(capacity)), ids(naive.inOrder()));
    for (let left = naive.size(); left >= 0; left--) {
      pop();
    }
  });
});

function ids(items: readonly Item[]): number[] {
  return items.map(({ id }) => id);
}
