/** Loaded before each test file: what a file leaves over fails it, by name, instead of keeping its process for ever. */
import { after } from 'node:test';
import { LeakGate } from './leak-gate';

/** The runner loads this too, and has no tests of its own. */
const isTestFile = process.env['NODE_TEST_CONTEXT'] !== undefined;

if (isTestFile) {
  const gate = new LeakGate();
  after(async () => {
    try {
      await gate.close();
    } catch (error) {
      console.error(error);
      // What is left would keep the process, and with it the run.
      process.exit(1);
    }
  });
}
