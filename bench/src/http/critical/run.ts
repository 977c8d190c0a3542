import { addReports, type DeliveryReport, isEachOnce } from '../../lib/delivery';
import { MAX_LOOP_UTILISATION } from '../../lib/meter';
import { Child, CLIENT_CORE, SERVER_CORE, withChildren } from '../../lib/processes';
import { medianOf, type Summary, summarise } from '../../lib/stats';
import type { CriticalRound } from './client';
import { CONTENDERS, OURS } from './contenders';

export interface CriticalRow {
  readonly name: string;
  /** Low requests that waited when the urgent one came. */
  readonly queued: number;
  readonly isFifo: boolean;
  /** Of urgent requests, over all valid rounds. */
  readonly latencyMs: Summary;
  readonly lowPerSecond: number;
  readonly loopUtilisation: number;
  readonly rounds: number;
  /** Rounds that do not count: the client was too busy, or a request went astray. */
  readonly invalidRounds: number;
  /** Urgent and low answers of all rounds. */
  readonly answered: DeliveryReport;
}

const QUEUED = 2000;
export const IDLE = `${OURS}, idle`;
/** An urgent request is long answered when the next one comes, except where it waits for the whole queue. */
const EVERY_MS = 12;
/** Not counted. */
const WARM_UP = { criticals: 30, queued: 600 };
/** Far from the low requests' ids. */
const CRITICAL_IDS = 1_000_000_000;

interface Line {
  readonly name: string;
  readonly contender: string;
  readonly queued: number;
  readonly rounds: number;
  /** Urgent requests in one round. */
  readonly samples: number;
}

/** Who knows no priority is hundreds of times away: few rounds tell it. The others, whose difference is small, get many. */
function linesOf(isQuick: boolean): Line[] {
  const mine = isQuick ? { rounds: 2, samples: 180 } : { rounds: 15, samples: 150 };
  const fifo = isQuick ? { rounds: 1, samples: 40 } : { rounds: 4, samples: 100 };
  const loaded = Object.entries(CONTENDERS).map(([name, { isFifo }]) => ({
    name,
    contender: name,
    queued: QUEUED,
    ...(isFifo ? fifo : mine),
  }));
  return [{ name: IDLE, contender: OURS, queued: 0, ...mine }, ...loaded];
}

export function isValid({ load, criticals, lows }: CriticalRound): boolean {
  return load.loopUtilisation <= MAX_LOOP_UTILISATION && isEachOnce(criticals) && isEachOnce(lows);
}

export function rowOf(name: string, queued: number, isFifo: boolean, all: readonly CriticalRound[]): CriticalRow {
  const valid = all.filter(isValid);
  return {
    name,
    queued,
    isFifo,
    latencyMs: summarise(valid.flatMap(({ latenciesMs }) => latenciesMs)),
    lowPerSecond: medianOf(valid.map(({ lowPerSecond }) => lowPerSecond)),
    loopUtilisation: medianOf(all.map(({ load }) => load.loopUtilisation)),
    rounds: all.length,
    invalidRounds: all.length - valid.length,
    answered: addReports(all.flatMap(({ criticals, lows }) => [criticals, lows])),
  };
}

/** Rounds in turn (A B C A B C …), every contender in its own process; percentiles are over the merged samples of all rounds. */
export async function runCritical(isQuick: boolean): Promise<CriticalRow[]> {
  const lines = linesOf(isQuick);
  const results = new Map(lines.map(({ name }) => [name, [] as CriticalRound[]]));
  const names = Object.keys(CONTENDERS);
  const server = Child.start('http/server.ts', SERVER_CORE);
  const children = names.map((name) => Child.start('http/critical/client.ts', CLIENT_CORE, [name]));
  await withChildren([server, ...children], async () => {
    const origin = await server.call<string>('origin');
    let [criticalFrom, lowFrom] = [CRITICAL_IDS, 0];
    const run = async (contender: string, queued: number, count: number): Promise<CriticalRound> => {
      const plan = { criticals: { from: criticalFrom, count }, everyMs: EVERY_MS, queued, lowFrom };
      criticalFrom += count;
      const round = await (children[names.indexOf(contender)] as Child).call<CriticalRound>('measure', plan);
      lowFrom += round.lows.expected;
      return round;
    };
    for (const [i, name] of names.entries()) {
      await (children[i] as Child).call('connect', { origin });
      await run(name, WARM_UP.queued, WARM_UP.criticals);
    }
    for (let round = 0; lines.some(({ rounds }) => round < rounds); round++) {
      for (const { name, contender, queued, samples } of lines.filter(({ rounds }) => round < rounds)) {
        results.get(name)?.push(await run(contender, queued, samples));
      }
    }
  });
  return lines.map(({ name, contender, queued }) =>
    rowOf(name, queued, CONTENDERS[contender]?.isFifo === true, results.get(name) ?? []),
  );
}
