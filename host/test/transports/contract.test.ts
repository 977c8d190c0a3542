import { before, describe, test } from 'node:test';
import { loadCore, loadPlatform, type Core, type Platform } from '../../src/node/load-core.js';
import { makeRealBench, TRANSPORT_NAMES } from './real-bench.js';

/** A hang must fail the test, not stop the run. */
const HANG_MS = 120_000;

let core: Core;
let platform: Platform;
before(async () => {
  core = await loadCore();
  platform = await loadPlatform();
});

// The rules are core's own; names must be known before core is built, so each rule is one sub-test.
for (const name of TRANSPORT_NAMES) {
  describe(`Transport contract over real sockets: ${name}`, { timeout: HANG_MS }, () => {
    test('keeps every rule', async (t) => {
      for (const rule of core.transportRules()) {
        await t.test(rule.name, async () => {
          const bench = await makeRealBench(name, core, platform);
          try {
            await rule.check(bench);
          } finally {
            await bench.dispose();
          }
        });
      }
    });
  });
}
