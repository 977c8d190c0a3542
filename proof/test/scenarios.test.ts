import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { LeakGate } from '../../host/src/test-runner/leak-gate.js';
import { matrix, replayCommand, SMALL } from '../scenarios/run.js';

/** A new plan each day would turn red on a day that has nothing to do with it; long runs look for news. */
const SEED = 20_000;
/** They wait more than they work. */
const AT_ONCE = 4;

describe('nothing is lost, doubled, reordered or invented', { concurrency: AT_ONCE }, () => {
  let gate: LeakGate;
  before(() => {
    gate = new LeakGate();
  });
  after(() => gate.close());

  for (const run of matrix(SEED).filter(({ isForLongRuns }) => !isForLongRuns)) {
    test(`${run.scenario} over ${run.transport}`, async () => {
      const { violations, events } = await run.go(SMALL);
      assert.deepEqual(violations, [], `seed ${run.seed}; again: ${replayCommand(run, false)}`);
      assert.ok(events > 0);
    });
  }
});
