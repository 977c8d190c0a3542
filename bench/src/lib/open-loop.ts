import { nowMs } from './shared-clock';

export interface Schedule {
  /** Of the first message, by the shared clock. */
  readonly startAtMs: number;
  readonly perSecond: number;
  /** Messages that share one intended time. */
  readonly burst: number;
  readonly count: number;
}

/** When message `index` is meant to go out. Latency counts from here, however late the sender really was. */
export function intendedAtMs({ startAtMs, perSecond, burst }: Schedule, index: number): number {
  return startAtMs + (Math.floor(index / burst) * burst * 1000) / perSecond;
}

/**
 * Calls `send` with the first and the past-the-end number of all that are due, until all went out. Open loop: it never waits for
 * an answer, and after a delay it catches up at once instead of shifting the schedule.
 */
export function runOpenLoop(schedule: Schedule, send: (from: number, to: number) => void): Promise<void> {
  let next = 0;
  return new Promise((done, fail) => {
    const step = (): void => {
      const now = nowMs();
      let end = next;
      while (end < schedule.count && intendedAtMs(schedule, end) <= now) {
        end++;
      }
      try {
        if (end > next) {
          send(next, end);
          next = end;
        }
      } catch (error) {
        fail(error as Error);
        return;
      }
      if (next >= schedule.count) {
        done();
        return;
      }
      setTimeout(step, Math.max(0, Math.floor(intendedAtMs(schedule, next) - nowMs())));
    };
    step();
  });
}
