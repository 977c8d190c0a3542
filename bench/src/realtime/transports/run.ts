import { addReports, type DeliveryReport, isExactlyOnce } from '../../lib/delivery';
import { type Load, MAX_LOOP_UTILISATION } from '../../lib/meter';
import type { Seat } from '../../lib/parley-filling';
import type { ParleyPlace } from '../../lib/parley-server';
import { Child, CLIENT_CORE, SERVER_CORE, withChildren } from '../../lib/processes';
import type { RelayBytes } from '../../lib/relay';
import { nowMs } from '../../lib/shared-clock';
import { type Summary, summarise } from '../../lib/stats';
import type { ClientsReport } from './clients';
import { CARRIERS } from './contenders';

export interface TransportRow {
  readonly name: string;
  /** From the intended send time, over commit and fan-out, to the receiver's handler. */
  readonly latencyMs: Summary;
  /** TCP payload from server to client, and back, for each 100-byte message that was delivered. */
  readonly bytesDown: number;
  readonly bytesUp: number;
  /** The whole server process, senders' commits included, for each delivery. */
  readonly serverCpuUsPerDelivery: number;
  readonly clientCpuUsPerDelivery: number;
  readonly loopUtilisation: number;
  readonly delivery: DeliveryReport;
  readonly isValid: boolean;
}

const RECEIVERS = 30;
const SENDERS = 4;
const PER_SECOND = 40;
const LEAD_MS = 300;

/** One server and one relay for all; each transport has a room and a process of its own, and runs alone. */
async function runCarrier(
  name: string,
  count: number,
  members: readonly Seat[],
  ports: { readonly serverPort: number; readonly relayPort: number },
  [server, relay, clients]: readonly [Child, Child, Child],
): Promise<TransportRow> {
  const [receivers, senders] = [members.slice(0, RECEIVERS), members.slice(RECEIVERS)];
  await clients.call('connect', { ...ports, receivers, senders });
  const run = (messages: number): Promise<ClientsReport> => {
    const startAtMs = nowMs() + LEAD_MS;
    return clients.call<ClientsReport>('run', { startAtMs, perSecond: PER_SECOND, burst: 1, count: messages });
  };
  await run(PER_SECOND); // One second that does not count: compilers, first polls.
  const before = await relay.call<RelayBytes>('bytes');
  await server.call('startMeter');
  const { deliveries, latenciesMs, load } = await run(count);
  const { cpuUs } = await server.call<Load>('stopMeter');
  const after = await relay.call<RelayBytes>('bytes');
  const delivery = addReports(deliveries);
  return {
    name,
    latencyMs: summarise(latenciesMs),
    bytesDown: (after.down - before.down) / delivery.delivered,
    bytesUp: (after.up - before.up) / delivery.delivered,
    serverCpuUsPerDelivery: cpuUs / delivery.delivered,
    clientCpuUsPerDelivery: load.cpuUs / delivery.delivered,
    loopUtilisation: load.loopUtilisation,
    delivery,
    isValid: load.loopUtilisation <= MAX_LOOP_UTILISATION && isExactlyOnce(delivery),
  };
}

export async function runTransports(isQuick: boolean): Promise<TransportRow[]> {
  const names = Object.keys(CARRIERS);
  const common = [
    Child.start('lib/parley-server.ts', SERVER_CORE),
    Child.start('realtime/transports/relay.ts', SERVER_CORE),
  ] as const;
  return withChildren(common, async (server, relay) => {
    const order = { rooms: names.length, membersPerRoom: RECEIVERS + SENDERS };
    const { port: serverPort, seats } = await server.call<ParleyPlace>('open', order);
    const relayPort = await relay.call<number>('open', { targetPort: serverPort });
    const rows: TransportRow[] = [];
    for (const [i, name] of names.entries()) {
      const members = seats[i] ?? [];
      const count = PER_SECOND * (isQuick ? 2 : 15);
      await withChildren(
        [Child.start('realtime/transports/clients.ts', CLIENT_CORE, [name])] as const,
        async (clients) => {
          rows.push(await runCarrier(name, count, members, { serverPort, relayPort }, [server, relay, clients]));
        },
      );
    }
    return rows;
  });
}
