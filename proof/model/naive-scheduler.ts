/** What the reference knows of a job. Later jobs have larger ids. */
export interface NaiveJob {
  readonly id: number;
  readonly host: string;
  readonly cameMs: number;
  priority: number;
  state: 'waiting' | 'running' | 'ended';
}

export interface NaiveLimits {
  readonly maxConcurrent: number;
  readonly maxPerHost: number;
  readonly maxStreamsPerHost: number;
  readonly reservedForCritical: number;
  readonly ageingMs: number;
  readonly bandwidthWindowMs: number;
  readonly bandwidthFloorBytes: number;
}

export const CRITICAL = 3;
const WEIGHTS = [1, 2, 4, 8];
const STEPS = 8;

/** The rules of the scheduler, written to be obviously right: lists that are searched whenever somebody asks. */
export class NaiveScheduler {
  readonly jobs: NaiveJob[] = [];
  readonly http2 = new Set<string>();
  nowMs = 0;
  private readonly moved: { readonly priority: number; readonly bytes: number; readonly step: number }[] = [];

  constructor(private readonly limits: NaiveLimits) {}

  add(priority: number, host: string): NaiveJob {
    const job: NaiveJob = { id: this.jobs.length, host, cameMs: this.nowMs, priority, state: 'waiting' };
    this.jobs.push(job);
    return job;
  }

  note(priority: number, bytes: number): void {
    this.moved.push({ priority, bytes, step: this.step() });
  }

  in(state: NaiveJob['state']): NaiveJob[] {
    return this.jobs.filter((job) => job.state === state);
  }

  keyMs(job: NaiveJob): number {
    return job.cameMs + (CRITICAL - job.priority) * this.limits.ageingMs;
  }

  /** Of all that may start, the one with the smallest key; of equal keys the one that came first. */
  next(): NaiveJob | null {
    // What came first of a host and class goes first there, and may start if any of them may.
    const firsts = new Map<string, NaiveJob>();
    for (const job of this.in('waiting').reverse()) {
      firsts.set(`${job.host} ${job.priority}`, job);
    }
    return (
      [...firsts.values()]
        .filter((job) => this.hasRoom(job) && !this.isHeld(job))
        .sort((a, b) => this.keyMs(a) - this.keyMs(b) || a.id - b.id)[0] ?? null
    );
  }

  /** Whether the limits leave a slot to the job. */
  hasRoom(job: NaiveJob): boolean {
    const running = this.in('running');
    const atHost = running.filter(({ host }) => host === job.host);
    if (this.http2.has(job.host)) {
      return this.fits(job, atHost, this.limits.maxStreamsPerHost);
    }
    const shared = running.filter(({ host }) => !this.http2.has(host));
    return this.fits(job, atHost, this.limits.maxPerHost) && this.fits(job, shared, this.limits.maxConcurrent);
  }

  /** The times in the next `durationMs` at which a held job could become free, in order. */
  turns(durationMs: number): number[] {
    const endMs = this.nowMs + durationMs;
    const turns = this.in('waiting').map((job) => this.keyMs(job));
    const stepMs = Math.ceil(this.limits.bandwidthWindowMs / STEPS);
    for (let ms = (this.step() + 1) * stepMs; stepMs > 0 && ms <= endMs; ms += stepMs) {
      turns.push(ms);
    }
    return [...new Set(turns)].filter((ms) => ms > this.nowMs && ms <= endMs).sort((a, b) => a - b);
  }

  private fits(job: NaiveJob, running: NaiveJob[], limit: number): boolean {
    const common = running.filter(({ priority }) => priority !== CRITICAL).length;
    const commonLimit = Math.max(1, limit - this.limits.reservedForCritical);
    return running.length < limit && (job.priority === CRITICAL || common < commonLimit);
  }

  private isHeld(job: NaiveJob): boolean {
    const present = (priority: number): boolean =>
      this.jobs.some((other) => other.state !== 'ended' && other.priority === priority);
    const bytes = WEIGHTS.map((_, priority) =>
      this.moved
        .filter((move) => move.priority === priority && move.step > this.step() - STEPS)
        .reduce((sum, move) => sum + move.bytes, 0),
    );
    const own = bytes[job.priority] ?? 0;
    const all = bytes.reduce((sum, some) => sum + some, 0);
    const weights = WEIGHTS.reduce((sum, weight, priority) => sum + (present(priority) ? weight : 0), 0);
    return (
      this.limits.bandwidthWindowMs > 0 &&
      this.keyMs(job) > this.nowMs &&
      own > this.limits.bandwidthFloorBytes &&
      WEIGHTS.some((_, priority) => priority > job.priority && present(priority)) &&
      own * weights > all * (WEIGHTS[job.priority] ?? 0)
    );
  }

  private step(): number {
    const stepMs = Math.ceil(this.limits.bandwidthWindowMs / STEPS);
    return stepMs === 0 ? 0 : Math.floor(this.nowMs / stepMs);
  }
}
