/** Child process: one contender with a queue that is kept full, into which an urgent request comes now and then. */
import { DeliveryLog, type DeliveryReport } from '../../lib/delivery';
import { type Load, Meter } from '../../lib/meter';
import { intendedAtMs, runOpenLoop } from '../../lib/open-loop';
import { serve } from '../../lib/processes';
import { nowMs } from '../../lib/shared-clock';
import { noteAnswer, pathOf } from '../items';
import { CONTENDERS, type Lane, LIMIT } from './contenders';
import { CRITICAL_TAKES_MS, type CriticalPlan, lowTakesMs } from './plan';

export interface CriticalRound {
  /** From the intended send time to the answer. */
  readonly latenciesMs: readonly number[];
  readonly criticals: DeliveryReport;
  readonly lows: DeliveryReport;
  /** Answers to low requests for each second, while urgent ones came. */
  readonly lowPerSecond: number;
  readonly load: Load;
}

const LEAD_MS = 20;
/** Low answers before the first urgent request: by then the queue is full and moving. */
const SETTLED_AFTER = 300;

const contender = CONTENDERS[process.argv[2] ?? ''];
if (contender === undefined) {
  throw new Error(`expected a contender, got ${process.argv[2]}`);
}
const meter = new Meter();
let lane: Lane | null = null;

/** Keeps `queued` low requests waiting until it is told to stop; each answer is checked. */
class Backlog {
  private readonly answered = new Map<number, unknown>();
  private next: number;
  private isOpen = true;
  private whenSettled: () => void = () => undefined;
  private readonly asked: Promise<void>[] = [];
  answers = 0;

  constructor(
    private readonly lane: Lane,
    private readonly plan: CriticalPlan,
  ) {
    this.next = plan.lowFrom;
  }

  /** Resolves when the queue is full and moving. */
  async fill(): Promise<void> {
    if (this.plan.queued === 0) {
      return;
    }
    const settled = new Promise<void>((done) => (this.whenSettled = done));
    for (let i = 0; i < this.plan.queued + LIMIT; i++) {
      this.ask();
    }
    await Promise.race([settled, Promise.all(this.asked)]);
  }

  /** Resolves when the last one is answered. */
  async drain(): Promise<DeliveryReport> {
    this.isOpen = false;
    await Promise.all(this.asked);
    const items = { from: this.plan.lowFrom, count: this.next - this.plan.lowFrom };
    const log = new DeliveryLog(items.count);
    this.answered.forEach((data, id) => noteAnswer(log, items, id, data, 0));
    return log.report();
  }

  private ask(): void {
    const id = this.next++;
    this.asked.push(
      this.lane.low(pathOf(id, lowTakesMs(id))).then((data) => {
        this.answered.set(id, data);
        if (++this.answers === SETTLED_AFTER) {
          this.whenSettled();
        }
        if (this.isOpen) {
          this.ask();
        }
      }),
    );
  }
}

serve({
  async connect({ origin }: { readonly origin: string }): Promise<void> {
    lane = await contender.open(origin);
  },

  async measure(plan: CriticalPlan): Promise<CriticalRound> {
    const open = lane as Lane;
    const { criticals, everyMs } = plan;
    const log = new DeliveryLog(criticals.count);
    const backlog = new Backlog(open, plan);
    await backlog.fill();
    const schedule = { startAtMs: nowMs() + LEAD_MS, perSecond: 1000 / everyMs, burst: 1, count: criticals.count };
    const asked: Promise<void>[] = [];
    const [lowsBefore, startedAtMs] = [backlog.answers, nowMs()];
    meter.start();
    await runOpenLoop(schedule, (from, to) => {
      for (let id = criticals.from + from; id < criticals.from + to; id++) {
        const answer = open.critical(pathOf(id, CRITICAL_TAKES_MS));
        asked.push(answer.then((data) => noteAnswer(log, criticals, id, data, nowMs())));
      }
    });
    const load = meter.stop();
    const lowPerSecond = ((backlog.answers - lowsBefore) * 1000) / (nowMs() - startedAtMs);
    const lows = await backlog.drain();
    await Promise.all(asked);
    const latenciesMs = [...log.arrivedAtMs].map((atMs, index) => atMs - intendedAtMs(schedule, index));
    return { latenciesMs, criticals: log.report(), lows, lowPerSecond, load };
  },
});
