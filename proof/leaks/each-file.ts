/**
 * Loaded before each test file: what a file leaves over fails it, by name, instead of keeping its process for ever.
 *
 * The gate must look after all hooks of the file, but its own is the first of them. So it holds nothing up: it looks beside
 * them, in a way that keeps no process alive. A file that leaves nothing just ends.
 */
import { after } from 'node:test';
import { LeakGate } from '../../host/src/test-runner/leak-gate';

/** About 30 s, and more on a slow machine: the hooks of a file close servers and browsers. */
const PATIENT_TURNS = 6000;
/** The runner loads this too, and has no tests of its own. */
const isTestFile = process.env['NODE_TEST_CONTEXT'] !== undefined;

if (isTestFile) {
  const turns = Number(process.env['PARLEY_LEAK_TURNS'] ?? PATIENT_TURNS);
  let gate: LeakGate | null = null;
  after(() => {
    void gate?.settle(turns, false).then((left) => {
      if (left.length > 0) {
        console.error(`left over by ${process.argv[1] ?? ''}:\n  ${left.join('\n  ')}`);
        // What is left would keep the process, and with it the run.
        process.exit(1);
      }
    });
  });
  // Only now: the runner's own listeners came with the hook.
  gate = new LeakGate();
}
