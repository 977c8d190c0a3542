import { Histogram, type Registry } from 'prom-client';
import type { LogCommand, LogOutcome } from '../../store/store';
import type { StoreCallEnd, StoreMethod, StoreObserver } from '../../store/observed-store';
import { Tally } from './tally';

const CALL_BUCKETS_S = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
/** The commit line never sends more than 256 at once. */
const BATCH_BUCKETS = [1, 2, 4, 8, 16, 32, 64, 128, 256];
const KINDS: readonly LogCommand['kind'][] = ['create', 'join', 'leave', 'message'];
const STATUSES: readonly LogOutcome['status'][] = ['applied', 'repeated', 'refused'];

/** Calls of the store, its commits and what they wrote. Source of the names: docs/OPERATIONS.md, "Metrics". */
export class StoreMetrics implements StoreObserver {
  private readonly calls: Histogram<'method'>;
  private readonly commits: Histogram;
  private readonly batches: Histogram;
  private readonly failures: Tally;
  private readonly commands: ReadonlyMap<LogOutcome['status'], Tally>;

  /** `nowMs` is a clock that never goes back. */
  constructor(
    registry: Registry,
    private readonly nowMs: () => number,
  ) {
    this.calls = new Histogram({
      name: 'parley_store_seconds',
      help: 'Calls of the store by method, commits left out.',
      labelNames: ['method'],
      buckets: CALL_BUCKETS_S,
      registers: [registry],
    });
    this.commits = new Histogram({
      name: 'parley_commit_seconds',
      help: 'Transactions that write logs, until they are on disk.',
      buckets: CALL_BUCKETS_S,
      registers: [registry],
    });
    this.batches = new Histogram({
      name: 'parley_commit_commands',
      help: 'Commands of one such transaction.',
      buckets: BATCH_BUCKETS,
      registers: [registry],
    });
    this.failures = new Tally(registry, 'parley_store_failures_total', 'Calls of the store that failed.', 'method', [
      'commit',
    ]);
    this.commands = new Map(
      STATUSES.map((status) => {
        const help = `Commands for a log that were ${status}, by kind.`;
        return [status, new Tally(registry, `parley_commands_${status}_total`, help, 'kind', KINDS)];
      }),
    );
  }

  begin(method: StoreMethod, args: readonly unknown[]): StoreCallEnd {
    const sinceMs = this.nowMs();
    return (failure, result) => {
      const seconds = (this.nowMs() - sinceMs) / 1000;
      if (failure !== null) {
        this.failures.add(method);
      }
      if (method !== 'commit') {
        this.calls.observe({ method }, seconds);
        return;
      }
      const commands = args[0] as readonly LogCommand[];
      this.commits.observe(seconds);
      this.batches.observe(commands.length);
      if (failure === null) {
        this.count(commands, result as readonly LogOutcome[]);
      }
    };
  }

  private count(commands: readonly LogCommand[], outcomes: readonly LogOutcome[]): void {
    outcomes.forEach(({ status }, index) => this.commands.get(status)?.add(commands[index]?.kind ?? 'message'));
  }
}
