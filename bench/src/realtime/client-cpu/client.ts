/** Child process: one contender that receives, parses and dispatches, and checks each message while it is measured. */
import { DeliveryLog, type DeliveryReport } from '../../lib/delivery';
import { type Load, Meter } from '../../lib/meter';
import { intendedAtMs, type Schedule } from '../../lib/open-loop';
import { serve } from '../../lib/processes';
import { nowMs } from '../../lib/shared-clock';
import { CONTENDERS } from './contenders';
import type { MessageRecord } from '../../lib/record';

export interface RoundResult {
  readonly load: Load;
  readonly delivery: DeliveryReport;
  /** Of every 16th message, from its intended send time. */
  readonly latenciesMs: readonly number[];
}

/** The clock is read for every 16th message: a look at it costs as much as a small part of the work that is measured. */
const SAMPLE_MASK = 15;
const PATIENCE_MS = 20_000;

const name = process.argv[2] ?? '';
const contender = CONTENDERS[name];
if (contender === undefined) {
  throw new Error(`expected a contender, got ${name}`);
}
const meter = new Meter();
let log = new DeliveryLog(0);
let schedule: Schedule | null = null;
let latenciesMs: number[] = [];
let lastAtMs = 0;
let whenDone: () => void = () => undefined;

function take(record: MessageRecord): void {
  const index = record.seq - 1;
  if ((index & SAMPLE_MASK) === 0 && schedule !== null) {
    lastAtMs = nowMs();
    latenciesMs.push(lastAtMs - intendedAtMs(schedule, index));
  }
  log.take(index, lastAtMs);
  if (log.count() === log.arrivedAtMs.length) {
    whenDone();
  }
}

serve({
  connect: ({ port }: { readonly port: number }) =>
    contender.connect(`ws://127.0.0.1:${port}/${contender.path}/?contender=${encodeURIComponent(name)}`, take),

  async measure(next: Schedule): Promise<RoundResult> {
    schedule = next;
    latenciesMs = [];
    log = new DeliveryLog(next.count);
    meter.start();
    await new Promise<void>((done) => {
      const timer = setTimeout(done, next.startAtMs - nowMs() + (next.count * 1000) / next.perSecond + PATIENCE_MS);
      whenDone = () => {
        clearTimeout(timer);
        done();
      };
    });
    return { load: meter.stop(), delivery: log.report(), latenciesMs };
  },
});
