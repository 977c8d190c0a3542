import type { Clock, Timer } from '../../src/ports/clock';

interface Pending {
  readonly atMs: number;
  readonly run: () => void;
}

/** Time that moves only when a test says so. */
export class FakeClock implements Clock {
  private readonly pending = new Set<Pending>();

  constructor(private currentMs = 1_790_000_000_000) {}

  nowMs(): number {
    return this.currentMs;
  }

  setTimer(afterMs: number, run: () => void): Timer {
    const entry = { atMs: this.currentMs + Math.max(0, afterMs), run };
    this.pending.add(entry);
    return { cancel: () => this.pending.delete(entry) };
  }

  /** Runs what falls due on the way, in its order, each at its own time. */
  advance(byMs: number): void {
    const endMs = this.currentMs + byMs;
    for (;;) {
      const [next] = [...this.pending].filter((entry) => entry.atMs <= endMs).sort((a, b) => a.atMs - b.atMs);
      if (next === undefined) {
        break;
      }
      this.pending.delete(next);
      this.currentMs = next.atMs;
      next.run();
    }
    this.currentMs = endMs;
  }

  /** Time in which the process stands still: what fell due meanwhile runs at its end. */
  stall(forMs: number): void {
    this.currentMs += forMs;
    const due = [...this.pending].filter((entry) => entry.atMs <= this.currentMs).sort((a, b) => a.atMs - b.atMs);
    due.forEach((entry) => {
      if (this.pending.delete(entry)) {
        entry.run();
      }
    });
  }

  get timerCount(): number {
    return this.pending.size;
  }
}
