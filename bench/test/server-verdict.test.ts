import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OURS, RAW_WS, SOCKET_IO } from '../src/server/contenders';
import { BARE_LOOP, type DurableRow } from '../src/server/durable/run';
import { MANY_ROOMS_NAME, ONE_ROOM_NAME } from '../src/server/fan-out';
import type { IdleRow } from '../src/server/idle/run';
import { ONE_PROCESS, TWO_PROCESSES } from '../src/server/redis/run';
import { type Results, verdictOf, wantedLine } from '../src/server/report';
import { type FanOutRow, fanOutRow, roundOf } from '../src/server/stand';

const DELIVERY = { expected: 100, delivered: 100, lost: 0, doubled: 0, reordered: 0, invented: 0 };
const LATENCY = { count: 100, p50: 1, p95: 2, p99: 3, max: 4 };

function row(name: string, roundsUs: number[], roundsP99Ms: number[] = roundsUs): FanOutRow {
  return {
    name,
    cpuUsPerDelivery: roundsUs[0] ?? NaN,
    roundsUs,
    roundsP99Ms,
    latencyMs: LATENCY,
    delivery: DELIVERY,
    loopUtilisation: 0.3,
    rounds: roundsUs.length,
    invalidRounds: 0,
  };
}

function durable(name: string, roundsPerSecond: number[], roundsP99Ms: number[]): DurableRow {
  return {
    ...{ name, roundsPerSecond, roundsP99Ms, perSecond: 1, halfPerSecond: 1, latencyMs: LATENCY, cpuUsPerMessage: 1 },
    ...{ loopUtilisation: 0.3, delivery: DELIVERY, rounds: 2, invalidRounds: 0 },
  };
}

function idle(name: string, roundsBytes: number[]): IdleRow {
  return { name, roundsBytes, bytesPerConnection: roundsBytes[0] ?? NaN, held: 5000, invalidRounds: 0 };
}

const RESULTS: Results = {
  burst: [row(OURS, [1, 1.2, 9]), row(SOCKET_IO, [8, 8, 90])],
  steady: [row(OURS, [6, 6], [4, 6]), row(SOCKET_IO, [8, 10]), row(RAW_WS, [9, 9], [4, 4])],
  rooms: [row(ONE_ROOM_NAME, [6]), row(MANY_ROOMS_NAME, [9.6])],
  durable: [durable(OURS, [20, 30], [6, 8]), durable(BARE_LOOP, [40, 60], [3, 4])],
  idle: [idle(RAW_WS, [10, 20]), idle(OURS, [14, 28])],
  redis: [row(ONE_PROCESS, [2]), row(TWO_PROCESSES, [2.5])],
};
const NONE: Results = { burst: [], steady: [], rooms: [], durable: [], idle: [], redis: [] };

test('the verdict sets our rounds against those beside them', () => {
  assert.deepEqual(verdictOf(RESULTS), {
    burst_cpu_vs_socketio: 0.125,
    steady_cpu_vs_socketio: 0.675,
    steady_p99_vs_ws: 1.25,
    rooms_vs_one: 1.6,
    durable_vs_bare: 0.5,
    durable_p99_vs_bare: 2,
    idle_vs_ws: 1.4,
    redis_cost: 1.25,
  });
});

test('the line of wishes names what was missed, and with what', () => {
  const line = wantedLine(verdictOf(RESULTS));
  assert.match(line, /^wanted: burst_cpu_vs_socketio ≤ 0\.2: holds; /);
  assert.match(
    line,
    /steady_p99_vs_ws ≤ 1\.2: MISSED with 1\.25; rooms_vs_one ≤ 1\.5: MISSED with 1\.6; durable_vs_bare ≥ 0\.4: holds/,
  );
});

test('what was not measured, or in no round that counts, is null and holds nothing', () => {
  const invalid = { ...NONE, burst: [row(OURS, [NaN]), row(SOCKET_IO, [8])] };
  for (const results of [NONE, invalid]) {
    const verdict = verdictOf(results);
    assert.deepEqual(
      Object.values(verdict),
      Array.from({ length: 8 }, () => null),
    );
    assert.equal(wantedLine(verdict).match(/not measured/g)?.length, 8);
  }
});

test('a round that does not count is left out on both sides of a ratio', () => {
  const burst = [row(OURS, [1, NaN, 3]), row(SOCKET_IO, [NaN, 10, 10])];
  assert.equal(verdictOf({ ...NONE, burst }).burst_cpu_vs_socketio, 0.3);
});

test('a round with a fault, or a busy load generator, is counted and gives no figure', () => {
  const report = {
    load: { cpuUs: 0, loopUtilisation: 0.5 },
    delivery: DELIVERY,
    cutOff: 0,
    latenciesMs: new Float64Array([1, 2]),
  };
  const good = roundOf(400, report);
  assert.deepEqual([good.cpuUsPerDelivery, good.p99Ms], [4, 2]);
  const faults = [{ lost: 1 }, { doubled: 1 }, { reordered: 1 }, { invented: 1 }].map((fault) =>
    roundOf(100, { ...report, delivery: { ...DELIVERY, ...fault } }),
  );
  const busy = roundOf(100, { ...report, load: { cpuUs: 0, loopUtilisation: 0.91 } });
  const lonely = roundOf(100, { ...report, cutOff: 1 });
  for (const round of [...faults, busy, lonely]) {
    assert.deepEqual([round.isValid, round.cpuUsPerDelivery, round.p99Ms], [false, NaN, NaN]);
  }
  const { cpuUsPerDelivery, latencyMs, rounds, invalidRounds } = fanOutRow('x', [good, ...faults, busy, lonely]);
  assert.deepEqual([cpuUsPerDelivery, latencyMs.count, rounds, invalidRounds], [4, 2, 7, 6]);
});
