import type { Clock } from '../ports/clock';
import type { Terminal } from './terminal';

/** How often a person who watches is told. */
const EVERY_MS = 250;
/** How often a log file is. */
const EVERY_UNWATCHED_MS = 5000;

/** Says on standard error how far long work has come: how many, and how many a second. */
export class Progress {
  private count = 0;
  private readonly sinceMs: number;
  private toldAtMs: number;
  private hasTold = false;

  /** `noun` is what is counted. Says nothing at all where `isOn` is false. */
  constructor(
    private readonly terminal: Terminal,
    private readonly clock: Clock,
    private readonly noun: string,
    private readonly isOn: boolean,
  ) {
    this.sinceMs = clock.nowMs();
    this.toldAtMs = this.sinceMs;
  }

  add(count: number): void {
    this.count += count;
    const nowMs = this.clock.nowMs();
    const everyMs = this.terminal.isWatched ? EVERY_MS : EVERY_UNWATCHED_MS;
    if (this.isOn && nowMs - this.toldAtMs >= everyMs) {
      this.toldAtMs = nowMs;
      this.tell(this.terminal.isWatched ? '' : '\n');
    }
  }

  /** The last word. */
  finish(): void {
    if (this.isOn) {
      this.tell('\n');
    }
  }

  private tell(end: string): void {
    const seconds = (this.clock.nowMs() - this.sinceMs) / 1000;
    const rate = seconds > 0 ? Math.round(this.count / seconds) : this.count;
    // A person sees one line that changes; its end is wiped, because the next one may be shorter.
    const start = this.terminal.isWatched && this.hasTold ? '\r\u001b[K' : '';
    this.hasTold = true;
    this.terminal.note(`${start}${this.count} ${this.noun}, ${rate} a second${end}`);
  }
}
