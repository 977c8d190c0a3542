/** Child process: one contender that asks for items, a fixed number at a time, and checks each answer while it is measured. */
import { DeliveryLog, type DeliveryReport } from '../../lib/delivery';
import { type Load, Meter } from '../../lib/meter';
import { serve } from '../../lib/processes';
import { type Items, noteAnswer, pathOf } from '../items';
import { CONTENDERS, type Get, IN_FLIGHT } from './contenders';

export interface CpuRound {
  readonly load: Load;
  readonly answered: DeliveryReport;
}

const name = process.argv[2] ?? '';
const contender = CONTENDERS[name];
if (contender === undefined) {
  throw new Error(`expected a contender, got ${name}`);
}
const meter = new Meter();
let get: Get = () => Promise.reject(new Error('not connected'));

serve({
  async connect({ origin }: { readonly origin: string }): Promise<void> {
    get = await contender(origin);
  },

  async measure(items: Items): Promise<CpuRound> {
    const log = new DeliveryLog(items.count);
    const end = items.from + items.count;
    let next = items.from;
    const work = async (): Promise<void> => {
      while (next < end) {
        const id = next++;
        noteAnswer(log, items, id, await get(pathOf(id)), 0);
      }
    };
    // No collection is forced before: it takes the maps of objects that live briefly, and with them the optimised code.
    meter.start();
    await Promise.all(Array.from({ length: IN_FLIGHT }, work));
    return { load: meter.stop(), answered: log.report() };
  },
});
