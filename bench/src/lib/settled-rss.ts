import { waitMs } from './shared-clock';

/** V8's own collector, there with `--expose-gc`. `last-resort` gives back what it would keep for later. */
type Collect = (options: {
  readonly type: 'major';
  readonly execution: 'sync';
  readonly flavor: 'last-resort';
}) => void;

const COLLECTIONS = 3;
const PAUSE_MS = 300;

/** Resident memory of this process in bytes, when everything that can be freed was. Needs `--expose-gc`. */
export async function settledRss(): Promise<number> {
  const { gc } = globalThis as { readonly gc?: Collect };
  if (gc === undefined) {
    throw new Error('settledRss: expected --expose-gc, got a process without');
  }
  for (let i = 0; i < COLLECTIONS; i++) {
    gc({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    await waitMs(PAUSE_MS);
  }
  return process.memoryUsage.rss();
}
