import { addReports, type DeliveryReport, isExactlyOnce } from '../../lib/delivery';
import { MAX_LOOP_UTILISATION } from '../../lib/meter';
import { Child, CLIENT_CORE, SERVER_CORE, withChildren } from '../../lib/processes';
import type { Schedule } from '../../lib/open-loop';
import { nowMs } from '../../lib/shared-clock';
import { medianOf, type Summary, summarise } from '../../lib/stats';
import type { RoundResult } from './client';
import { CONTENDERS } from './contenders';
import { frameBytes } from './framings';

export interface ShapeResult {
  /** Median over the valid rounds; NaN where there is none. */
  readonly cpuUsPerMessage: number;
  /** Median of the ratios of rounds that ran next to each other. */
  readonly versusBare: number;
  readonly loopUtilisation: number;
  readonly latencyMs: Summary;
  readonly delivery: DeliveryReport;
  readonly rounds: number;
  /** Rounds that do not count: the client was too busy, or a message went astray. */
  readonly invalidRounds: number;
}

export interface ClientCpuRow {
  readonly name: string;
  readonly frameBytes: number;
  readonly shapes: Readonly<Record<string, ShapeResult>>;
}

interface Shape {
  readonly name: string;
  readonly perSecond: number;
  readonly burst: number;
  readonly count: number;
}

/** `single`: each message comes alone. `burst`: 50 at a time, where the system's calls weigh least and the client's own work most. */
const SHAPES: readonly Shape[] = [
  { name: 'single', perSecond: 2000, burst: 1, count: 300 },
  { name: 'burst', perSecond: 25_000, burst: 50, count: 3000 },
];
export const HEADLINE_SHAPE = 'burst';
export const BARE = 'ws + JSON.parse';
/** Many short rounds: what disturbs one of them is far from their median. */
const ROUNDS_QUICK = 7;
const ROUNDS_FULL = 15;
const LEAD_MS = 20;
/** Not counted: until V8's compilers are done with every path, their threads cost more than the messages. */
const WARM_UP = { perSecond: 100_000, burst: 100, count: 60_000 };

type Rounds = Map<string, RoundResult[]>;

/** One generation: every contender in a fresh process, then rounds in turn (A B C A B C …), so that drift hits all alike. */
async function runGeneration(rounds: number, results: ReadonlyMap<string, Rounds>): Promise<void> {
  const names = Object.keys(CONTENDERS);
  const server = Child.start('realtime/client-cpu/server.ts', SERVER_CORE);
  const children = names.map((name) => Child.start('realtime/client-cpu/client.ts', CLIENT_CORE, [name]));
  await withChildren([server, ...children], async () => {
    const port = await server.call<number>('port');
    for (const child of children) {
      await child.call('connect', { port });
    }
    const run = async (i: number, plan: Omit<Schedule, 'startAtMs'>): Promise<RoundResult> => {
      const schedule = { ...plan, startAtMs: nowMs() + LEAD_MS };
      const measured = (children[i] as Child).call<RoundResult>('measure', schedule);
      return (await Promise.all([measured, server.call('push', { contender: names[i], schedule })]))[0];
    };
    for (const i of names.keys()) {
      await run(i, WARM_UP);
    }
    for (let round = 0; round < rounds; round++) {
      for (const { name: shape, ...plan } of SHAPES) {
        for (const [i, name] of names.entries()) {
          results
            .get(shape)
            ?.get(name)
            ?.push(await run(i, plan));
        }
      }
    }
  });
}

function isValid({ load, delivery }: RoundResult): boolean {
  return load.loopUtilisation <= MAX_LOOP_UTILISATION && isExactlyOnce(delivery);
}

function perMessage({ load, delivery }: RoundResult): number {
  return load.cpuUs / delivery.expected;
}

function shapeResult(mine: readonly RoundResult[], bare: readonly RoundResult[]): ShapeResult {
  const valid = mine.filter(isValid);
  const ratios = mine.flatMap((result, i) => {
    const other = bare[i];
    return other !== undefined && isValid(result) && isValid(other) ? [perMessage(result) / perMessage(other)] : [];
  });
  return {
    cpuUsPerMessage: medianOf(valid.map(perMessage)),
    versusBare: medianOf(ratios),
    loopUtilisation: medianOf(mine.map(({ load }) => load.loopUtilisation)),
    latencyMs: summarise(mine.flatMap(({ latenciesMs }) => latenciesMs)),
    delivery: addReports(mine.map(({ delivery }) => delivery)),
    rounds: mine.length,
    invalidRounds: mine.length - valid.length,
  };
}

export async function runClientCpu(isQuick: boolean): Promise<ClientCpuRow[]> {
  const names = Object.keys(CONTENDERS);
  const results = new Map(
    SHAPES.map((shape) => [shape.name, new Map(names.map((name) => [name, [] as RoundResult[]]))]),
  );
  for (let generation = 0; generation < (isQuick ? 2 : 5); generation++) {
    await runGeneration(isQuick ? ROUNDS_QUICK : ROUNDS_FULL, results);
  }
  return names.map((name) => ({
    name,
    frameBytes: frameBytes((CONTENDERS[name] as { readonly path: string }).path),
    shapes: Object.fromEntries(
      SHAPES.map(({ name: shape }) => {
        const rounds = results.get(shape) as Rounds;
        return [shape, shapeResult(rounds.get(name) ?? [], rounds.get(BARE) ?? [])];
      }),
    ),
  }));
}
