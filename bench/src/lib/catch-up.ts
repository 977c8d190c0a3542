/** One forced outage of one receiver's line, in milliseconds of the shared clock. */
export interface Outage {
  readonly cutAtMs: number;
  /** From here on the line can be had again. */
  readonly restoredAtMs: number;
}

/** `Infinity` in `catchUpMs`: something that was owed never came. */
export interface CatchUp {
  /** For each outage that left something owed: from the line's return to the arrival of the last message owed. */
  readonly catchUpMs: number[];
  /** For each message sent while the line was cut: from its intended send time to its arrival. */
  readonly lateMs: number[];
}

/**
 * Owed after an outage is what was sent before the line's return and had not arrived when it was cut, and was not owed to an
 * earlier outage. What a client spends on its backoff counts in: the line was there, the client was not.
 */
export function catchUpOf(
  intendedAtMs: readonly number[],
  arrivedAtMs: ArrayLike<number>,
  outages: readonly Outage[],
): CatchUp {
  const catchUpMs: number[] = [];
  const lateMs: number[] = [];
  let next = 0;
  for (const { cutAtMs, restoredAtMs } of [...outages].sort((a, b) => a.cutAtMs - b.cutAtMs)) {
    let caughtUpAtMs = -1;
    for (; next < intendedAtMs.length && (intendedAtMs[next] as number) < restoredAtMs; next++) {
      const sentAtMs = intendedAtMs[next] as number;
      const arrived = arrivedAtMs[next] ?? Infinity;
      if (arrived < cutAtMs) {
        continue;
      }
      caughtUpAtMs = Math.max(caughtUpAtMs, arrived);
      if (sentAtMs >= cutAtMs) {
        lateMs.push(arrived - sentAtMs);
      }
    }
    if (caughtUpAtMs >= 0) {
      catchUpMs.push(Math.max(0, caughtUpAtMs - restoredAtMs));
    }
  }
  return { catchUpMs, lateMs };
}
