import type { Logger } from 'pino';
import type { Clock } from '../ports/clock';

/** One thing without which the server is of no use to a client. */
export interface ReadinessCheck {
  /** Shown to whoever asks; a fixed word. */
  readonly name: string;
  /** Rejects where the thing cannot be used now. */
  check(): Promise<void>;
}

/** Why a check failed is for the log: who asks learns only that it did. */
export interface FailedCheck {
  readonly name: string;
  readonly reason: string;
}

export interface ReadinessReport {
  readonly ready: boolean;
  readonly failing: readonly FailedCheck[];
}

export interface ReadinessParts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly checks: readonly ReadinessCheck[];
  /** A check without an answer in this time has failed. Default 2 s. */
  readonly timeoutMs?: number;
  /** A report is given again for this time, so that asking often costs nothing. Default 1 s. */
  readonly cacheMs?: number;
}

const DEFAULT_TIMEOUT_MS = 2000;
const DEFAULT_CACHE_MS = 1000;
const DRAINING: ReadinessReport = { ready: false, failing: [{ name: 'draining', reason: 'the server shuts down' }] };

/** One check whose answer may never come: it is not asked again before the last answer is there. */
class Probe {
  private pending: Promise<string | null> | null = null;

  constructor(
    private readonly target: ReadinessCheck,
    private readonly timeoutMs: number,
    private readonly parts: ReadinessParts,
  ) {}

  get name(): string {
    return this.target.name;
  }

  /** Null where all is well, else why not. Never rejects. */
  async failure(): Promise<string | null> {
    this.pending ??= this.ask().finally(() => {
      this.pending = null;
    });
    const { pending, timeoutMs } = this;
    return new Promise((resolve) => {
      const timer = this.parts.clock.setTimer(timeoutMs, () => resolve(`no answer in ${timeoutMs} ms`));
      void pending.then((reason) => {
        timer.cancel();
        resolve(reason);
      });
    });
  }

  private async ask(): Promise<string | null> {
    try {
      await this.target.check();
      return null;
    } catch (error) {
      this.parts.log.debug({ check: this.name, err: error }, 'readiness check failed');
      return 'failed';
    }
  }
}

/** Whether traffic should come here: every check answers, and the server does not shut down. */
export class Readiness {
  private readonly probes: readonly Probe[];
  private readonly cacheMs: number;
  private isDraining = false;
  private current: Promise<ReadinessReport> | null = null;
  private currentUntilMs = 0;
  /** What the last report said: a change is worth a line in the log. */
  private wasReady = true;

  constructor(private readonly parts: ReadinessParts) {
    const timeoutMs = parts.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.probes = parts.checks.map((check) => new Probe(check, timeoutMs, parts));
    this.cacheMs = parts.cacheMs ?? DEFAULT_CACHE_MS;
  }

  /** From now on the server is not ready, whatever the checks say. There is no way back. */
  startDraining(): void {
    this.isDraining = true;
  }

  /** Asks the checks, all at once, or gives the last report again. Never rejects. */
  async report(): Promise<ReadinessReport> {
    if (this.isDraining) {
      return DRAINING;
    }
    if (this.current === null || this.parts.clock.nowMs() >= this.currentUntilMs) {
      // Whoever asks while the checks run gets their answer too.
      this.currentUntilMs = Number.POSITIVE_INFINITY;
      this.current = this.ask();
    }
    const report = await this.current;
    return this.isDraining ? DRAINING : report;
  }

  private async ask(): Promise<ReadinessReport> {
    const reasons = await Promise.all(this.probes.map((probe) => probe.failure()));
    this.currentUntilMs = this.parts.clock.nowMs() + this.cacheMs;
    const failing = this.probes.flatMap(({ name }, index): FailedCheck[] => {
      const reason = reasons[index] ?? null;
      return reason === null ? [] : [{ name, reason }];
    });
    const ready = failing.length === 0;
    if (ready !== this.wasReady) {
      this.wasReady = ready;
      if (ready) {
        this.parts.log.info('ready again');
      } else {
        this.parts.log.warn({ failing }, 'not ready');
      }
    }
    return { ready, failing };
  }
}
