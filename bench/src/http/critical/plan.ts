import type { Items } from '../items';

/** One round of one contender. */
export interface CriticalPlan {
  /** Ids of the urgent requests; they go out one by one. */
  readonly criticals: Items;
  readonly everyMs: number;
  /** Low requests that wait, beside those that run. As one is answered the next one comes. 0: the client is idle. */
  readonly queued: number;
  /** The low requests have the ids from here on, as many as it takes. */
  readonly lowFrom: number;
}

/** What the server takes for an urgent request. */
export const CRITICAL_TAKES_MS = 4;

/** What it takes for low request `id`: 2 to 6 ms, spread by the id, so that slots get free at all times and not in step. */
export function lowTakesMs(id: number): number {
  return 2 + ((Math.imul(id, 2_654_435_761) >>> 16) % 5);
}
