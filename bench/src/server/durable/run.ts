import { addReports, type DeliveryReport, isExactlyOnce } from '../../lib/delivery';
import { type Load, MAX_LOOP_UTILISATION } from '../../lib/meter';
import type { ParleyPlace } from '../../lib/parley-server';
import { Child, CLIENT_CORE, SERVER_CORE, withChildren } from '../../lib/processes';
import { nowMs, waitMs } from '../../lib/shared-clock';
import { medianOf, type Summary, summarise } from '../../lib/stats';
import { OURS } from '../contenders';
import type { Member } from '../dialects';
import type { DurableConnect, DurableReport } from './load';

export const BARE_LOOP = 'ws + libsql, bare loop';

export interface DurableRow {
  readonly name: string;
  /** Acknowledged messages a second at full load; NaN for a round that does not count. */
  readonly roundsPerSecond: readonly number[];
  /** At half of what Parley can: the same load for both. NaN for a round that does not count. */
  readonly roundsP99Ms: readonly number[];
  readonly perSecond: number;
  readonly halfPerSecond: number;
  readonly latencyMs: Summary;
  /** User and system time of the server for each message, at full load. */
  readonly cpuUsPerMessage: number;
  readonly loopUtilisation: number;
  readonly delivery: DeliveryReport;
  readonly rounds: number;
  readonly invalidRounds: number;
}

interface Measured {
  readonly report: DurableReport;
  readonly cpuUs: number;
  readonly isValid: boolean;
}

export const SENDERS = 32;
export const WINDOW = 16;
const LEAD_MS = 50;
const HALF_SECONDS = 3;
const QUIET_LOOK_MS = 100;
const PATIENCE_MS = 10_000;
/** More than twice of what the search index may be behind the acks: in most of a round it takes its share. */
const FULL_PER_SENDER = 1500;
const NOBODY: Member = { roomId: 'room', token: 'token' };

const SIDES = [
  { name: OURS, server: 'lib/parley-server.ts' },
  { name: BARE_LOOP, server: 'server/durable/bare-server.ts' },
] as const;

class Side {
  readonly full: Measured[] = [];
  readonly half: Measured[] = [];

  constructor(
    readonly name: string,
    private readonly server: Child,
    private readonly load: Child,
  ) {}

  async open(): Promise<void> {
    const order = { rooms: SENDERS, membersPerRoom: 1, isUnlimited: true };
    const { port, seats } = await this.server.call<Partial<ParleyPlace>>('open', order);
    const members =
      seats?.flat().map(({ roomId, tokens }) => ({ roomId, token: tokens.accessToken })) ??
      Array.from({ length: SENDERS }, () => NOBODY);
    await this.load.call('connect', { port, members, isParley: seats !== undefined } as DurableConnect);
  }

  async measure(call: 'full' | 'half', order: object): Promise<Measured> {
    await this.server.call('startMeter');
    const report = await this.load.call<DurableReport>(call, order);
    const { cpuUs } = await this.server.call<Load>('stopMeter');
    const isValid = report.load.loopUtilisation <= MAX_LOOP_UTILISATION && isExactlyOnce(report.delivery);
    return { report, cpuUs, isValid };
  }

  /** What it does behind its acks is done: it shall not happen in the turn of the other one. */
  async untilQuiet(): Promise<void> {
    const deadlineMs = nowMs() + PATIENCE_MS;
    for (let cpuUs = Infinity; cpuUs > (QUIET_LOOK_MS * 1000) / 20 && nowMs() < deadlineMs;) {
      await this.server.call('startMeter');
      await waitMs(QUIET_LOOK_MS);
      ({ cpuUs } = await this.server.call<Load>('stopMeter'));
    }
  }

  row(halfPerSecond: number): DurableRow {
    const valid = this.full.filter((one) => one.isValid);
    const perSecond = ({ report }: Measured): number => (report.delivery.expected * 1000) / report.durationMs;
    const all = [...this.full, ...this.half];
    return {
      name: this.name,
      roundsPerSecond: this.full.map((one) => (one.isValid ? perSecond(one) : NaN)),
      roundsP99Ms: this.half.map((one) => (one.isValid ? summarise([...one.report.latenciesMs]).p99 : NaN)),
      perSecond: medianOf(valid.map(perSecond)),
      halfPerSecond,
      latencyMs: summarise(this.half.flatMap((one) => (one.isValid ? [...one.report.latenciesMs] : []))),
      cpuUsPerMessage: medianOf(valid.map(({ report, cpuUs }) => cpuUs / report.delivery.expected)),
      loopUtilisation: medianOf(this.full.map(({ report }) => report.load.loopUtilisation)),
      delivery: addReports(all.map(({ report }) => report.delivery)),
      rounds: all.length,
      invalidRounds: all.filter((one) => !one.isValid).length,
    };
  }
}

/** First at full load in turn, to learn what ours can; then both at half of that. */
export async function runDurable(isQuick: boolean): Promise<DurableRow[]> {
  const rounds = isQuick ? 3 : 7;
  const children = SIDES.flatMap(({ server }) => [
    Child.start(server, SERVER_CORE),
    Child.start('server/durable/load.ts', CLIENT_CORE),
  ]);
  return withChildren(children, async () => {
    const sides = SIDES.map(({ name }, i) => new Side(name, children[2 * i] as Child, children[2 * i + 1] as Child));
    for (const side of sides) {
      await side.open();
      await side.measure('full', { perSender: 300, window: WINDOW }); // Not counted: compilers, first pages of the file.
      await side.untilQuiet();
    }
    for (let round = 0; round < rounds; round++) {
      for (const side of sides) {
        side.full.push(await side.measure('full', { perSender: FULL_PER_SENDER, window: WINDOW }));
        await side.untilQuiet();
      }
    }
    const ours = sides[0] as Side;
    const perSecond = Math.floor(ours.row(0).perSecond / 2);
    const count = Math.ceil((perSecond * (isQuick ? 1 : HALF_SECONDS)) / SENDERS) * SENDERS;
    for (let round = 0; round < rounds && perSecond > 0; round++) {
      for (const side of sides) {
        side.half.push(await side.measure('half', { startAtMs: nowMs() + LEAD_MS, perSecond, burst: 1, count }));
        await side.untilQuiet();
      }
    }
    return sides.map((side) => side.row(perSecond));
  });
}
