import type { Clock, TimerHandle } from '../../host/src/node/load-core.js';

interface StepTimer extends TimerHandle {
  readonly dueMs: number;
  readonly callback: () => void;
}

/** Time for what is synchronous through and through: unlike `FakeClock`, it waits for no promise between two timers. */
export class StepClock implements Clock {
  /** How far `nowMs` has been set back. Timers do not care. */
  skewMs = 0;
  private timeMs = 0;
  private timers: StepTimer[] = [];

  nowMs(): number {
    return this.timeMs - this.skewMs;
  }

  setTimer(delayMs: number, callback: () => void): TimerHandle {
    const timer: StepTimer = {
      dueMs: this.timeMs + Math.max(0, delayMs),
      callback,
      cancel: () => {
        this.timers = this.timers.filter((other) => other !== timer);
      },
    };
    this.timers.push(timer);
    return timer;
  }

  pendingTimers(): number {
    return this.timers.length;
  }

  advance(durationMs: number): void {
    const endMs = this.timeMs + durationMs;
    for (;;) {
      const [next] = this.timers.filter(({ dueMs }) => dueMs <= endMs).sort((a, b) => a.dueMs - b.dueMs);
      if (next === undefined) {
        break;
      }
      next.cancel();
      this.timeMs = next.dueMs;
      next.callback();
    }
    this.timeMs = endMs;
  }
}
