/**
 * `npm run chaos -- [--seed S] [--minutes M]`: the whole matrix, again and again with new seeds, until the time is over. Ends
 * with `N histories, N violations`; exit code 1 on any violation, and when there was no history.
 *
 * `--scenario NAME` and `--transport NAME` keep those cells; `--run-seed S` runs one cell with the seed that a failure named;
 * `--small` is the size of `npm test`.
 */
import { parseArgs } from 'node:util';
import { LeakGate } from '../../host/src/test-runner/leak-gate.js';
import { LARGE, matrix, replayCommand, SMALL, type Run } from '../scenarios/run.js';

const AT_ONCE = 3;
/** Seeds of two rounds must not meet: a round has fewer cells. */
const SEEDS_PER_ROUND = 1000;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
    minutes: { type: 'string', default: '5' },
    scenario: { type: 'string' },
    transport: { type: 'string' },
    'run-seed': { type: 'string' },
    small: { type: 'boolean', default: false },
  },
});
const seed = numberOf('--seed', values.seed);
const minutes = numberOf('--minutes', values.minutes);
const amount = values.small ? SMALL : LARGE;
const endsAtMs = performance.now() + minutes * 60_000;
const gate = new LeakGate();
let histories = 0;
let violations = 0;

function numberOf(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) {
    console.error(`${name}: expected a number from 0 on, got "${text}"`);
    process.exit(2);
  }
  return value;
}

function cells(roundSeed: number): Run[] {
  const isWanted = (run: Run): boolean =>
    (values.scenario === undefined || values.scenario === run.scenario) &&
    (values.transport === undefined || values.transport === run.transport);
  return matrix(roundSeed).filter(isWanted);
}

async function go(run: Run): Promise<void> {
  const startedAtMs = performance.now();
  const result = await run.go(amount);
  histories += 1;
  violations += result.violations.length;
  const took = `${((performance.now() - startedAtMs) / 1000).toFixed(1)} s`;
  console.log(`${run.scenario} over ${run.transport}, seed ${run.seed}: ${result.events} events, ${took}`);
  if (result.violations.length > 0) {
    result.violations.forEach((text) => console.log(`  VIOLATION ${text.replaceAll('\n', '\n    ')}`));
    console.log(`  again: ${replayCommand(run, !values.small)}`);
  }
}

async function goAll(runs: readonly Run[], isOver: () => boolean): Promise<void> {
  const waiting = [...runs];
  const work = async (): Promise<void> => {
    for (let run = waiting.shift(); run !== undefined && !isOver(); run = waiting.shift()) {
      await go(run);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

if (values['run-seed'] !== undefined) {
  const runSeed = numberOf('--run-seed', values['run-seed']);
  // The seed of a cell is the round's plus its place in the matrix.
  const runs = cells(0).flatMap((cell) => cells(runSeed - cell.seed).filter(({ seed: own }) => own === runSeed));
  await goAll(runs.slice(0, 1), () => false);
} else {
  console.log(`seed ${seed}`);
  for (let round = 0; round === 0 || performance.now() < endsAtMs; round++) {
    const runs = cells(seed + round * SEEDS_PER_ROUND);
    if (runs.length === 0) {
      break;
    }
    // The first round is always whole.
    await goAll(runs, () => round > 0 && performance.now() >= endsAtMs);
  }
}
try {
  await gate.close();
} catch (error) {
  violations += 1;
  console.log(`  VIOLATION ${(error as Error).message}`);
}
console.log(`${histories} histories, ${violations} violations`);
process.exit(violations > 0 || histories === 0 ? 1 : 0);
