import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Shutdown } from '../../src/operations/shutdown';
import { FakeClock } from '../support/fake-clock';

interface World {
  readonly clock: FakeClock;
  readonly shutdown: Shutdown;
  readonly ends: string[];
  closes: number;
  finish: () => void;
  fail: (error: Error) => void;
}

function make(): World {
  const clock = new FakeClock();
  const ends: string[] = [];
  let sentence = '';
  const world = { clock, ends, closes: 0 } as World & { shutdown: Shutdown };
  const shutdown = new Shutdown({
    clock,
    limitMs: 30_000,
    close: () => {
      world.closes++;
      return new Promise((resolve, reject) => {
        world.finish = resolve;
        world.fail = reject;
      });
    },
    complain: (text) => (sentence = text.split('\n')[0] ?? ''),
    exit: (code) => ends.push(`${code} ${sentence}`.trim()),
  });
  return Object.assign(world, { shutdown });
}

function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('Shutdown', () => {
  test('exits with 0 once everything is closed, and leaves no timer behind', async () => {
    const world = make();
    world.shutdown.onSignal();
    await settle();
    assert.deepEqual([world.closes, world.ends], [1, []]);
    world.finish();
    await settle();
    assert.deepEqual(world.ends, ['0']);
    assert.equal(world.clock.timerCount, 0);
  });

  test('ends at once at a second signal, and only once', async () => {
    const world = make();
    world.shutdown.onSignal();
    world.shutdown.onSignal();
    world.shutdown.onSignal();
    world.finish();
    await settle();
    assert.deepEqual([world.closes, world.ends], [1, ['1 Ended at once by a second signal.']]);
  });

  test('gives up a close that hangs', () => {
    const world = make();
    world.shutdown.onSignal();
    world.clock.advance(29_999);
    assert.deepEqual(world.ends, []);
    world.clock.advance(1);
    assert.deepEqual(world.ends, ['1 The server did not close in 30000 ms.']);
  });

  test('says why a close failed', async () => {
    const world = make();
    world.shutdown.onSignal();
    world.fail(new Error('disk full'));
    await settle();
    assert.deepEqual(world.ends, ['1 The server did not close cleanly: Error: disk full']);
  });
});
