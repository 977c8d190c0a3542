import { addReports, type DeliveryReport, isEachOnce } from '../../lib/delivery';
import { Child, CLIENT_CORE, withChildren } from '../../lib/processes';
import { medianOf } from '../../lib/stats';
import type { FlatRound } from './bench';
import { SCHEDULER_NAME, SUBJECTS } from './subjects';

export interface FlatRow {
  readonly name: string;
  /** Microseconds for one request in each round, by depth; NaN where a request went astray. Rounds of one index were neighbours. */
  readonly roundsUs: Readonly<Record<number, readonly number[]>>;
  readonly usByDepth: Readonly<Record<number, number>>;
  readonly answered: DeliveryReport;
}

/** Requests that wait. The first and the last are judged. */
export const DEPTHS: readonly number[] = [10, 1000, 100_000];

interface Plan {
  readonly subjects: readonly string[];
  /** Not counted. */
  readonly warmUp: number;
  readonly rounds: number;
  /** Requests in one round. */
  readonly count: number;
}

const FULL: Plan = { subjects: Object.keys(SUBJECTS), warmUp: 20_000, rounds: 15, count: 10_000 };
/** Emptying a queue of 100,000 takes most of the time: the quick run has the judged one alone. */
const QUICK: Plan = { subjects: [SCHEDULER_NAME], warmUp: 20_000, rounds: 9, count: 10_000 };

async function measureSubject(name: string, { warmUp, rounds, count }: Plan): Promise<FlatRow> {
  const start = (): Child => Child.start('http/flat/bench.ts', CLIENT_CORE, [name], ['--expose-gc']);
  return withChildren(DEPTHS.map(start), async (...children) => {
    const results = DEPTHS.map(() => [] as number[]);
    for (const [i, child] of children.entries()) {
      await child.call('fill', { depth: DEPTHS[i] });
      await child.call('measure', { count: warmUp });
    }
    for (let round = 0; round < rounds; round++) {
      for (const [i, child] of children.entries()) {
        const { cpuUsPerRequest } = await child.call<FlatRound>('measure', { count });
        results[i]?.push(cpuUsPerRequest);
      }
    }
    const answered = addReports(await Promise.all(children.map((child) => child.call<DeliveryReport>('finish'))));
    return flatRowOf(name, results, answered);
  });
}

/** `results` are in the order of `DEPTHS`. */
export function flatRowOf(name: string, results: readonly number[][], answered: DeliveryReport): FlatRow {
  const counts = isEachOnce(answered);
  const roundsUs = DEPTHS.map((depth, i) => [depth, (results[i] ?? []).map((us) => (counts ? us : NaN))] as const);
  return {
    name,
    roundsUs: Object.fromEntries(roundsUs),
    usByDepth: Object.fromEntries(roundsUs.map(([depth, costs]) => [depth, medianOf(costs)])),
    answered,
  };
}

/** One process for each depth, rounds in turn. */
export async function runFlat(isQuick: boolean): Promise<FlatRow[]> {
  const rows: FlatRow[] = [];
  const plan = isQuick ? QUICK : FULL;
  for (const name of plan.subjects) {
    rows.push(await measureSubject(name, plan));
  }
  return rows;
}
