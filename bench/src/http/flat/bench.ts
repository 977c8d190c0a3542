/** Child process: what one request costs while a fixed number of others waits. */
import { DeliveryLog, type DeliveryReport } from '../../lib/delivery';
import { Meter } from '../../lib/meter';
import { serve } from '../../lib/processes';
import { isItem } from '../items';
import { PumpedWire, type Start, SUBJECTS } from './subjects';

export interface FlatRound {
  readonly cpuUsPerRequest: number;
}

/** Running beside those that wait. */
const RUNNING = 5;

const subject = SUBJECTS[process.argv[2] ?? ''];
if (subject === undefined) {
  throw new Error(`expected a subject, got ${process.argv[2]}`);
}
const meter = new Meter();
const wire = new PumpedWire();
let start: Start = () => undefined;
let [next, awaited] = [0, Infinity];
let isRefilled = true;
let whenReached: () => void = () => undefined;
/** The ids that were answered, NaN for an answer to something else. */
const answered: number[] = [];

/** xorshift32: the same priorities for every subject. */
let state = 2_463_534_242;
function anyPriority(): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % 3;
}

function ask(): void {
  const id = next++;
  start(id, anyPriority(), (data) => {
    answered.push(isItem(id, data) ? id : NaN);
    if (answered.length === awaited) {
      wire.close();
      whenReached();
    }
    if (isRefilled) {
      ask();
    }
  });
}

function answersOf(count: number): Promise<void> {
  awaited = answered.length + count;
  const reached = new Promise<void>((done) => (whenReached = done));
  wire.open();
  return reached;
}

serve({
  /** Fills the queue; nothing is answered yet. */
  async fill({ depth }: { readonly depth: number }): Promise<void> {
    start = await subject(wire, depth);
    for (let i = 0; i < depth + RUNNING; i++) {
      ask();
    }
    // The garbage of the filling is not part of what is measured. Once: before each round it would cost the optimised code.
    globalThis.gc?.();
  },

  /** `count` answers at a steady depth. */
  async measure({ count }: { readonly count: number }): Promise<FlatRound> {
    meter.start();
    await answersOf(count);
    return { cpuUsPerRequest: meter.stop().cpuUs / count };
  },

  /** Empties the queue, and tells what became of everything that was ever in it. */
  async finish(): Promise<DeliveryReport> {
    isRefilled = false;
    if (answered.length < next) {
      await answersOf(next - answered.length);
    }
    const log = new DeliveryLog(next);
    answered.forEach((id) => log.take(id, 0));
    return log.report();
  },
});
