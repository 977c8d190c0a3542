/** `npm test`: everything that CI does, in the order in which a mistake is cheapest to find. Ends with `N passed, N failed`. */
import { ensureBrowser } from './lib/browser';
import { ensureServices } from './lib/services';
import { OrderedOutput } from './lib/ordered-output';
import { runStep, type Step } from './lib/step';

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

const STEPS: readonly Step[] = [LINT, CHECK, ETS, SERVER, HOST, E2E, PROOF, POSTGRES, BENCH];
/** Every step waits now and then, or ends with one process that is the last: another one has work for the cores then. */
const AT_ONCE = 2;

const startedAt = Date.now();
const hasBrowser = ensureBrowser();
ensureServices();
let passed = 0;
let failed = hasBrowser ? 0 : 1;
const output = new OrderedOutput((text) => process.stdout.write(text));
const waiting = [...STEPS];
async function work(): Promise<void> {
  for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
    const { print, end } = output.begin();
    const result = await runStep(step, print);
    end();
    passed += result.passed;
    failed += result.failed;
  }
}
await Promise.all(Array.from({ length: AT_ONCE }, work));
console.log(`\n${Math.round((Date.now() - startedAt) / 1000)} s in all`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
