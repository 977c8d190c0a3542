export interface Timer {
  /** Harmless after the timer fired. */
  cancel(): void;
}

/** The only source of time: tests put a fake in its place. */
export interface Clock {
  nowMs(): number;
  setTimer(afterMs: number, run: () => void): Timer;
}

/** Longest delay of Node's timers; a longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export class SystemClock implements Clock {
  nowMs(): number {
    return Date.now();
  }

  setTimer(afterMs: number, run: () => void): Timer {
    const handle = setTimeout(run, Math.min(Math.max(afterMs, 0), MAX_TIMER_MS));
    return { cancel: () => clearTimeout(handle) };
  }
}

/** Fulfilled `ms` later; at once for 0. */
export function pause(clock: Clock, ms: number): Promise<void> {
  return ms > 0 ? new Promise((resolve) => void clock.setTimer(ms, resolve)) : Promise.resolve();
}
