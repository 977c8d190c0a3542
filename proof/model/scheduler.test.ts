import { test } from 'node:test';
import fc from 'fast-check';
import { loadCore } from '../../host/src/node/load-core.js';
import { explore } from './explore.js';
import { type SchedulerAction, SchedulerRun } from './scheduler-run.js';

const priority = fc.integer({ min: 0, max: 3 });
const host = fc.constantFrom('a', 'b', 'c');
const times = fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 1, max: 4 }) }, fc.integer({ min: 5, max: 25 }));
const which = fc.oneof(fc.nat(6), fc.nat(40));
const every = fc.integer({ min: 1, max: 3 });
const bytes = fc.oneof(fc.constant(0), fc.nat(300), fc.integer({ min: 1000, max: 20_000 }));
const inside = fc.oneof(
  { weight: 12, arbitrary: fc.constant('nothing' as const) },
  fc.constantFrom('release' as const, 'add' as const, 'cancel' as const, 'raise' as const),
);

const action: fc.Arbitrary<SchedulerAction> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('add' as const), priority, host, times, inside }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('release' as const), times, bytes }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('releaseAny' as const), which, bytes }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel' as const), which, every, times }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('setPriority' as const), which, every, times, priority }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('protocol' as const), host, isHttp2: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('note' as const), priority, bytes }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('advance' as const), ms: fc.oneof(fc.nat(50), fc.nat(900)) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('setClockBack' as const), ms: fc.nat(5000) }) },
);

const sequences = fc.record({
  limits: fc.record({
    maxConcurrent: fc.integer({ min: 1, max: 7 }),
    maxPerHost: fc.integer({ min: 1, max: 5 }),
    maxStreamsPerHost: fc.integer({ min: 1, max: 6 }),
    reservedForCritical: fc.integer({ min: 0, max: 3 }),
    ageingMs: fc.constantFrom(0, 100, 700),
    bandwidthWindowMs: fc.constantFrom(0, 400, 1003),
    bandwidthFloorBytes: fc.constantFrom(0, 500),
  }),
  actions: fc.array(action, { minLength: 1, maxLength: 40, size: 'max' }),
});

void test('the scheduler starts what a searched list would, when it would, within every limit and bound', async () => {
  const core = await loadCore();
  await explore('scheduler', sequences, ({ limits, actions }) => {
    const run = new SchedulerRun(core, limits);
    for (const step of actions) {
      run.play(step);
    }
    run.end();
    return Promise.resolve();
  });
});
