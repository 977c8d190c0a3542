/** Child process: all clients of one contender, and the publishers of their rooms. */
import { DeliveryLog, type DeliveryReport } from '../../lib/delivery';
import { type Load, Meter } from '../../lib/meter';
import { intendedAtMs, runOpenLoop } from '../../lib/open-loop';
import { serve } from '../../lib/processes';
import { nowMs, waitMs, waitUntil } from '../../lib/shared-clock';
import { type ChaosPlan, indexOf, messageCount, roomCount, roomOf, textOf } from './plan';
import type { Seat } from '../../lib/parley-filling';
import { CONTENDERS } from './sides';

interface ConnectOrder {
  readonly plan: ChaosPlan;
  /** Of the relays, one for each client. */
  readonly ports: readonly number[];
  readonly serverPort: number;
  /** Empty unless the contender is Parley. The last member of each room publishes. */
  readonly seats: readonly (readonly Seat[])[];
}

export interface ClientsReport {
  /** One for each client. */
  readonly deliveries: readonly DeliveryReport[];
  readonly arrivedAtMs: readonly Float64Array[];
  readonly load: Load;
}

const CONNECT_PATIENCE_MS = 60_000;
/** A double, or what overtook the rest, would come right after. */
const QUIET_MS = 300;
/** Handshakes at a time: nobody's server is measured by its accept queue here. */
const CONNECT_AT_ONCE = 20;

const name = process.argv[2] ?? '';
const side = CONTENDERS[name]?.side;
if (side === undefined) {
  throw new Error(`expected a contender, got ${name}`);
}
const { receive, publisher } = side;
let logs: DeliveryLog[] = [];
/** Clients that got something sent after the measured messages: their line is up again, and what was owed comes before it. */
let isBack: boolean[] = [];
let publishers: ((text: string) => void)[] = [];

function take(client: number, text: string, measured: number): void {
  const index = indexOf(text);
  if (index >= measured) {
    isBack[client] = true;
  } else {
    logs[client]?.take(index, nowMs());
  }
}

async function connectAll({ plan, ports, serverPort, seats }: ConnectOrder): Promise<void> {
  const measured = messageCount(plan);
  logs = ports.map(() => new DeliveryLog(measured));
  isBack = ports.map(() => false);
  const lines = ports.map((port, client) => {
    const room = roomOf(plan, client);
    return { port, room, seat: seats[room]?.[client - room * plan.clientsPerRoom] ?? null };
  });
  for (let from = 0; from < lines.length; from += CONNECT_AT_ONCE) {
    await Promise.all(
      lines
        .slice(from, from + CONNECT_AT_ONCE)
        .map((line, i) => receive(line, (text) => take(from + i, text, measured))),
    );
  }
  publishers = await Promise.all(
    Array.from({ length: roomCount(plan) }, (_, room) =>
      publisher({ port: serverPort, room, seat: seats[room]?.at(-1) ?? null }),
    ),
  );
}

function publish(from: number, to: number): void {
  for (let index = from; index < to; index++) {
    publishers.forEach((say) => say(textOf(index)));
  }
}

serve({
  async connect(order: ConnectOrder): Promise<void> {
    let isLate = false;
    const late = waitMs(CONNECT_PATIENCE_MS).then(() => (isLate = true));
    await Promise.race([connectAll(order), late]);
    if (isLate) {
      throw new Error(`${name}: not every client was connected within ${CONNECT_PATIENCE_MS} ms`);
    }
  },

  /** Publishes the measured messages, and then further ones until every client got one of those: then all lines are up again. */
  async run({ plan, startAtMs }: { plan: ChaosPlan; startAtMs: number }): Promise<ClientsReport> {
    const meter = new Meter();
    const schedule = { startAtMs, perSecond: plan.perSecond, burst: 1, count: messageCount(plan) };
    await waitUntil(startAtMs);
    meter.start();
    await runOpenLoop(schedule, publish);
    const deadlineMs = startAtMs + plan.durationMs + plan.settleMs;
    for (let index = schedule.count; nowMs() < deadlineMs && !isBack.every(Boolean); index++) {
      await waitUntil(intendedAtMs(schedule, index));
      publish(index, index + 1);
    }
    const load = meter.stop();
    await waitMs(QUIET_MS);
    return { deliveries: logs.map((log) => log.report()), arrivedAtMs: logs.map((log) => log.arrivedAtMs), load };
  },
});
