/** `npm test`: everything that CI does, in the order in which a mistake is cheapest to find. Ends with `N passed, N failed`. */
import { ensureBrowser } from './lib/browser';
import { ensureServices } from './lib/services';
import { runStep, type Step, type StepResult } from './lib/step';

const LINT: Step = { name: 'layout and lint', file: 'scripts/lint.ts', args: [] };
const CHECK: Step = { name: 'check', file: 'scripts/check.ts', args: [] };
const ETS: Step = { name: 'ets tests', file: 'host/src/cli/test-ets.ts', args: [] };
const SERVER: Step = { name: 'server tests', file: 'scripts/node-test.ts', args: ['server'] };
/** What of the server talks to its store, once more on the other one. */
const POSTGRES: Step = {
  name: 'server tests on PostgreSQL',
  file: 'scripts/node-test.ts',
  args: [
    'server',
    '--on',
    'postgres',
    'socket/messages',
    'socket/rooms-live',
    'socket/one-order',
    'http/auth',
    'http/rooms',
    'http/search',
    'carriers/contract',
    'cluster/',
  ],
};
const HOST: Step = { name: 'host tests', file: 'scripts/node-test.ts', args: ['host'] };
const PROOF: Step = { name: 'proof', file: 'scripts/node-test.ts', args: ['proof'] };
const BENCH: Step = { name: 'bench harness', file: 'scripts/node-test.ts', args: ['bench'] };
const E2E: Step = { name: 'end to end', file: 'scripts/e2e.ts', args: [] };

/** One after the other; a step that is one process leaves the second core to another lane. */
async function runLane(steps: readonly Step[], isLive: boolean): Promise<StepResult[]> {
  const results: StepResult[] = [];
  for (const step of steps) {
    results.push(await runStep(step, isLive));
  }
  return results;
}

const startedAt = Date.now();
const hasBrowser = ensureBrowser();
ensureServices();
const lanes = await Promise.all([runLane([LINT], false), runLane([CHECK, ETS], false)]);
const results = [...lanes.flat(), ...(await runLane([SERVER, POSTGRES, HOST, PROOF, BENCH, E2E], true))];
const passed = results.reduce((sum, result) => sum + result.passed, 0);
const failed = results.reduce((sum, result) => sum + result.failed, hasBrowser ? 0 : 1);
console.log(`\n${Math.round((Date.now() - startedAt) / 1000)} s in all`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
