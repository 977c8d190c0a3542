/**
 * The living client under frames that no server should send. Everything follows from the seed, which is printed:
 *
 *     PARLEY_FRAMES=200000 PARLEY_SEED=7 npm run test:proof -- fuzz
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WireValue } from '../../common/core/src/main/ets/wire/WireValue';
import { loadCore } from '../../host/src/node/load-core.js';
import { Dice } from '../../server/test/support/mutations';
import { EXAMPLES } from '../../server/test/support/protocol-page';
import { ChatFuzz } from './chat-fuzz.js';
import { ManagerFuzz } from './manager-fuzz.js';

/** As for the models: a new seed each day would turn red on a day that has nothing to do with it. */
const SEED = Number(process.env['PARLEY_SEED'] ?? 20_000);
const FRAMES = Number(process.env['PARLEY_FRAMES'] ?? 20_000);
/** After so many a client recovers, is disposed, and another one starts. */
const FRAMES_PER_LIFE = 250;

const SERVER_FRAMES = EXAMPLES.filter(({ kind }) => kind.startsWith('server')).flatMap(({ text }) => {
  const value = JSON.parse(text) as WireValue;
  return Array.isArray(value) ? (value as WireValue[]) : [value];
});

/** `lives` clients one after the other; a failure names the seed of the life that failed. */
async function live(who: string, lives: number, play: (dice: Dice) => Promise<number>): Promise<void> {
  console.log(`  fuzz ${who}: ${lives * FRAMES_PER_LIFE} frames, seed ${SEED}`);
  let refused = 0;
  for (let life = 0; life < lives; life++) {
    try {
      refused += await play(new Dice(SEED + life));
    } catch (error) {
      const again = `PARLEY_SEED=${SEED + life} PARLEY_FRAMES=${2 * FRAMES_PER_LIFE} npm run test:proof -- fuzz`;
      throw new Error(`${(error as Error).message}\nlife ${life}; again: ${again}`, { cause: error });
    }
  }
  assert.ok(refused > lives, `expected that frames are refused, got ${refused} complaints`);
}

const LIVES = Math.max(1, Math.round(FRAMES / 2 / FRAMES_PER_LIFE));

void test('the manager survives whatever it is told, and answers come again when good frames do', async () => {
  const core = await loadCore();
  await live('manager', LIVES, (dice) => new ManagerFuzz(core, dice).play(FRAMES_PER_LIFE));
});

void test('the chat survives whatever it is told, and shows the log again when good frames come', async () => {
  const core = await loadCore();
  await live('chat', LIVES, (dice) => new ChatFuzz(core, dice, SERVER_FRAMES).play(FRAMES_PER_LIFE));
});
