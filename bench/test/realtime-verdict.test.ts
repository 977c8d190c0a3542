import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChaosRow } from '../src/realtime/chaos/run';
import { LONG_AND_RARE, SHORT_AND_OFTEN } from '../src/realtime/chaos/plan';
import type { ClientCpuRow } from '../src/realtime/client-cpu/run';
import { type Results, verdictOf } from '../src/realtime/report';

const DELIVERY = { expected: 100, delivered: 100, lost: 0, doubled: 0, reordered: 0, invented: 0 };
const LATENCY = { count: 100, p50: 1, p95: 2, p99: 3, max: 4 };
const LOAD = { cpuUs: 1000, loopUtilisation: 0.3 };

function clientRow(name: string, versusBare: number): ClientCpuRow {
  const shape = {
    cpuUsPerMessage: versusBare * 2,
    versusBare,
    loopUtilisation: 0.3,
    latencyMs: LATENCY,
    delivery: DELIVERY,
    rounds: 3,
    invalidRounds: 0,
  };
  return { name, frameBytes: 300, shapes: { burst: shape, single: { ...shape, versusBare: 1 } } };
}

function chaosRow(name: string, p99: number, change: Partial<ChaosRow> = {}): ChaosRow {
  const plan = {
    clients: 10,
    clientsPerRoom: 10,
    disruption: SHORT_AND_OFTEN,
    perSecond: 5,
    durationMs: 9000,
    settleMs: 1000,
  };
  return {
    name,
    plan,
    delivery: DELIVERY,
    deliveredShare: 1,
    catchUpMs: { ...LATENCY, p99 },
    lateMs: LATENCY,
    caughtUpShare: 1,
    outages: 10,
    client: LOAD,
    server: LOAD,
    isValid: true,
    ...change,
  };
}

const RESULTS: Results = {
  clientCpu: [
    clientRow('ws + JSON.parse', 1),
    clientRow('Parley (parley.v1)', 1.2),
    clientRow('socket.io-client', 1.5),
  ],
  chaos: [chaosRow('Parley', 1500), chaosRow('socket.io', Infinity), chaosRow('socket.io + recovery', 3000)],
  queue: [{ name: 'Parley PriorityQueue', nsByDepth: { 10: 40, 100: 40, 1000: 42, 10_000: 50, 100_000: 60 } }],
  transports: [],
};

test('the verdict sets our figures against those of the others', () => {
  assert.deepEqual(verdictOf(RESULTS), {
    client_cpu_vs_ws: 1.2,
    client_cpu_vs_socketio: 0.8,
    chaos_delivered: 1,
    chaos_doubled: 0,
    chaos_reordered: 0,
    chaos_p99_vs_csr: 0.5,
    queue_flat: 1.5,
  });
});

test('of two kinds of disruption the worse figure counts', () => {
  const plan = { ...chaosRow('', 0).plan, disruption: LONG_AND_RARE };
  const faulty = { ...DELIVERY, delivered: 99, lost: 1, doubled: 2, reordered: 3 };
  const worse = { plan, delivery: faulty, deliveredShare: 0.99 };
  const chaos = [...RESULTS.chaos, chaosRow('Parley', 900, worse), chaosRow('socket.io + recovery', 1000, { plan })];
  const verdict = verdictOf({ ...RESULTS, chaos });
  assert.equal(verdict.chaos_delivered, 0.99);
  assert.equal(verdict.chaos_doubled, 2);
  assert.equal(verdict.chaos_reordered, 3);
  assert.equal(verdict.chaos_p99_vs_csr, 0.9);
});

test('one message lost in ten thousand is not all delivered', () => {
  const chaos = [chaosRow('Parley', 1500, { deliveredShare: 0.9999999 })];
  assert.notEqual(verdictOf({ ...RESULTS, chaos }).chaos_delivered, 1);
});

test('a run that is not valid, or was not made, gives no figure', () => {
  const chaos = [chaosRow('Parley', 1500, { isValid: false }), chaosRow('socket.io + recovery', 3000)];
  const verdict = verdictOf({ clientCpu: [], chaos, queue: [], transports: [] });
  assert.deepEqual(
    Object.values(verdict),
    Array.from({ length: 7 }, () => null),
  );
});
