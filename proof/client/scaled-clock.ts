import type { Clock, TimerHandle } from '../../host/src/node/load-core.js';

/** Longest delay of Node's timers; a longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Real time, `speed` times as fast: deadlines that are meant for people pass in a fraction of themselves. `jump` moves the
 * wall clock and no timer, as when a device corrects its time.
 */
export class ScaledClock implements Clock {
  private readonly timers = new Set<NodeJS.Timeout>();
  private anchorRealMs = performance.now();
  private anchorMs = Date.now();
  private currentSpeed: number;

  constructor(speed: number) {
    this.currentSpeed = speed;
  }

  /** Timers that run already keep the speed under which they were set. */
  set speed(speed: number) {
    this.anchorMs = this.nowMs();
    this.anchorRealMs = performance.now();
    this.currentSpeed = speed;
  }

  nowMs(): number {
    return Math.floor(this.anchorMs + (performance.now() - this.anchorRealMs) * this.currentSpeed);
  }

  jump(byMs: number): void {
    this.anchorMs += byMs;
  }

  setTimer(delayMs: number, callback: () => void): TimerHandle {
    const timer = setTimeout(
      () => {
        this.timers.delete(timer);
        callback();
      },
      Math.min(Math.max(0, delayMs) / this.currentSpeed, MAX_TIMER_MS),
    );
    this.timers.add(timer);
    return {
      cancel: () => {
        this.timers.delete(timer);
        clearTimeout(timer);
      },
    };
  }

  pendingTimers(): number {
    return this.timers.size;
  }
}
