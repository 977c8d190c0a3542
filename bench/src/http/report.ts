import { type DeliveryReport } from '../lib/delivery';
import { barsInto } from '../lib/plots';
import { medianRatioOf } from '../lib/stats';
import { isOurs, rounded } from '../lib/suite';
import { lineChart } from '../lib/svg';
import { figure, type Table } from '../lib/table';
import { BARE_AXIOS, BARE_UNDICI, IN_FLIGHT, KY_NAME, OURS_ON_AXIOS, OURS_ON_UNDICI } from './cpu/contenders';
import type { CpuRow } from './cpu/run';
import { LIMIT, OURS as OUR_CRITICAL, WITH_PRIORITY } from './critical/contenders';
import { CRITICAL_TAKES_MS } from './critical/plan';
import { type CriticalRow, IDLE } from './critical/run';
import { DEPTHS, type FlatRow } from './flat/run';
import { SCHEDULER_NAME } from './flat/subjects';

export interface Results {
  readonly cpu: readonly CpuRow[];
  readonly critical: readonly CriticalRow[];
  readonly flat: readonly FlatRow[];
}

/** The figures by which a run is judged. Null where it brought no valid one. */
export interface Verdict {
  readonly cpu_over_axios: number | null;
  readonly cpu_over_undici: number | null;
  readonly cpu_vs_ky: number | null;
  readonly critical_gain_fifo: number | null;
  readonly critical_vs_pqueue: number | null;
  readonly critical_vs_idle: number | null;
  readonly scheduler_flat: number | null;
}

interface Wish {
  readonly sign: '≤' | '<' | '≥';
  readonly bound: number;
}

const WANTED: Readonly<Record<keyof Verdict, Wish>> = {
  cpu_over_axios: { sign: '≤', bound: 1.2 },
  cpu_over_undici: { sign: '≤', bound: 1.3 },
  cpu_vs_ky: { sign: '<', bound: 1 },
  critical_gain_fifo: { sign: '≥', bound: 20 },
  critical_vs_pqueue: { sign: '≤', bound: 0.8 },
  critical_vs_idle: { sign: '≤', bound: 2 },
  scheduler_flat: { sign: '≤', bound: 2 },
};

function holds(value: number | null, { sign, bound }: Wish): boolean {
  if (value === null) {
    return false;
  }
  return sign === '≥' ? value >= bound : sign === '<' ? value < bound : value <= bound;
}

/** Which of the wanted figures the run reached. A figure that was not measured does not hold. */
export function wantedLine(verdict: Verdict): string {
  const parts = (Object.keys(WANTED) as (keyof Verdict)[]).map((key) => {
    const [value, wish] = [verdict[key], WANTED[key]];
    const outcome = value === null ? 'not measured' : holds(value, wish) ? 'holds' : `MISSED with ${value}`;
    return `${key} ${wish.sign} ${wish.bound}: ${outcome}`;
  });
  return `wanted: ${parts.join('; ')}`;
}

function costRatio(rows: readonly CpuRow[], mine: string, theirs: string): number {
  const roundsOf = (name: string): readonly number[] => rows.find((row) => row.name === name)?.roundsUs ?? [];
  return medianRatioOf(roundsOf(mine), roundsOf(theirs));
}

function flatness({ roundsUs }: FlatRow): number {
  const roundsAt = (depth: number | undefined): readonly number[] => roundsUs[depth ?? NaN] ?? [];
  return medianRatioOf(roundsAt(DEPTHS.at(-1)), roundsAt(DEPTHS[0]));
}

export function verdictOf({ cpu, critical, flat }: Results): Verdict {
  const p99Of = (name: string): number => critical.find((row) => row.name === name)?.latencyMs.p99 ?? NaN;
  const ours = p99Of(OUR_CRITICAL);
  const fifo = critical.filter(({ isFifo, latencyMs }) => isFifo && !Number.isNaN(latencyMs.p99));
  const flatRow = flat.find(({ name }) => name === SCHEDULER_NAME);
  return {
    cpu_over_axios: rounded(costRatio(cpu, OURS_ON_AXIOS, BARE_AXIOS)),
    cpu_over_undici: rounded(costRatio(cpu, OURS_ON_UNDICI, BARE_UNDICI)),
    cpu_vs_ky: rounded(costRatio(cpu, OURS_ON_UNDICI, KY_NAME)),
    critical_gain_fifo: rounded(Math.min(...fifo.map(({ latencyMs }) => latencyMs.p99)) / ours),
    critical_vs_pqueue: rounded(ours / p99Of(WITH_PRIORITY)),
    critical_vs_idle: rounded(ours / p99Of(IDLE)),
    scheduler_flat: rounded(flatRow === undefined ? NaN : flatness(flatRow)),
  };
}

function faultsOf({ lost, doubled, invented }: DeliveryReport): number {
  return lost + doubled + invented;
}

function cpuTable(rows: readonly CpuRow[]): Table {
  return {
    title: 'Client CPU for each request',
    head: ['client', 'µs', '× undici', '× axios', '× ky', 'requests', 'new connections', 'invalid', 'faults'],
    rows: rows.map(({ name, cpuUsPerRequest, roundsUs, answered, asked, connections }) => [
      name,
      figure(cpuUsPerRequest),
      figure(costRatio(rows, name, BARE_UNDICI)),
      figure(costRatio(rows, name, BARE_AXIOS)),
      figure(costRatio(rows, name, KY_NAME)),
      String(answered.expected),
      String(connections),
      `${roundsUs.filter(Number.isNaN).length}/${roundsUs.length}`,
      String(faultsOf(answered) + faultsOf(asked)),
    ]),
    note: `CPU is user and system time of the whole process, median over rounds in turn; ratios are medians over rounds side by side. ${IN_FLIGHT} requests at a time on kept connections, a JSON body of 250 bytes, parsed.`,
  };
}

function criticalTable(rows: readonly CriticalRow[]): Table {
  return {
    title: 'An urgent request behind a full queue',
    head: ['client', 'queued', 'p50 ms', 'p95 ms', 'p99 ms', 'max ms', 'samples', 'low/s', 'loop', 'invalid', 'faults'],
    rows: rows.map(({ name, queued, latencyMs, lowPerSecond, loopUtilisation, rounds, invalidRounds, answered }) => [
      name,
      String(queued),
      figure(latencyMs.p50),
      figure(latencyMs.p95),
      figure(latencyMs.p99),
      figure(latencyMs.max),
      String(latencyMs.count),
      figure(lowPerSecond),
      figure(loopUtilisation),
      `${invalidRounds}/${rounds}`,
      String(faultsOf(answered)),
    ]),
    note: `From the intended send time to the parsed answer; ${LIMIT} requests at once for all. The server takes ${CRITICAL_TAKES_MS} ms for an urgent request and 2 to 6 ms for a low one. Parley rides on axios and keeps one of its places free for urgent requests, so that its low ones have one less: low/s.`,
  };
}

function flatTable(rows: readonly FlatRow[]): Table {
  return {
    title: 'What a request costs while others wait',
    head: ['queue', ...DEPTHS.map((depth) => `µs at ${depth.toLocaleString('en')}`), 'last / first', 'faults'],
    rows: rows.map((row) => [
      row.name,
      ...DEPTHS.map((depth) => figure(row.usByDepth[depth] ?? NaN)),
      figure(flatness(row)),
      String(faultsOf(row.answered)),
    ]),
    note: 'CPU time of the process for one request that goes through the queue at a steady depth, three priorities mixed, over a wire in memory; median over rounds in turn. The first row is judged.',
  };
}

export function tablesOf({ cpu, critical, flat }: Results): Table[] {
  return [
    ...(cpu.length > 0 ? [cpuTable(cpu)] : []),
    ...(critical.length > 0 ? [criticalTable(critical)] : []),
    ...(flat.length > 0 ? [flatTable(flat)] : []),
  ];
}

export function plotsOf({ cpu, critical, flat }: Results): Map<string, string> {
  const plots = new Map<string, string>();
  const bars = barsInto(plots);
  bars('cpu.svg', 'Client CPU for each request', 'microseconds; less is better', cpu, (row) => row.cpuUsPerRequest);
  const withPriority = critical.filter(({ isFifo }) => !isFifo);
  const p99 = ({ latencyMs }: CriticalRow): number => latencyMs.p99;
  bars('critical-all.svg', 'Urgent request behind 2,000: p99', 'milliseconds; less is better', critical, p99);
  bars('critical.svg', 'The same, of those with priorities', 'milliseconds; less is better', withPriority, p99);
  if (flat.length > 0) {
    const lines = flat.map(({ name, usByDepth }) => ({
      name,
      isOurs: isOurs(name),
      points: DEPTHS.map((depth) => [depth, usByDepth[depth] ?? NaN] as const),
    }));
    plots.set('flat.svg', lineChart('What a request costs', 'both axes logarithmic', 'waiting', 'µs', lines));
  }
  return plots;
}
