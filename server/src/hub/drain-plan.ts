/** When one connection is told to go, counted from the start, and what it is told. */
export interface Farewell {
  readonly atMs: number;
  readonly retryAfterMs: number;
}

/** The earliest a client is asked back: a restart takes about as long. */
export const BYE_RETRY_MS = 1000;
/** Connections are told in groups at this distance: one timer each, however many there are. */
const GROUP_MS = 250;
/** What taking one client back costs a server at most: its token, its rooms, what it missed. */
const RETURN_MS = 10;
const MAX_WINDOW_MS = 10_000;

/** Over how long `connections` should come back, so that whoever takes them in has other work done too. */
export function returnWindowMs(connections: number): number {
  return Math.min(MAX_WINDOW_MS, RETURN_MS * connections);
}

/**
 * One farewell for each of `connections`, in their order. They leave over `spreadMs` in groups, and come back evenly over
 * `spreadMs` or the return window, whichever is longer: the part of it that is not in when they are told is in what they are
 * told, and no two are told the same moment.
 */
export function planDrain(connections: number, spreadMs: number): Farewell[] {
  const windowMs = Math.max(spreadMs, returnWindowMs(connections));
  return Array.from({ length: connections }, (_, index) => {
    const share = index / connections;
    const atMs = Math.floor((share * spreadMs) / GROUP_MS) * GROUP_MS;
    return { atMs, retryAfterMs: BYE_RETRY_MS + Math.round(share * windowMs) - atMs };
  });
}
