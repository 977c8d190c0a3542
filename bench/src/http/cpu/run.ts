import { addReports, type DeliveryReport, isEachOnce } from '../../lib/delivery';
import { Child, CLIENT_CORE, SERVER_CORE, withChildren } from '../../lib/processes';
import { medianOf } from '../../lib/stats';
import type { ServerReport } from '../server';
import type { CpuRound } from './client';
import { CONTENDERS } from './contenders';

export interface CpuRow {
  readonly name: string;
  /** Microseconds for one request in each round; NaN for a round that does not count. Rounds of one index were neighbours. */
  readonly roundsUs: readonly number[];
  readonly cpuUsPerRequest: number;
  /** What the client got, against what it asked for. */
  readonly answered: DeliveryReport;
  /** What the server was asked for, against what the client was told to ask for. */
  readonly asked: DeliveryReport;
  /** Opened while it was measured: 0 says that all were kept. */
  readonly connections: number;
}

interface Measured extends CpuRound {
  readonly server: ServerReport;
}

interface Plan {
  readonly generations: number;
  /** Not counted: until V8's compilers are done, their threads cost more than the requests. */
  readonly warmUp: number;
  readonly rounds: number;
  /** Requests in one round. */
  readonly count: number;
}

/** Many short rounds: what disturbs one of them is far from their median. */
const FULL: Plan = { generations: 5, warmUp: 6000, rounds: 60, count: 300 };
const QUICK: Plan = { generations: 1, warmUp: 1500, rounds: 21, count: 160 };

/** Every contender in a fresh process, then rounds in turn (A B C A B C …), so that drift hits all alike. */
async function runGeneration(plan: Plan, results: ReadonlyMap<string, Measured[]>): Promise<void> {
  const names = [...results.keys()];
  const server = Child.start('http/server.ts', SERVER_CORE);
  const children = names.map((name) => Child.start('http/cpu/client.ts', CLIENT_CORE, [name]));
  await withChildren([server, ...children], async () => {
    const origin = await server.call<string>('origin');
    for (const child of children) {
      await child.call('connect', { origin });
    }
    let from = 0;
    const run = async (child: Child, items: number): Promise<Measured> => {
      const order = { from, count: items };
      from += items;
      await server.call('expect', order);
      const round = await child.call<CpuRound>('measure', order);
      return { ...round, server: await server.call<ServerReport>('report') };
    };
    for (const child of children) {
      await run(child, plan.warmUp);
    }
    for (let round = 0; round < plan.rounds; round++) {
      for (const [i, child] of children.entries()) {
        results.get(names[i] as string)?.push(await run(child, plan.count));
      }
    }
  });
}

/** NaN where a request or an answer was lost, doubled or wrong: cheap work that was not done is no figure. */
export function costUs({ load, answered, server }: Measured): number {
  return isEachOnce(answered) && isEachOnce(server.asked) ? load.cpuUs / answered.expected : NaN;
}

export async function runCpu(isQuick: boolean): Promise<CpuRow[]> {
  const results = new Map(Object.keys(CONTENDERS).map((name) => [name, [] as Measured[]]));
  const plan = isQuick ? QUICK : FULL;
  for (let generation = 0; generation < plan.generations; generation++) {
    await runGeneration(plan, results);
  }
  return [...results].map(([name, measured]) => {
    const roundsUs = measured.map(costUs);
    return {
      name,
      roundsUs,
      cpuUsPerRequest: medianOf(roundsUs.filter(Number.isFinite)),
      answered: addReports(measured.map(({ answered }) => answered)),
      asked: addReports(measured.map(({ server }) => server.asked)),
      connections: measured.reduce((total, { server }) => total + server.connections, 0),
    };
  });
}
