import { test } from 'node:test';
import fc from 'fast-check';
import { loadCore, loadCoreFile } from '../../host/src/node/load-core.js';
import { explore } from './explore.js';
import { type ConfigFile, type DeliveryFile, type SenderAction, SenderRun, type SenderFile } from './sender-run.js';

const delayMs = fc.integer({ min: 1, max: 40 }).map((tens) => tens * 10);
const action: fc.Arbitrary<SenderAction> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('send' as const),
      priority: fc.integer({ min: 0, max: 3 }),
      /** 0: for as long as it takes. */
      ttlMs: fc.oneof(fc.constant(0), fc.constant(0), delayMs, fc.constant(-1)),
      /** 0: asks for no answer. */
      ackTimeoutMs: fc.oneof(fc.constant(0), delayMs),
      isWrong: fc.nat(9).map((n) => n === 9),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('take' as const), count: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'takeOnBrokenLine' as const }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('answer' as const), frame: fc.integer({ min: 1, max: 12 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('advance' as const), ms: delayMs }) },
  { weight: 1, arbitrary: fc.constant({ do: 'lineLost' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'settleAll' as const }) },
);
const sequences = fc.record({
  capacity: fc.integer({ min: 1, max: 5 }),
  actions: fc.array(action, { minLength: 1, maxLength: 30 }),
});

void test('each message ends once, when and as the reference says, and leaves no timer', async () => {
  const core = await loadCore();
  const { Sender } = await loadCoreFile<SenderFile>('realtime/Sender');
  const { Delivery } = await loadCoreFile<DeliveryFile>('realtime/Delivery');
  const { resolveWebSocketConfig } = await loadCoreFile<ConfigFile>('realtime/WebSocketConfig');
  await explore('sender', sequences, ({ capacity, actions }) =>
    new SenderRun(core, Sender, Delivery, resolveWebSocketConfig, capacity).play(actions),
  );
});
