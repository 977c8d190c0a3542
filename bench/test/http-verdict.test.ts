import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CpuRow } from '../src/http/cpu/run';
import type { CriticalRow } from '../src/http/critical/run';
import { flatRowOf } from '../src/http/flat/run';
import { plotsOf, type Results, tablesOf, type Verdict, verdictOf, wantedLine } from '../src/http/report';
import type { DeliveryReport } from '../src/lib/delivery';

const CLEAN: DeliveryReport = { expected: 100, delivered: 100, lost: 0, doubled: 0, reordered: 0, invented: 0 };

function cpuRow(name: string, ...roundsUs: number[]): CpuRow {
  return { name, roundsUs, cpuUsPerRequest: roundsUs[0] ?? NaN, answered: CLEAN, asked: CLEAN, connections: 0 };
}

function criticalRow(name: string, p99: number, isFifo = false): CriticalRow {
  const latencyMs = { count: 100, p50: 1, p95: 2, p99, max: p99 };
  const load = { lowPerSecond: 1000, loopUtilisation: 0.3, rounds: 5, invalidRounds: 0 };
  return { name, queued: 2000, isFifo, latencyMs, ...load, answered: CLEAN };
}

const RESULTS: Results = {
  cpu: [
    cpuRow('ky', 200, 210, 220),
    cpuRow('Parley on undici', 120, 126, 300),
    cpuRow('undici', 100, 105, 110),
    cpuRow('Parley on axios', 220, 231, 242),
    cpuRow('axios', 200, 210, 220),
  ],
  critical: [
    criticalRow('Parley, idle', 5),
    criticalRow('Parley', 6),
    criticalRow('axios + p-queue, priority', 12),
    criticalRow('axios + p-queue', 2000, true),
    criticalRow('undici, 6 connections', 1200, true),
  ],
  flat: [
    flatRowOf(
      'Parley, scheduler alone',
      [
        [10, 10, 10],
        [11, 11, 11],
        [15, 14, 90],
      ],
      CLEAN,
    ),
  ],
};

const NOTHING = {
  cpu_over_axios: null,
  cpu_over_undici: null,
  cpu_vs_ky: null,
  critical_gain_fifo: null,
  critical_vs_pqueue: null,
  critical_vs_idle: null,
  scheduler_flat: null,
};

test('the verdict sets our figures against those of the others', () => {
  assert.deepEqual(verdictOf(RESULTS), {
    cpu_over_axios: 1.1,
    cpu_over_undici: 1.2,
    cpu_vs_ky: 0.6,
    critical_gain_fifo: 200,
    critical_vs_pqueue: 0.5,
    critical_vs_idle: 1.2,
    scheduler_flat: 1.5,
  });
});

test('a client that is worse than everyone loses every figure', () => {
  const cpu = RESULTS.cpu.map((row) => (row.name.startsWith('Parley') ? cpuRow(row.name, 900, 900, 900) : row));
  const critical = RESULTS.critical.map((row) => (row.name === 'Parley' ? criticalRow('Parley', 3000) : row));
  const flat = [flatRowOf('Parley, scheduler alone', [[10], [100], [1000]], CLEAN)];
  const verdict = verdictOf({ cpu, critical, flat });
  assert.ok(
    (verdict.cpu_over_axios ?? 0) > 1.2 && (verdict.cpu_over_undici ?? 0) > 1.3 && (verdict.cpu_vs_ky ?? 0) > 1,
  );
  assert.ok((verdict.critical_gain_fifo ?? 99) < 20 && (verdict.critical_vs_pqueue ?? 0) > 0.8);
  assert.ok((verdict.critical_vs_idle ?? 0) > 2 && (verdict.scheduler_flat ?? 0) > 2);
});

test('the gain is over the best of those without priorities, and a priority queue is none of them', () => {
  const better = [...RESULTS.critical, criticalRow('quick FIFO', 60, true), criticalRow('quick priority', 6)];
  assert.equal(verdictOf({ ...RESULTS, critical: better }).critical_gain_fifo, 10);
});

test('only rounds that ran side by side are set against each other', () => {
  // The machine slowed down by half: the ratio of the medians would tell something else.
  const cpu = [cpuRow('Parley on undici', 110, 220, 220, 220), cpuRow('undici', 100, 200, 200, NaN)];
  assert.equal(verdictOf({ ...RESULTS, cpu }).cpu_over_undici, 1.1);
});

test('a round that does not count is left out on both sides', () => {
  const cpu = [cpuRow('Parley on undici', NaN, 150, 120), cpuRow('undici', 10, NaN, 100)];
  assert.equal(verdictOf({ ...RESULTS, cpu }).cpu_over_undici, 1.2);
});

test('a queue that lost a request has no flatness', () => {
  const flat = [flatRowOf('Parley, scheduler alone', [[10], [10], [10]], { ...CLEAN, delivered: 99, lost: 1 })];
  assert.equal(verdictOf({ ...RESULTS, flat }).scheduler_flat, null);
});

test('what was not run gives no figure, and has no table and no plot', () => {
  const none: Results = { cpu: [], critical: [], flat: [] };
  assert.deepEqual(verdictOf(none), NOTHING);
  assert.deepEqual([tablesOf(none), [...plotsOf(none)]], [[], []]);
  assert.equal(verdictOf({ ...none, flat: RESULTS.flat }).scheduler_flat, 1.5);
});

test('the verdict has its keys in the order in which they are wanted', () => {
  assert.deepEqual(Object.keys(verdictOf(RESULTS)), Object.keys(NOTHING));
});

const AT_THE_BOUND: Verdict = {
  cpu_over_axios: 1.2,
  cpu_over_undici: 1.3,
  cpu_vs_ky: 0.999,
  critical_gain_fifo: 20,
  critical_vs_pqueue: 0.8,
  critical_vs_idle: 2,
  scheduler_flat: 2,
};

test('the line above the verdict says of each figure whether it holds', () => {
  const held = wantedLine(AT_THE_BOUND);
  assert.equal(held.match(/holds/g)?.length, 7, held);
  const beyond: Verdict = {
    cpu_over_axios: 1.201,
    cpu_over_undici: 1.301,
    cpu_vs_ky: 1,
    critical_gain_fifo: 19.999,
    critical_vs_pqueue: 0.801,
    critical_vs_idle: 2.001,
    scheduler_flat: 2.001,
  };
  for (const key of Object.keys(beyond) as (keyof Verdict)[]) {
    const line = wantedLine({ ...AT_THE_BOUND, [key]: beyond[key] });
    assert.equal(line.match(/holds/g)?.length, 6, line);
    assert.ok(line.includes(`MISSED with ${beyond[key]}`), line);
  }
});

test('a figure that was not measured does not hold', () => {
  const line = wantedLine({ ...AT_THE_BOUND, critical_vs_idle: null });
  assert.ok(line.includes('critical_vs_idle ≤ 2: not measured'), line);
});
