import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { forgetDeadBirths } from '../../host/src/test-runner/births';

let collect: (() => void) | null = null;

const ROUNDS = 3;

/**
 * Bytes of living objects. node:test keeps a note of every promise until it hears, in a later turn, that the promise is
 * gone: what a collection finds is only free for the next one.
 */
export async function liveHeapBytes(): Promise<number> {
  if (collect === null) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  forgetDeadBirths();
  for (let round = 0; round < ROUNDS; round++) {
    collect();
    await nextTurn();
  }
  collect();
  return process.memoryUsage().heapUsed;
}
