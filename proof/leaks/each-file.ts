/** Loaded before each test file: what a file leaves over fails it, by name, instead of keeping its process for ever. */
import { after } from 'node:test';
import { LeakGate, PATIENCE_MS } from './leak-gate';

/** The runner loads this too, and has no tests of its own. */
const isTestFile = process.env['NODE_TEST_CONTEXT'] !== undefined;

if (isTestFile) {
  const gate = new LeakGate();
  // The file's own hooks come after this one, so it only starts the clock. A process that holds nothing ends before.
  after(() => {
    setTimeout(() => {
      console.error(`expected nothing left over, got ${gate.leaked().join(', ')}`);
      process.exit(1);
    }, PATIENCE_MS).unref();
  });
}
