import { catchUpOf } from '../../lib/catch-up';
import { addReports, type DeliveryReport } from '../../lib/delivery';
import { type Load, MAX_LOOP_UTILISATION } from '../../lib/meter';
import { intendedAtMs } from '../../lib/open-loop';
import type { ParleyPlace } from '../../lib/parley-server';
import { Child, CLIENT_CORE, SERVER_CORE, withChildren } from '../../lib/processes';
import { nowMs } from '../../lib/shared-clock';
import { type Summary, summarise } from '../../lib/stats';
import type { ClientsReport } from './clients';
import { type ChaosPlan, LONG_AND_RARE, messageCount, roomCount, SHORT_AND_OFTEN } from './plan';
import type { ChaosReport } from './relay';
import { CONTENDERS } from './sides';

export interface ChaosRow {
  readonly name: string;
  readonly plan: ChaosPlan;
  readonly delivery: DeliveryReport;
  /** Delivered to expected. */
  readonly deliveredShare: number;
  /** From the line's return until everything owed was there; `Infinity` where something never came. See lib/catch-up.ts. */
  readonly catchUpMs: Summary;
  /** Of messages sent during an outage, from the intended send time; lost ones count as `Infinity`. */
  readonly lateMs: Summary;
  /** Outages that left something owed and in the end got all of it, as a share. */
  readonly caughtUpShare: number;
  readonly outages: number;
  readonly client: Load;
  readonly server: Load;
  readonly isValid: boolean;
}

const LEAD_MS = 500;

async function runContender(name: string, plan: ChaosPlan): Promise<ChaosRow> {
  const { server: file, serverArguments } = CONTENDERS[name] as (typeof CONTENDERS)[string];
  const children = [
    Child.start(file, SERVER_CORE, serverArguments),
    Child.start('realtime/chaos/relay.ts', SERVER_CORE),
    Child.start('realtime/chaos/clients.ts', CLIENT_CORE, [name]),
  ] as const;
  return withChildren(children, async (server, relay, clients) => {
    const order = { rooms: roomCount(plan), membersPerRoom: plan.clientsPerRoom + 1 };
    const place = await server.call<Partial<ParleyPlace> & { port: number }>('open', order);
    const ports = await relay.call<number[]>('open', { targetPort: place.port, clients: plan.clients });
    await clients.call('connect', { plan, ports, serverPort: place.port, seats: place.seats ?? [] });
    const startAtMs = nowMs() + LEAD_MS;
    await server.call('startMeter');
    const [chaos, seen] = await Promise.all([
      relay.call<ChaosReport>('disrupt', { plan, startAtMs }),
      clients.call<ClientsReport>('run', { plan, startAtMs }),
    ]);
    const serverLoad = await server.call<Load>('stopMeter');
    return rowOf(name, plan, startAtMs, chaos, seen, serverLoad);
  });
}

function rowOf(
  name: string,
  plan: ChaosPlan,
  startAtMs: number,
  { outages, cutLines }: ChaosReport,
  { deliveries, arrivedAtMs, load }: ClientsReport,
  server: Load,
): ChaosRow {
  if (cutLines === 0) {
    throw new Error(`${name}: not one line was cut, so nothing was shown`);
  }
  const schedule = { startAtMs, perSecond: plan.perSecond, burst: 1, count: messageCount(plan) };
  const intended = Array.from({ length: schedule.count }, (_, index) => intendedAtMs(schedule, index));
  const caughtUp = arrivedAtMs.map((arrived, client) => catchUpOf(intended, arrived, outages[client] ?? []));
  const delivery = addReports(deliveries);
  const catchUpMs = caughtUp.flatMap((one) => one.catchUpMs);
  return {
    name,
    plan,
    delivery,
    deliveredShare: delivery.delivered / delivery.expected,
    catchUpMs: summarise(catchUpMs),
    lateMs: summarise(caughtUp.flatMap((one) => one.lateMs)),
    caughtUpShare: catchUpMs.filter(Number.isFinite).length / catchUpMs.length,
    outages: cutLines,
    client: load,
    server,
    isValid: load.loopUtilisation <= MAX_LOOP_UTILISATION && delivery.invented === 0,
  };
}

function plansOf(isQuick: boolean): ChaosPlan[] {
  const common = {
    clients: isQuick ? 200 : 500,
    clientsPerRoom: 100,
    perSecond: 5,
    settleMs: isQuick ? 10_000 : 12_000,
  };
  const often = { ...common, disruption: SHORT_AND_OFTEN, durationMs: isQuick ? 8000 : 40_000 };
  return isQuick ? [often] : [often, { ...common, disruption: LONG_AND_RARE, durationMs: 60_000 }];
}

export async function runChaos(isQuick: boolean): Promise<ChaosRow[]> {
  const rows: ChaosRow[] = [];
  const names = Object.keys(CONTENDERS).filter((name) => !isQuick || !name.includes('delay'));
  for (const plan of plansOf(isQuick)) {
    for (const name of names) {
      rows.push(await runContender(name, plan));
    }
  }
  return rows;
}
