import assert from 'node:assert/strict';
import type { Core, QueueTicket } from '../../host/src/node/load-core.js';
import { CRITICAL, type NaiveJob, type NaiveLimits, NaiveScheduler } from './naive-scheduler.js';
import { StepClock } from './step-clock.js';

/** What a job does inside its `start`. */
export type Inside = 'nothing' | 'release' | 'add' | 'cancel' | 'raise';

/** `which` picks among all jobs ever added, counted back from the newest: it may be in any state. */
export type SchedulerAction =
  | {
      readonly do: 'add';
      readonly priority: number;
      readonly host: string;
      readonly times: number;
      readonly inside: Inside;
    }
  | { readonly do: 'release'; readonly times: number; readonly bytes: number }
  | { readonly do: 'releaseAny'; readonly which: number; readonly bytes: number }
  | { readonly do: 'cancel'; readonly which: number; readonly every: number; readonly times: number }
  | {
      readonly do: 'setPriority';
      readonly which: number;
      readonly every: number;
      readonly times: number;
      readonly priority: number;
    }
  | { readonly do: 'protocol'; readonly host: string; readonly isHttp2: boolean }
  | { readonly do: 'note'; readonly priority: number; readonly bytes: number }
  | { readonly do: 'advance'; readonly ms: number }
  | { readonly do: 'setClockBack'; readonly ms: number };

/** One scheduler next to its reference: after each action they must have started the same jobs at the same times. */
export class SchedulerRun {
  private readonly clock = new StepClock();
  private readonly scheduler;
  private readonly naive: NaiveScheduler;
  private readonly tickets: QueueTicket[] = [];
  private readonly insides: Inside[] = [];
  /** What really started since the last comparison, and what had to: `id@ms`. */
  private started: string[] = [];
  private expected: string[] = [];
  /** The books of the check of limits, from real starts and ends alone. */
  private readonly running = new Map<number, NaiveJob>();
  private isStarting = false;

  constructor(
    private readonly core: Core,
    private readonly limits: NaiveLimits,
  ) {
    this.naive = new NaiveScheduler(limits);
    this.scheduler = new core.RequestScheduler(this.clock, limits);
  }

  play(action: SchedulerAction): void {
    switch (action.do) {
      case 'add':
        for (let i = 0; i < action.times; i++) {
          this.add(action.priority, action.host, action.inside);
        }
        break;
      case 'release':
        for (const id of [...this.running.keys()].slice(0, action.times)) {
          this.release(id, action.bytes);
        }
        break;
      case 'releaseAny':
        this.each(action.which, 1, 1, (id) => {
          this.release(id, action.bytes);
        });
        break;
      case 'cancel':
        this.each(action.which, action.every, action.times, (id) => {
          this.cancel(id);
        });
        break;
      case 'setPriority':
        this.each(action.which, action.every, action.times, (id) => {
          this.setPriority(id, action.priority);
        });
        break;
      case 'protocol':
        this.setProtocol(action.host, action.isHttp2);
        break;
      case 'note':
        this.naive.note(action.priority, action.bytes);
        this.scheduler.noteBytes(action.priority, action.bytes);
        break;
      case 'advance':
        this.advance(action.ms);
        break;
      case 'setClockBack':
        this.clock.skewMs += action.ms;
        // The scheduler only sees what the clock says whenever it asks.
        this.scheduler.noteBytes(0, 0);
    }
    this.compare();
  }

  /** Lets all end, a step at a time: whatever waits must come to its turn, and nothing may be left. */
  end(): void {
    for (let rounds = 0; this.naive.in('waiting').length + this.running.size > 0; rounds++) {
      assert.ok(rounds < 10_000, 'the queue stands still');
      for (const id of [...this.running.keys()]) {
        this.release(id, 0);
      }
      if (this.running.size === 0) {
        this.advance(100);
      }
      this.compare();
    }
    assert.equal(this.clock.pendingTimers(), 0);
  }

  private add(priority: number, host: string, inside: Inside): void {
    const job = this.naive.add(priority, host);
    this.insides.push(inside);
    const ticket = this.scheduler.enqueue({
      hostKey: host,
      priority,
      start: (own) => {
        this.tickets[job.id] = own;
        this.onStart(job);
      },
    });
    assert.equal(this.tickets[job.id] ?? ticket, ticket);
    this.tickets[job.id] = ticket;
    this.settleNaive();
  }

  /** The reference starts its next one too; then what happens inside happens to both. */
  private onStart(job: NaiveJob): void {
    this.checkLimits(job);
    this.checkOvertaking(job);
    const due = this.naive.next();
    this.expected.push(`${due?.id}@${this.naive.nowMs}`);
    this.started.push(`${job.id}@${this.clock.nowMs() + this.clock.skewMs}`);
    job.state = 'running';
    this.running.set(job.id, job);
    this.isStarting = true;
    switch (this.insides[job.id]) {
      case 'release':
        this.release(job.id, 1000);
        break;
      case 'add':
        this.add(job.priority, job.host, 'nothing');
        break;
      case 'cancel':
        this.each(1, 1, 1, (id) => {
          this.cancel(id);
        });
        break;
      case 'raise':
        this.each(2, 1, 1, (id) => {
          this.setPriority(id, CRITICAL);
        });
    }
    this.isStarting = false;
  }

  private release(id: number, bytes: number): void {
    const job = this.naive.jobs[id];
    assert.ok(job !== undefined);
    if (job.state === 'running') {
      this.naive.note(job.priority, bytes);
    }
    job.state = 'ended';
    this.running.delete(id);
    this.tickets[id]?.release(bytes);
    this.settleNaive();
  }

  private cancel(id: number): void {
    const job = this.naive.jobs[id];
    assert.ok(job !== undefined);
    const ticket = this.tickets[id];
    const isWaiting = job.state === 'waiting';
    if (ticket !== undefined) {
      job.state = isWaiting ? 'ended' : job.state;
      assert.equal(ticket.isQueued(), isWaiting);
      assert.equal(ticket.cancel(), isWaiting);
      assert.ok(!ticket.isQueued());
    }
    this.settleNaive();
  }

  private setPriority(id: number, priority: number): void {
    const job = this.naive.jobs[id];
    assert.ok(job !== undefined);
    const ticket = this.tickets[id];
    const isWaiting = job.state === 'waiting';
    if (ticket !== undefined) {
      job.priority = isWaiting ? priority : job.priority;
      assert.equal(ticket.setPriority(priority), isWaiting);
    }
    this.settleNaive();
  }

  private setProtocol(host: string, isHttp2: boolean): void {
    if (isHttp2) {
      this.naive.http2.add(host);
    } else {
      this.naive.http2.delete(host);
    }
    this.scheduler.setProtocol(host, isHttp2 ? this.core.HttpProtocol.Http2 : this.core.HttpProtocol.Http1);
    this.settleNaive();
  }

  private advance(ms: number): void {
    const endMs = this.naive.nowMs + ms;
    for (const turnMs of [...this.naive.turns(ms), endMs]) {
      const stepMs = turnMs - this.naive.nowMs;
      this.naive.nowMs = turnMs;
      this.clock.advance(stepMs);
      this.settleNaive();
    }
  }

  /** Outside of a `start`, nothing may be left that the reference would start. */
  private settleNaive(): void {
    if (!this.isStarting) {
      assert.equal(this.naive.next()?.id, undefined, 'a job waits that may start');
    }
  }

  private checkLimits(job: NaiveJob): void {
    const all = [...this.running.values(), job];
    const isHttp2 = this.naive.http2.has(job.host);
    const groups: [NaiveJob[], number][] = [
      [all.filter(({ host }) => host === job.host), isHttp2 ? this.limits.maxStreamsPerHost : this.limits.maxPerHost],
    ];
    if (!isHttp2) {
      groups.push([all.filter(({ host }) => !this.naive.http2.has(host)), this.limits.maxConcurrent]);
    }
    for (const [group, limit] of groups) {
      assert.ok(group.length <= limit, `${group.length} run under a limit of ${limit}`);
      const common = group.filter(({ priority }) => priority !== CRITICAL).length;
      const most = Math.max(1, limit - this.limits.reservedForCritical);
      assert.ok(job.priority === CRITICAL || common <= most, `${common} run where ${most} may`);
    }
  }

  /** Against the jobs of the same host that could have had this slot. */
  private checkOvertaking(job: NaiveJob): void {
    for (const other of this.naive.in('waiting')) {
      const isBehind = other.id < job.id && other.host === job.host;
      if (isBehind && (job.priority !== CRITICAL || other.priority === CRITICAL)) {
        assert.notEqual(other.priority, job.priority, `${job.id} overtook ${other.id} of its own class`);
        const boundMs = (CRITICAL - other.priority) * this.limits.ageingMs;
        assert.ok(job.cameMs < other.cameMs + boundMs, `${job.id} overtook ${other.id} beyond the bound`);
      }
    }
  }

  private each(which: number, every: number, times: number, act: (id: number) => void): void {
    const newest = this.naive.jobs.length - 1;
    for (let i = 0; i < times; i++) {
      const id = newest - which - i * every;
      if (id >= 0) {
        act(id);
      }
    }
  }

  private compare(): void {
    assert.deepEqual(this.started, this.expected);
    this.started = [];
    this.expected = [];
    const stats = this.scheduler.stats();
    const waiting = this.naive.in('waiting');
    const count = (jobs: NaiveJob[]): number[] => [0, 1, 2, 3].map((p) => jobs.filter((j) => j.priority === p).length);
    assert.deepEqual(stats.queuedByPriority, count(waiting));
    assert.deepEqual(stats.runningByPriority, count(this.naive.in('running')));
    assert.equal(stats.running, this.running.size);
    assert.equal(stats.longestWaitMs, Math.max(0, ...waiting.map((job) => this.naive.nowMs - job.cameMs)));
  }
}
