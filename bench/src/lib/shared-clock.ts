/** Milliseconds of the system's monotonic clock: one clock domain for all processes of one machine. */

/** Of two readings a pause can come between; the largest difference of many is the one without. */
const READINGS = 100;
const OFFSET_MS = Math.max(
  ...Array.from({ length: READINGS }, () => Number(process.hrtime.bigint()) / 1e6 - performance.now()),
);

export function nowMs(): number {
  return performance.now() + OFFSET_MS;
}

export function waitMs(durationMs: number): Promise<void> {
  return new Promise((done) => setTimeout(done, durationMs));
}

export function waitUntil(atMs: number): Promise<void> {
  return waitMs(Math.max(0, atMs - nowMs()));
}
