/**
 * Random sequences against a reference model. Everything follows from the seed, which is printed:
 *
 *     PARLEY_SEQUENCES=100000 PARLEY_SEED=7 npm run test:proof -- model
 *
 * A failure names the command that plays only its shrunk sequence again.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';

/** Of all models together. */
const DEFAULT_SEQUENCES = 10_000;
/** A new seed each day would turn red on a day that has nothing to do with it; long runs with other seeds look for news. */
const DEFAULT_SEED = 20_000;

/** How much of all sequences a model gets: by what one of its sequences costs, and by how much there is to find. */
export const SHARES = { queue: 0.55, scheduler: 0.05, sender: 0.22, manager: 0.15, chat: 0.03 } as const;

export type ModelName = keyof typeof SHARES;

/** Plays random `sequences`; rejects with seed, path and the shortest sequence found on which `play` rejects. */
export async function explore<T>(
  model: ModelName,
  sequences: fc.Arbitrary<T>,
  play: (sequence: T) => Promise<void>,
): Promise<void> {
  const count = Math.max(1, Math.round(numberFrom('PARLEY_SEQUENCES', DEFAULT_SEQUENCES) * SHARES[model]));
  const seed = numberFrom('PARLEY_SEED', DEFAULT_SEED);
  const path = process.env['PARLEY_PATH'];
  console.log(`  model ${model}: ${count} sequences, seed ${seed}`);
  const run = await fc.check(
    fc.asyncProperty(sequences, play),
    path === undefined
      ? { numRuns: count, seed, includeErrorInReport: true }
      : { seed, path, endOnFailure: true, includeErrorInReport: true },
  );
  if (run.failed) {
    const again = `PARLEY_SEED=${run.seed} PARLEY_PATH=${run.counterexamplePath ?? '0'}`;
    assert.fail(`${await fc.asyncDefaultReportMessage(run)}\nagain: ${again} npm run test:proof -- model/${model}`);
  }
  assert.ok(path !== undefined || run.numRuns === count, `expected ${count} sequences, played ${run.numRuns}`);
}

function numberFrom(name: string, usual: number): number {
  const value = Number(process.env[name] ?? usual);
  assert.ok(Number.isSafeInteger(value) && value !== 0, `${name}: expected an integer, got '${process.env[name]}'`);
  return value;
}
