import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collect: (() => void) | null = null;

/** Bytes of living objects, after a collection. */
export function liveHeapBytes(): number {
  if (collect === null) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  // The second one takes what the finalizers of the first one let go.
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}
