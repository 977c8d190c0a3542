import { addReports } from '../lib/delivery';
import { barsInto } from '../lib/plots';
import { medianRatioOf } from '../lib/stats';
import { rounded } from '../lib/suite';
import { figure, type Table } from '../lib/table';
import { OURS, RAW_WS, SOCKET_IO } from './contenders';
import { BARE_LOOP, type DurableRow } from './durable/run';
import {
  BURST_SIZE,
  MANY_ROOMS_NAME,
  ONE_ROOM_NAME,
  ROOM,
  ROOMS_DELIVERIES_PER_SECOND,
  STEADY_PER_SECOND,
} from './fan-out';
import { HELD, type IdleRow } from './idle/run';
import { ONE_PROCESS, TWO_PROCESSES } from './redis/run';
import type { FanOutRow } from './stand';

export interface Results {
  readonly burst: readonly FanOutRow[];
  readonly steady: readonly FanOutRow[];
  readonly rooms: readonly FanOutRow[];
  readonly durable: readonly DurableRow[];
  readonly idle: readonly IdleRow[];
  readonly redis: readonly FanOutRow[];
}

/** The figures by which a run is judged. Null where it brought no valid one. */
export interface Verdict {
  readonly burst_cpu_vs_socketio: number | null;
  readonly steady_cpu_vs_socketio: number | null;
  readonly steady_p99_vs_ws: number | null;
  readonly rooms_vs_one: number | null;
  readonly durable_vs_bare: number | null;
  readonly durable_p99_vs_bare: number | null;
  readonly idle_vs_ws: number | null;
  readonly redis_cost: number | null;
}

interface Wish {
  readonly sign: '≤' | '≥';
  readonly bound: number;
}

const WANTED: Readonly<Record<keyof Verdict, Wish>> = {
  burst_cpu_vs_socketio: { sign: '≤', bound: 0.2 },
  steady_cpu_vs_socketio: { sign: '≤', bound: 0.75 },
  steady_p99_vs_ws: { sign: '≤', bound: 1.2 },
  rooms_vs_one: { sign: '≤', bound: 1.5 },
  durable_vs_bare: { sign: '≥', bound: 0.4 },
  durable_p99_vs_bare: { sign: '≤', bound: 3 },
  idle_vs_ws: { sign: '≤', bound: 1.5 },
  redis_cost: { sign: '≤', bound: 1.5 },
};

/** Which of the wanted figures the run reached. A figure that was not measured does not hold. */
export function wantedLine(verdict: Verdict): string {
  const parts = (Object.keys(WANTED) as (keyof Verdict)[]).map((key) => {
    const [value, { sign, bound }] = [verdict[key], WANTED[key]];
    const holds = value !== null && (sign === '≥' ? value >= bound : value <= bound);
    const outcome = value === null ? 'not measured' : holds ? 'holds' : `MISSED with ${value}`;
    return `${key} ${sign} ${bound}: ${outcome}`;
  });
  return `wanted: ${parts.join('; ')}`;
}

/** The median of the ratios of rounds that ran next to each other. */
function ratioOf<R extends { readonly name: string }>(
  rows: readonly R[],
  mine: string,
  theirs: string,
  rounds: (row: R) => readonly number[],
): number | null {
  const of = (name: string): readonly number[] => {
    const row = rows.find((one) => one.name === name);
    return row === undefined ? [] : rounds(row);
  };
  return rounded(medianRatioOf(of(mine), of(theirs)));
}

export function verdictOf({ burst, steady, rooms, durable, idle, redis }: Results): Verdict {
  const cpu = (row: FanOutRow): readonly number[] => row.roundsUs;
  return {
    burst_cpu_vs_socketio: ratioOf(burst, OURS, SOCKET_IO, cpu),
    steady_cpu_vs_socketio: ratioOf(steady, OURS, SOCKET_IO, cpu),
    steady_p99_vs_ws: ratioOf(steady, OURS, RAW_WS, (row) => row.roundsP99Ms),
    rooms_vs_one: ratioOf(rooms, MANY_ROOMS_NAME, ONE_ROOM_NAME, cpu),
    durable_vs_bare: ratioOf(durable, OURS, BARE_LOOP, (row) => row.roundsPerSecond),
    durable_p99_vs_bare: ratioOf(durable, OURS, BARE_LOOP, (row) => row.roundsP99Ms),
    idle_vs_ws: ratioOf(idle, OURS, RAW_WS, (row) => row.roundsBytes),
    redis_cost: ratioOf(redis, TWO_PROCESSES, ONE_PROCESS, (row) => row.roundsUs),
  };
}

function faultsOf({ delivery }: Pick<FanOutRow, 'delivery'>): string {
  const { lost, doubled, reordered, invented } = addReports([delivery]);
  return String(lost + doubled + reordered + invented);
}

function fanOutTable(title: string, rows: readonly FanOutRow[], base: string, note: string): Table {
  const first = rows.find(({ name }) => name === base)?.roundsUs ?? [];
  return {
    title,
    head: ['server', 'µs / delivery', `× ${base}`, 'p50 ms', 'p99 ms', 'members’ loop', 'invalid', 'faults'],
    rows: rows.map((row) => [
      row.name,
      figure(row.cpuUsPerDelivery),
      figure(medianRatioOf(row.roundsUs, first)),
      figure(row.latencyMs.p50),
      figure(row.latencyMs.p99),
      figure(row.loopUtilisation),
      `${row.invalidRounds}/${row.rounds}`,
      faultsOf(row),
    ]),
    note,
  };
}

function durableTable(rows: readonly DurableRow[]): Table {
  return {
    title: 'Durable sends: on disk before the ack',
    head: [
      'server',
      'acks / s',
      'µs / message',
      'half load / s',
      'p50 ms',
      'p99 ms',
      'senders’ loop',
      'invalid',
      'faults',
    ],
    rows: rows.map((row) => [
      row.name,
      figure(row.perSecond),
      figure(row.cpuUsPerMessage),
      figure(row.halfPerSecond),
      figure(row.latencyMs.p50),
      figure(row.latencyMs.p99),
      figure(row.loopUtilisation),
      `${row.invalidRounds}/${row.rounds}`,
      faultsOf(row),
    ]),
    note: 'Full load: 32 senders with 16 messages each on their way. Latency: open loop at half of what Parley can, the same for both, from the intended send time to the ack. Parley also numbers, checks membership, keeps ids unique, indexes for search and tells the room; the bare loop does nothing but store. Parley’s index follows behind the acks by at most 20,000 messages: a round at full load is 48,000 messages, so that it takes its share, and a round begins when the one before has left nothing behind.',
  };
}

function idleTable(rows: readonly IdleRow[]): Table {
  const ws = rows.find(({ name }) => name === RAW_WS)?.roundsBytes ?? [];
  return {
    title: `Memory of an idle connection (${HELD.toLocaleString('en')} held)`,
    head: ['server', 'KiB / connection', `× ${RAW_WS}`, 'invalid'],
    rows: rows.map(({ name, roundsBytes, bytesPerConnection, invalidRounds }) => [
      name,
      figure(bytesPerConnection / 1024),
      figure(medianRatioOf(roundsBytes, ws)),
      `${invalidRounds}/${roundsBytes.length}`,
    ]),
    note: 'Resident memory after collection, a fresh process for each round, less what it was with 100 connections. With Parley each is a signed-in user of its own in a room of ten; with the others an open socket.',
  };
}

export function tablesOf({ burst, steady, rooms, durable, idle, redis }: Results): Table[] {
  const cpuNote =
    'CPU is user and system time of the whole server process, median over rounds in turn; the ratio is the median of the ratios to the round beside it.';
  const members = `${ROOM.membersPerRoom} members`;
  return [
    ...(burst.length > 0
      ? [
          fanOutTable(
            `Bursts of ${BURST_SIZE} messages to ${members}`,
            burst,
            SOCKET_IO,
            `${cpuNote} Parley stores every message (fsync), the others store none.`,
          ),
        ]
      : []),
    ...(steady.length > 0
      ? [
          fanOutTable(
            `${STEADY_PER_SECOND} messages a second to ${members}`,
            steady,
            SOCKET_IO,
            `${cpuNote} Latency from the intended send time to each member; with Parley it holds the commit to disk.`,
          ),
        ]
      : []),
    ...(rooms.length > 0
      ? [
          fanOutTable(
            `Many rooms against one, ${ROOMS_DELIVERIES_PER_SECOND.toLocaleString('en')} deliveries a second in each`,
            rooms,
            ONE_ROOM_NAME,
            `${cpuNote} In rooms of ten, many or one, each message is parsed, stored and acknowledged for ten deliveries: these two are compared. In the large room it is so for 500: that is what delivering costs alone.`,
          ),
        ]
      : []),
    ...(durable.length > 0 ? [durableTable(durable)] : []),
    ...(idle.length > 0 ? [idleTable(idle)] : []),
    ...(redis.length > 0
      ? [
          fanOutTable(
            `Two processes on Redis against one, ${STEADY_PER_SECOND} messages a second to ${members}`,
            redis,
            ONE_PROCESS,
            'CPU of all server processes together, without PostgreSQL and Redis; half of the members at each of the two.',
          ),
        ]
      : []),
  ];
}

/** File name → SVG. */
export function plotsOf({ burst, steady, rooms, durable, idle, redis }: Results): Map<string, string> {
  const plots = new Map<string, string>();
  const bars = barsInto(plots);
  const unit = 'microseconds of the server for each delivery; less is better';
  bars(
    'burst-cpu.svg',
    `Bursts of ${BURST_SIZE} to ${ROOM.membersPerRoom} members`,
    unit,
    burst,
    (row) => row.cpuUsPerDelivery,
  );
  bars(
    'steady-cpu.svg',
    `${STEADY_PER_SECOND} messages a second to ${ROOM.membersPerRoom}`,
    unit,
    steady,
    (row) => row.cpuUsPerDelivery,
  );
  bars('steady-p99.svg', 'Latency p99 of the same', 'milliseconds; less is better', steady, (row) => row.latencyMs.p99);
  bars('rooms-cpu.svg', 'Many rooms against one', unit, rooms, (row) => row.cpuUsPerDelivery);
  bars(
    'durable.svg',
    'Durable sends',
    'acknowledged messages a second; more is better',
    durable,
    (row) => row.perSecond,
  );
  bars('idle.svg', 'Memory of an idle connection', 'KiB; less is better', idle, (row) => row.bytesPerConnection / 1024);
  bars('redis-cpu.svg', 'Two processes on Redis against one', unit, redis, (row) => row.cpuUsPerDelivery);
  return plots;
}
