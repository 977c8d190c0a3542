import type { Sample } from './process-watch.js';
import { slopePerMinute } from './slope.js';

const KIB = 1024;
/** The part of the time in which code is compiled, caches fill and pools grow to their size. */
const WARM_UP_SHARE = 0.4;
const WARM_UP_AT_MOST_MINUTES = 30;

/** A shorter soak reports and does not judge: the slope of a few minutes is mostly what the collector does. */
export const JUDGED_FROM_MINUTES = 10;

/** Why these figures: docs/OPERATIONS.md, "Soak". */
export const HEAP_BOUND_KIB_PER_MINUTE = 128;
export const RSS_BOUND_KIB_PER_MINUTE = 2048;

export interface SoakFacts {
  readonly minutes: number;
  readonly clients: number;
  readonly seed: number;
  readonly on: string;
  readonly visits: number;
  readonly violations: readonly string[];
}

/** How one process came through, after the warm-up. */
export interface ProcessReport {
  readonly rssKib: number;
  readonly heapKib: number;
  readonly rssSlope: number;
  readonly heapSlope: number;
  readonly lagP99Ms: number;
  readonly messages: number;
  readonly opened: number;
  readonly closed: number;
  readonly samples: number;
}

export interface SoakReport extends SoakFacts {
  readonly processes: readonly ProcessReport[];
  readonly messages: number;
  readonly connectionsOpened: number;
  readonly connectionsClosed: number;
  /** Of the process that is worst off, as the next ones. KiB per minute. */
  readonly rssSlope: number;
  readonly heapSlope: number;
  readonly lagP99Ms: number;
  readonly isJudged: boolean;
  /** Why the soak failed; empty where it did not. */
  readonly faults: readonly string[];
}

function processReport(samples: readonly Sample[], minutes: number): ProcessReport {
  const warmUpMs = Math.min(minutes * WARM_UP_SHARE, WARM_UP_AT_MOST_MINUTES) * 60_000;
  const from = (samples[0]?.atMs ?? 0) + warmUpMs;
  const judged = samples.filter(({ atMs }) => atMs >= from);
  const last = samples.at(-1);
  return {
    rssKib: (last?.rssBytes ?? 0) / KIB,
    heapKib: (last?.heapBytes ?? 0) / KIB,
    rssSlope: slopePerMinute(judged.map(({ atMs, rssBytes }) => ({ atMs, value: rssBytes / KIB }))),
    heapSlope: slopePerMinute(judged.map(({ atMs, heapBytes }) => ({ atMs, value: heapBytes / KIB }))),
    lagP99Ms: Math.max(0, ...judged.map((sample) => sample.lagP99Ms)),
    messages: last?.messages ?? 0,
    opened: last?.opened ?? 0,
    closed: last?.closed ?? 0,
    samples: judged.length,
  };
}

export function reportOf(facts: SoakFacts, samples: readonly (readonly Sample[])[]): SoakReport {
  const processes = samples.map((one) => processReport(one, facts.minutes));
  const sum = (of: (one: ProcessReport) => number): number => processes.reduce((total, one) => total + of(one), 0);
  const worst = (of: (one: ProcessReport) => number): number => Math.max(...processes.map(of));
  const rssSlope = worst((one) => one.rssSlope);
  const heapSlope = worst((one) => one.heapSlope);
  const messages = sum((one) => one.messages);
  const isJudged = facts.minutes >= JUDGED_FROM_MINUTES;
  const isTooSteep = (slope: number, bound: number): boolean => isJudged && slope > bound;
  const faults = [
    ...(facts.violations.length > 0 ? [`${facts.violations.length} violations`] : []),
    ...(messages === 0 ? ['no message was sent'] : []),
    ...(isTooSteep(rssSlope, RSS_BOUND_KIB_PER_MINUTE)
      ? [`memory: expected at most ${RSS_BOUND_KIB_PER_MINUTE} KiB more a minute, got ${rssSlope.toFixed(0)}`]
      : []),
    ...(isTooSteep(heapSlope, HEAP_BOUND_KIB_PER_MINUTE)
      ? [`heap: expected at most ${HEAP_BOUND_KIB_PER_MINUTE} KiB more a minute, got ${heapSlope.toFixed(0)}`]
      : []),
  ];
  return {
    ...facts,
    processes,
    messages,
    connectionsOpened: sum((one) => one.opened),
    connectionsClosed: sum((one) => one.closed),
    rssSlope,
    heapSlope,
    lagP99Ms: worst((one) => one.lagP99Ms),
    isJudged,
    faults,
  };
}

const HEAD = ['process', 'MiB', 'KiB/min', 'heap MiB', 'KiB/min', 'lag p99 ms', 'messages', 'opened', 'closed'];

/** For a person. */
export function tableOf({ processes, ...report }: SoakReport): string {
  const rows = processes.map((one, index) => [
    String(index + 1),
    (one.rssKib / KIB).toFixed(1),
    one.rssSlope.toFixed(1),
    (one.heapKib / KIB).toFixed(1),
    one.heapSlope.toFixed(1),
    one.lagP99Ms.toFixed(1),
    String(one.messages),
    String(one.opened),
    String(one.closed),
  ]);
  const lines = [HEAD, ...rows].map((row) => row.map((cell, at) => cell.padStart(HEAD[at]?.length ?? 0)).join('  '));
  const rate = (report.messages / report.minutes / 60).toFixed(1);
  const verdict = report.isJudged ? '' : `, too short to judge slopes (from ${JUDGED_FROM_MINUTES} minutes on)`;
  return [
    ...lines,
    `${report.minutes.toFixed(1)} minutes, ${report.clients} clients, ${report.visits} visits, ${rate} messages/s${verdict}`,
    ...(report.faults.length === 0
      ? ['nothing lost, doubled or reordered']
      : report.faults.map((one) => `FAULT ${one}`)),
  ].join('\n');
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

/** For a program: one line. */
export function jsonOf(report: SoakReport): string {
  const minutesOfMessages = report.messages / report.minutes;
  const perMessage = (slope: number): number =>
    minutesOfMessages > 0 ? rounded((slope * KIB) / minutesOfMessages) : 0;
  return JSON.stringify({
    minutes: rounded(report.minutes),
    on: report.on,
    clients: report.clients,
    messages: report.messages,
    messages_per_second: rounded(report.messages / report.minutes / 60),
    connections_opened: report.connectionsOpened,
    connections_closed: report.connectionsClosed,
    rss_slope_kib_per_minute: rounded(report.rssSlope),
    heap_slope_kib_per_minute: rounded(report.heapSlope),
    rss_bytes_per_message: perMessage(report.rssSlope),
    heap_bytes_per_message: perMessage(report.heapSlope),
    event_loop_lag_p99_ms: rounded(report.lagP99Ms),
    judged: report.isJudged,
    violations: report.violations.length,
    faults: report.faults,
    seed: report.seed,
  });
}
