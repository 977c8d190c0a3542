import { Child, CLIENT_CORE, withChildren } from '../../lib/processes';
import { medianOf } from '../../lib/stats';

export const DEPTHS: readonly number[] = [10, 100, 1000, 10_000, 100_000];
export const OURS = 'Parley PriorityQueue';

export interface QueueRow {
  readonly name: string;
  /** Nanoseconds for one push and one pop, by depth. */
  readonly nsByDepth: Readonly<Record<number, number>>;
}

/** Each pass is a fresh process: what the compiler made of one is not the next one's luck. */
export async function runQueue(isQuick: boolean): Promise<QueueRow[]> {
  const costs = new Map<string, Map<number, number[]>>();
  for (let pass = 0; pass < (isQuick ? 3 : 7); pass++) {
    await withChildren([Child.start('realtime/queue/bench.ts', CLIENT_CORE, [], ['--expose-gc'])], async (child) => {
      for (const depth of DEPTHS) {
        const measured = await child.call<Record<string, number>>('measure', { depth, rounds: 5 });
        for (const [name, ns] of Object.entries(measured)) {
          const byDepth = costs.get(name) ?? new Map<number, number[]>();
          byDepth.set(depth, [...(byDepth.get(depth) ?? []), ns]);
          costs.set(name, byDepth);
        }
      }
    });
  }
  return [...costs].map(([name, byDepth]) => ({
    name,
    nsByDepth: Object.fromEntries([...byDepth].map(([depth, values]) => [depth, medianOf(values)])),
  }));
}
