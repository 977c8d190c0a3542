/** Child process: receivers of one room over one transport, and senders over plain WebSockets that bypass the relay. */
import { loadCoreFile, type Transport } from '../../../../host/src/node/load-core';
import { indexOf, textOf } from '../chaos/plan';
import { DeliveryLog, type DeliveryReport } from '../../lib/delivery';
import { type Load, Meter } from '../../lib/meter';
import { clock, logger, network, random } from '../../lib/node-ports';
import { intendedAtMs, runOpenLoop, type Schedule } from '../../lib/open-loop';
import type { Seat } from '../../lib/parley-filling';
import { serve } from '../../lib/processes';
import { nowMs, waitMs, waitUntil } from '../../lib/shared-clock';
import { CARRIERS } from './contenders';

type SessionFile = typeof import('../../../../build/types/common/core/src/main/ets/realtime/Session.js');
type Session = InstanceType<SessionFile['Session']>;
type ServerFrame = Parameters<ConstructorParameters<SessionFile['Session']>[3]['onFrame']>[0];

interface ConnectOrder {
  readonly relayPort: number;
  readonly serverPort: number;
  readonly receivers: readonly Seat[];
  readonly senders: readonly Seat[];
}

export interface ClientsReport {
  readonly deliveries: readonly DeliveryReport[];
  readonly latenciesMs: readonly number[];
  readonly load: Load;
}

const PATIENCE_MS = 10_000;
const LOOK_EVERY_MS = 20;

const carrier = CARRIERS[process.argv[2] ?? ''];
if (carrier === undefined) {
  throw new Error(`expected a transport, got ${process.argv[2]}`);
}
const { isBinary, transport: openTransport } = carrier;
const { Session } = await loadCoreFile<SessionFile>('realtime/Session');
let takes: ((index: number) => void)[] = [];
let senders: ((text: string) => void)[] = [];

function connect(
  { tokens }: Seat,
  port: number,
  transport: Transport,
  binary: boolean,
  onText: (text: string) => void,
): Promise<Session> {
  const accessToken = (): Promise<string> => Promise.resolve(tokens.accessToken);
  return new Promise((done, fail) => {
    const session = new Session(
      { url: `ws://127.0.0.1:${port}/v1/ws`, clientName: 'bench', binary },
      { clock, random, logger, network, transports: [transport] },
      { accessToken, freshAccessToken: accessToken },
      {
        onStateChange: () => undefined,
        onWelcome: () => done(session),
        onFrame: (frame: ServerFrame) => {
          if (frame.type === 'room.event') {
            onText(frame.payload.event.text);
          }
        },
        onError: fail,
        onRefused: fail,
      },
    );
    session.start();
  });
}

serve({
  async connect({ relayPort, serverPort, receivers, senders: seats }: ConnectOrder): Promise<void> {
    takes = receivers.map(() => () => undefined);
    for (const [i, seat] of receivers.entries()) {
      await connect(seat, relayPort, await openTransport(), isBinary, (text) => takes[i]?.(indexOf(text)));
    }
    const plain = (CARRIERS['websocket'] as (typeof CARRIERS)[string]).transport;
    senders = await Promise.all(
      seats.map(async (seat) => {
        const session = await connect(seat, serverPort, await plain(), false, () => undefined);
        const reply = { onAnswer: () => undefined, onError: () => undefined };
        return (text: string) => session.sendMessage(seat.roomId, random.uuid(), text, reply);
      }),
    );
  },

  /** `count` is a multiple of the number of senders. */
  async run(schedule: Schedule): Promise<ClientsReport> {
    const latenciesMs: number[] = [];
    // Order is promised for what one member says; two members' messages may pass each other on their way to the log.
    const perSender = Math.ceil(schedule.count / senders.length);
    const logs = takes.map(() => senders.map(() => new DeliveryLog(perSender)));
    takes = logs.map((bySender) => (index) => {
      const atMs = nowMs();
      bySender[index % senders.length]?.take(Math.floor(index / senders.length), atMs);
      latenciesMs.push(atMs - intendedAtMs(schedule, index));
    });
    const meter = new Meter();
    await waitUntil(schedule.startAtMs);
    meter.start();
    await runOpenLoop(schedule, (from, to) => {
      for (let index = from; index < to; index++) {
        senders[index % senders.length]?.(textOf(index));
      }
    });
    const deadlineMs = nowMs() + PATIENCE_MS;
    while (nowMs() < deadlineMs && logs.flat().some((log) => log.count() < perSender)) {
      await waitMs(LOOK_EVERY_MS);
    }
    return { load: meter.stop(), deliveries: logs.flat().map((log) => log.report()), latenciesMs };
  },
});
