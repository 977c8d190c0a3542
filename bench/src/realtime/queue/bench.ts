/** Child process: what one push and one pop cost at a steady depth. */
import { loadCoreFile } from '../../../../host/src/node/load-core';
import { defaultOf, loadPeer } from '../../lib/peer-packages';
import { serve } from '../../lib/processes';
import { medianOf } from '../../lib/stats';

type QueueFile = typeof import('../../../../build/types/common/core/src/main/ets/realtime/PriorityQueue.js');

interface Item {
  priority: number;
  order: number;
}

interface Queue {
  push(item: Item): void;
  pop(): Item | null | undefined;
}

interface HeapQueue {
  push(item: Item): void;
  pop(): Item | undefined;
}

type HeapClass = new (items: Item[], compare: (a: Item, b: Item) => number) => HeapQueue;

/** Most urgent first, then oldest first: the rule of all three. */
function compare(a: Item, b: Item): number {
  return b.priority - a.priority || a.order - b.order;
}

/** Binary search, then a splice: its last item is the next to leave. */
class SortedArray implements Queue {
  private readonly items: Item[] = [];

  push(item: Item): void {
    let low = 0;
    let high = this.items.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(this.items[middle] as Item, item) > 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    this.items.splice(low, 0, item);
  }

  pop(): Item | undefined {
    return this.items.pop();
  }
}

const { PriorityQueue } = await loadCoreFile<QueueFile>('realtime/PriorityQueue');
const TinyQueue = defaultOf<HeapClass>(await loadPeer('tinyqueue'));

const QUEUES: Readonly<Record<string, (capacity: number) => Queue>> = {
  'Parley PriorityQueue': (capacity) => {
    const queue = new PriorityQueue<Item>(capacity);
    return { push: (item) => void queue.push(item, item.priority), pop: () => queue.pop() };
  },
  tinyqueue: () => new TinyQueue([], compare),
  'sorted array': () => new SortedArray(),
};

/** xorshift32: the same priorities for every queue. */
function priorities(count: number): Uint8Array {
  let state = 2_463_534_242;
  return Uint8Array.from({ length: count }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % 4;
  });
}

const PRIORITIES = priorities(1 << 16);
/** CPU time, so that what else runs on the machine does not count. */
const ROUND_US = 20_000;

function cpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** The compiler is done after these, also at the first depth. */
const WARM_UPS = 4;

interface Order {
  readonly depth: number;
  readonly rounds: number;
}

/** Nanoseconds for one push and one pop; throws where a queue gives its items in another order than the rule's. */
function measure(make: (capacity: number) => Queue, depth: number, rounds: number): number {
  const queue = make(depth + 1);
  let order = 0;
  // The item that left comes again: at a great depth new ones would outlive several collections, which are not the queue's.
  let item: Item = { priority: 0, order: 0 };
  const step = (): void => {
    item.priority = PRIORITIES[order & 0xffff] as number;
    item.order = order++;
    queue.push(item);
    item = queue.pop() as Item;
  };
  for (let i = 0; i < depth; i++) {
    queue.push({ priority: PRIORITIES[order & 0xffff] as number, order: order++ });
  }
  // The garbage of the filling is not part of a steady depth.
  globalThis.gc?.();
  const costs: number[] = [];
  for (let round = -WARM_UPS; round < rounds; round++) {
    let steps = 0;
    const startedAtUs = cpuUs();
    let now = startedAtUs;
    while (now - startedAtUs < ROUND_US) {
      for (let i = 0; i < 500; i++) {
        step();
      }
      steps += 500;
      now = cpuUs();
    }
    if (round >= 0) {
      costs.push(((now - startedAtUs) * 1000) / steps);
    }
  }
  let last = queue.pop() as Item;
  for (let i = 1; i < depth; i++) {
    const next = queue.pop() as Item;
    if (compare(last, next) >= 0) {
      throw new Error(`depth ${depth}: expected priority, then age; got an item out of turn`);
    }
    last = next;
  }
  return medianOf(costs);
}

serve({
  /** Queue by queue at one depth, in turn, so that a slow moment of the machine hits all alike. */
  measure: ({ depth, rounds }: Order): Record<string, number> =>
    Object.fromEntries(Object.entries(QUEUES).map(([name, make]) => [name, measure(make, depth, rounds)])),
});
