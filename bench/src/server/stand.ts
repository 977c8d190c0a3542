import { addReports, type DeliveryReport, isExactlyOnce } from '../lib/delivery';
import { MAX_LOOP_UTILISATION, type Load } from '../lib/meter';
import type { Shape } from '../lib/parley-filling';
import type { ParleyPlace } from '../lib/parley-server';
import { Child, CLIENT_CORE, SERVER_CORE } from '../lib/processes';
import { nowMs } from '../lib/shared-clock';
import { medianOf, type Summary, summarise } from '../lib/stats';
import type { Contender } from './contenders';
import type { Member } from './dialects';
import type { BurstOrder, LoadReport, SteadyOrder } from './load';

/** What one round of one contender brought. */
export interface Round {
  /** User and system time of the whole server process, for each delivery. NaN for a round that does not count. */
  readonly cpuUsPerDelivery: number;
  /** NaN for a round that does not count, and for bursts. */
  readonly p99Ms: number;
  readonly report: LoadReport;
  readonly isValid: boolean;
}

/** What all rounds of one contender brought. */
export interface FanOutRow {
  readonly name: string;
  /** Median over the rounds that count; NaN where there is none. */
  readonly cpuUsPerDelivery: number;
  readonly roundsUs: readonly number[];
  readonly roundsP99Ms: readonly number[];
  readonly latencyMs: Summary;
  readonly delivery: DeliveryReport;
  readonly loopUtilisation: number;
  readonly rounds: number;
  readonly invalidRounds: number;
}

const LEAD_MS = 50;
const NOBODY: Member = { roomId: '', token: '' };

/** One contender: its server, and the process with its members. */
export class Stand {
  private readonly server: Child;
  private readonly members: Child;
  private round = 0;

  constructor(readonly contender: Contender) {
    this.server = Child.start(contender.server, SERVER_CORE, [contender.kind]);
    this.members = Child.start('server/load.ts', CLIENT_CORE);
  }

  get children(): readonly Child[] {
    return [this.server, this.members];
  }

  async open(shape: Shape): Promise<void> {
    const { port, seats } = await this.server.call<Partial<ParleyPlace>>('open', { ...shape, isUnlimited: true });
    const strangers = Array.from({ length: shape.rooms }, () => Array(shape.membersPerRoom).fill(NOBODY));
    const rooms = seats?.map((room) => room.map(({ roomId, tokens }) => ({ roomId, token: tokens.accessToken })));
    await this.members.call('connect', { ports: [port], dialect: this.contender.dialect, rooms: rooms ?? strangers });
  }

  burst(order: Omit<BurstOrder, 'round'>): Promise<Round> {
    return this.measure('burst', { ...order, round: ++this.round });
  }

  steady(perSecond: number, count: number): Promise<Round> {
    const schedule = { startAtMs: nowMs() + LEAD_MS, perSecond, burst: 1, count };
    return this.measure('steady', { schedule, round: ++this.round });
  }

  private async measure(kind: 'burst' | 'steady', order: BurstOrder | SteadyOrder): Promise<Round> {
    await this.server.call('startMeter');
    const report = await this.members.call<LoadReport>(kind, order);
    const { cpuUs } = await this.server.call<Load>('stopMeter');
    return roundOf(cpuUs, report);
  }
}

/** A round counts where every message arrived once, in its turn, at members who were all there and not what was measured. */
export function roundOf(cpuUs: number, report: LoadReport): Round {
  const { load, delivery, cutOff } = report;
  const isValid = load.loopUtilisation <= MAX_LOOP_UTILISATION && cutOff === 0 && isExactlyOnce(delivery);
  return {
    cpuUsPerDelivery: isValid ? cpuUs / report.delivery.expected : NaN,
    p99Ms: isValid ? summarise([...report.latenciesMs]).p99 : NaN,
    report,
    isValid,
  };
}

export function fanOutRow(name: string, rounds: readonly Round[]): FanOutRow {
  const roundsUs = rounds.map((round) => round.cpuUsPerDelivery);
  const valid = rounds.filter((round) => round.isValid);
  return {
    name,
    cpuUsPerDelivery: medianOf(roundsUs.filter((value) => !Number.isNaN(value))),
    roundsUs,
    roundsP99Ms: rounds.map((round) => round.p99Ms),
    latencyMs: summarise(valid.flatMap(({ report }) => [...report.latenciesMs])),
    delivery: addReports(rounds.map(({ report }) => report.delivery)),
    loopUtilisation: medianOf(rounds.map(({ report }) => report.load.loopUtilisation)),
    rounds: rounds.length,
    invalidRounds: rounds.length - valid.length,
  };
}

/** Every contender in processes of its own, opened one after the other, then rounds in turn: A B C A B C …, so that drift hits all alike. */
export async function runInTurn(
  contenders: readonly (Contender & { readonly shape: Shape })[],
  rounds: number,
  warmUp: (stand: Stand, shape: Shape) => Promise<unknown>,
  measure: (stand: Stand, shape: Shape) => Promise<Round>,
): Promise<FanOutRow[]> {
  const stands = contenders.map((contender) => new Stand(contender));
  const results = contenders.map(() => [] as Round[]);
  try {
    for (const [i, stand] of stands.entries()) {
      await stand.open((contenders[i] as (typeof contenders)[number]).shape);
    }
    for (const [i, stand] of stands.entries()) {
      await warmUp(stand, (contenders[i] as (typeof contenders)[number]).shape);
    }
    for (let round = 0; round < rounds; round++) {
      for (const [i, stand] of stands.entries()) {
        results[i]?.push(await measure(stand, (contenders[i] as (typeof contenders)[number]).shape));
      }
    }
  } finally {
    await Promise.all(stands.flatMap((stand) => stand.children).map((child) => child.stop()));
  }
  return contenders.map(({ name }, i) => fanOutRow(name, results[i] ?? []));
}
