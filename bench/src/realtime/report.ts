import type { ChaosRow } from './chaos/run';
import { RECOVERY } from './chaos/sides';
import { BARE, type ClientCpuRow, HEADLINE_SHAPE } from './client-cpu/run';
import { barsInto } from '../lib/plots';
import { isOurs, rounded } from '../lib/suite';
import { lineChart } from '../lib/svg';
import { figure, percent, type Table } from '../lib/table';
import { DEPTHS, OURS as OUR_QUEUE, type QueueRow } from './queue/run';
import type { TransportRow } from './transports/run';

export interface Results {
  readonly clientCpu: readonly ClientCpuRow[];
  readonly chaos: readonly ChaosRow[];
  readonly queue: readonly QueueRow[];
  readonly transports: readonly TransportRow[];
}

const OUR_CLIENT = 'Parley (parley.v1)';
const OUR_CHAOS = 'Parley';
const WANTED = '(wanted: client_cpu_vs_ws ≤ 1.4, client_cpu_vs_socketio < 1, chaos_delivered 1, chaos_doubled 0,';

/** The figures by which a run is judged. Null where it brought no valid one. */
export interface Verdict {
  readonly client_cpu_vs_ws: number | null;
  readonly client_cpu_vs_socketio: number | null;
  readonly chaos_delivered: number | null;
  readonly chaos_doubled: number | null;
  readonly chaos_reordered: number | null;
  readonly chaos_p99_vs_csr: number | null;
  readonly queue_flat: number | null;
}

/** Never up to 1: one message lost in a million is not all delivered. */
function roundedDown(value: number): number | null {
  return Number.isFinite(value) ? Math.floor(value * 1e6) / 1e6 : null;
}

export function verdictOf({ clientCpu, chaos, queue }: Results): Verdict {
  const versusBare = (name: string): number =>
    clientCpu.find((row) => row.name === name)?.shapes[HEADLINE_SHAPE]?.versusBare ?? NaN;
  const ours = chaos.filter((row) => row.name === OUR_CHAOS && row.isValid);
  // One ratio for each kind of disruption; the worst counts. Where the other side never caught up, ours is infinitely better.
  const ratios = ours.map((row) => {
    const other = chaos.find((one) => one.name === RECOVERY && one.plan.disruption.name === row.plan.disruption.name);
    return row.catchUpMs.p99 / (other?.catchUpMs.p99 ?? NaN);
  });
  const costs = queue.find((row) => row.name === OUR_QUEUE)?.nsByDepth ?? {};
  const sum = (pick: (row: ChaosRow) => number): number =>
    ours.length === 0 ? NaN : ours.reduce((total, row) => total + pick(row), 0);
  return {
    client_cpu_vs_ws: rounded(versusBare(OUR_CLIENT)),
    client_cpu_vs_socketio: rounded(versusBare(OUR_CLIENT) / versusBare('socket.io-client')),
    chaos_delivered: roundedDown(Math.min(...ours.map((row) => row.deliveredShare))),
    chaos_doubled: rounded(sum((row) => row.delivery.doubled)),
    chaos_reordered: rounded(sum((row) => row.delivery.reordered)),
    chaos_p99_vs_csr: rounded(Math.max(...ratios)),
    queue_flat: rounded((costs[DEPTHS.at(-1) ?? 0] ?? NaN) / (costs[DEPTHS[0] ?? 0] ?? NaN)),
  };
}

function clientCpuTable(rows: readonly ClientCpuRow[]): Table {
  return {
    title: 'Client CPU for each message received, parsed and dispatched',
    head: ['client', 'bytes', 'burst µs', '× ws', 'single µs', '× ws', 'p50 ms', 'p99 ms', 'loop', 'invalid', 'faults'],
    rows: rows.map(({ name, frameBytes, shapes }) => {
      const [burst, single] = [shapes['burst'], shapes['single']];
      const faults = [burst, single].reduce((total, shape) => {
        const { lost = 0, doubled = 0, reordered = 0, invented = 0 } = shape?.delivery ?? {};
        return total + lost + doubled + reordered + invented;
      }, 0);
      return [
        name,
        String(frameBytes),
        figure(burst?.cpuUsPerMessage ?? NaN),
        figure(burst?.versusBare ?? NaN),
        figure(single?.cpuUsPerMessage ?? NaN),
        figure(single?.versusBare ?? NaN),
        figure(single?.latencyMs.p50 ?? NaN),
        figure(single?.latencyMs.p99 ?? NaN),
        figure(Math.max(burst?.loopUtilisation ?? NaN, single?.loopUtilisation ?? NaN)),
        `${(burst?.invalidRounds ?? 0) + (single?.invalidRounds ?? 0)}/${(burst?.rounds ?? 0) + (single?.rounds ?? 0)}`,
        String(faults),
      ];
    }),
    note: `CPU is user and system time of the whole process, median over rounds in turn; "× ws" is the median of the ratios to the round of "${BARE}" beside it. Burst: 50 messages in one write; single: each alone. Latency: single, from the intended send time.`,
  };
}

function chaosTable(rows: readonly ChaosRow[]): Table {
  return {
    title: `Delivery while lines are cut (${rows[0]?.plan.clients ?? 0} clients)`,
    head: ['client', 'cut', 'delivered', 'lost', 'doubled', 'reordered', 'p50 s', 'p95 s', 'p99 s', 'max s', 'loop'],
    rows: rows.map(({ name, plan, delivery, deliveredShare, catchUpMs, client, isValid }) => [
      isValid ? name : `${name} (invalid)`,
      plan.disruption.name,
      percent(deliveredShare),
      String(delivery.lost),
      String(delivery.doubled),
      String(delivery.reordered),
      figure(catchUpMs.p50 / 1000),
      figure(catchUpMs.p95 / 1000),
      figure(catchUpMs.p99 / 1000),
      figure(catchUpMs.max / 1000),
      figure(client.loopUtilisation),
    ]),
    note: 'Seconds are the catch-up: from the return of the line until everything owed had arrived, backoff included; never = something owed did not come. Every library with its default settings unless its name says otherwise.',
  };
}

function queueTable(rows: readonly QueueRow[]): Table {
  return {
    title: 'Queue: one push and one pop',
    head: ['queue', ...DEPTHS.map((depth) => `ns at ${depth.toLocaleString('en')}`), 'last / first'],
    rows: rows.map(({ name, nsByDepth }) => [
      name,
      ...DEPTHS.map((depth) => figure(nsByDepth[depth] ?? NaN)),
      figure((nsByDepth[DEPTHS.at(-1) ?? 0] ?? NaN) / (nsByDepth[DEPTHS[0] ?? 0] ?? NaN)),
    ]),
    note: 'CPU time at a steady depth, four priorities, oldest first inside one; median over fresh processes.',
  };
}

function transportsTable(rows: readonly TransportRow[]): Table {
  return {
    title: 'Transports: a 100-byte message to each of 30 receivers',
    head: [
      'transport',
      'p50 ms',
      'p95 ms',
      'p99 ms',
      'max ms',
      'bytes down',
      'bytes up',
      'server µs',
      'client µs',
      'loop',
    ],
    rows: rows.map((row) => [
      row.isValid ? row.name : `${row.name} (invalid)`,
      figure(row.latencyMs.p50),
      figure(row.latencyMs.p95),
      figure(row.latencyMs.p99),
      figure(row.latencyMs.max),
      figure(row.bytesDown),
      figure(row.bytesUp),
      figure(row.serverCpuUsPerDelivery),
      figure(row.clientCpuUsPerDelivery),
      figure(row.loopUtilisation),
    ]),
    note: 'Latency from the intended send time over commit to disk and fan-out to the handler. Bytes are TCP payload for each delivery, counted by a relay. Server CPU is the whole process, commits included, for each delivery.',
  };
}

export function tablesOf(results: Results): Table[] {
  return [
    ...(results.clientCpu.length > 0 ? [clientCpuTable(results.clientCpu)] : []),
    ...(results.chaos.length > 0 ? [chaosTable(results.chaos)] : []),
    ...(results.queue.length > 0 ? [queueTable(results.queue)] : []),
    ...(results.transports.length > 0 ? [transportsTable(results.transports)] : []),
  ];
}

/** What was wanted, beside what came out. */
export const WANTED_LINE = `${WANTED} chaos_reordered 0, chaos_p99_vs_csr < 1, queue_flat ≤ 2)`;

/** File name → SVG. */
export function plotsOf({ clientCpu, chaos, queue, transports }: Results): Map<string, string> {
  const plots = new Map<string, string>();
  const bars = barsInto(plots);
  bars(
    'client-cpu.svg',
    'Client CPU for each message',
    'microseconds, bursts of 50; less is better',
    clientCpu,
    (row) => row.shapes[HEADLINE_SHAPE]?.cpuUsPerMessage ?? NaN,
  );
  const kinds = [...new Set(chaos.map((row) => row.plan.disruption.name))];
  kinds.forEach((kind, i) => {
    const rows = chaos.filter((row) => row.plan.disruption.name === kind);
    const suffix = i === 0 ? '' : `-${i + 1}`;
    bars(`chaos-delivered${suffix}.svg`, `Delivered, lines cut ${kind}`, 'per cent; more is better', rows, (row) =>
      Math.min(row.deliveredShare * 100, 100),
    );
    bars(`chaos-catch-up${suffix}.svg`, `Catch-up p99, lines cut ${kind}`, 'seconds; less is better', rows, (row) => {
      return row.catchUpMs.p99 / 1000;
    });
  });
  if (queue.length > 0) {
    const lines = queue.map(({ name, nsByDepth }) => ({
      name,
      isOurs: isOurs(name),
      points: DEPTHS.map((depth) => [depth, nsByDepth[depth] ?? NaN] as const),
    }));
    plots.set('queue.svg', lineChart('Queue: one push and one pop', 'both axes logarithmic', 'depth', 'ns', lines));
  }
  const byTransport = (file: string, title: string, unit: string, value: (row: TransportRow) => number): void =>
    bars(file, title, `${unit}; less is better`, transports, value);
  byTransport('transports-latency.svg', 'Transports: latency p99', 'milliseconds', (row) => row.latencyMs.p99);
  byTransport('transports-bytes.svg', 'Transports: TCP bytes for each 100-byte message', 'both directions', (row) => {
    return row.bytesDown + row.bytesUp;
  });
  byTransport('transports-server-cpu.svg', 'Transports: server CPU', 'microseconds for each delivery', (row) => {
    return row.serverCpuUsPerDelivery;
  });
  return plots;
}
