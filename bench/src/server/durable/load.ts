/** Child process: senders that wait for acks, each in a room of its own. */
import { addReports, DeliveryLog, type DeliveryReport } from '../../lib/delivery';
import { type Load, Meter } from '../../lib/meter';
import { intendedAtMs, runOpenLoop, type Schedule } from '../../lib/open-loop';
import { serve } from '../../lib/processes';
import { nowMs, waitMs, waitUntil } from '../../lib/shared-clock';
import { RawWebSocket } from '../../lib/raw-web-socket';
import { DIALECTS, type Member, type Speaker } from '../dialects';
import { textOf } from '../texts';
import { ackedIn } from './acks';

export interface DurableConnect {
  readonly port: number;
  /** One for each sender. */
  readonly members: readonly Member[];
  /** Whether the server wants `hello`; else it takes messages at once. */
  readonly isParley: boolean;
}

export interface FullOrder {
  readonly perSender: number;
  /** Messages of one sender that wait for their acks at the same time. */
  readonly window: number;
}

export interface DurableReport {
  readonly load: Load;
  /** Of acks. */
  readonly delivery: DeliveryReport;
  readonly durationMs: number;
  readonly latenciesMs: Float64Array;
}

interface Sender {
  readonly socket: RawWebSocket;
  readonly speaker: Speaker;
  log: DeliveryLog;
  /** Commands that the connection had before the round: an ack's number counts from there. */
  base: number;
  commands: number;
  sent: number;
}

const PATIENCE_MS = 30_000;
const parley = DIALECTS['parley'] as (typeof DIALECTS)[string];
const meter = new Meter();
let senders: Sender[] = [];
let onAck: (sender: Sender) => void = () => undefined;

async function open({ port, isParley }: DurableConnect, member: Member): Promise<Sender> {
  const speaker = parley.speak(member);
  const box: { sender: Sender | null; ready: (() => void) | null } = { sender: null, ready: null };
  const ready = new Promise<void>((done) => {
    box.ready = done;
  });
  const socket = await RawWebSocket.open({
    port,
    path: isParley ? parley.path : '/',
    protocol: isParley ? parley.protocol : '',
    onClose: () => undefined, // What is not acknowledged after it is lost, and counted so.
    onPayload(bytes, start, end) {
      const { sender } = box;
      const re = ackedIn(bytes, start, end);
      if (re >= 0 && sender !== null) {
        sender.log.take(re - sender.base - 1, nowMs());
        onAck(sender);
      } else if (box.ready !== null && speaker.hear(bytes.toString('utf8', start, end)).isReady) {
        box.ready();
        box.ready = null;
      }
    },
  });
  box.sender = { socket, speaker, log: new DeliveryLog(0), base: 0, commands: 1, sent: 0 };
  if (isParley) {
    socket.send(speaker.greeting);
    await ready;
  }
  return box.sender;
}

function begin(perSender: number): void {
  senders.forEach((sender) => {
    sender.log = new DeliveryLog(perSender);
    sender.base = sender.commands;
    sender.sent = 0;
  });
}

function publish(sender: Sender, count: number): void {
  const texts = Array.from({ length: count }, () => sender.speaker.publish(textOf(0, 0, sender.sent++)));
  sender.commands += count;
  if (count > 0) {
    sender.socket.send(texts);
  }
}

function report(startedAtMs: number, latenciesMs: Float64Array): DurableReport {
  const lastAtMs = Math.max(...senders.map(({ log }) => log.arrivedAtMs.reduce((a, b) => Math.max(a, b), 0)));
  return {
    load: meter.stop(),
    delivery: addReports(senders.map(({ log }) => log.report())),
    durationMs: lastAtMs - startedAtMs,
    latenciesMs,
  };
}

async function untilAcked(perSender: number): Promise<void> {
  const deadlineMs = nowMs() + PATIENCE_MS;
  while (nowMs() < deadlineMs && senders.some(({ log }) => log.count() < perSender)) {
    await waitMs(5);
  }
}

serve({
  async connect(order: DurableConnect): Promise<void> {
    senders = await Promise.all(order.members.map((member) => open(order, member)));
  },

  /** As fast as the acks come: each one makes room for the next message. */
  async full({ perSender, window }: FullOrder): Promise<DurableReport> {
    begin(perSender);
    const owing = new Map<Sender, number>();
    // Acks that came in one piece are followed by messages in one piece.
    onAck = (sender) => {
      const owed = owing.get(sender);
      owing.set(sender, (owed ?? 0) + 1);
      if (owed === undefined) {
        setImmediate(() => {
          const count = owing.get(sender) ?? 0;
          owing.delete(sender);
          publish(sender, Math.min(count, perSender - sender.sent));
        });
      }
    };
    const startedAtMs = nowMs();
    meter.start();
    senders.forEach((sender) => publish(sender, Math.min(window, perSender)));
    await untilAcked(perSender);
    onAck = () => undefined;
    return report(startedAtMs, new Float64Array());
  },

  /** By a schedule, whatever the acks do. `count` is a multiple of the number of senders. */
  async half(schedule: Schedule): Promise<DurableReport> {
    const perSender = schedule.count / senders.length;
    begin(perSender);
    await waitUntil(schedule.startAtMs);
    meter.start();
    await runOpenLoop(schedule, (from, to) => {
      for (let index = from; index < to; index++) {
        publish(senders[index % senders.length] as Sender, 1);
      }
    });
    await untilAcked(perSender);
    const latenciesMs = new Float64Array(schedule.count);
    senders.forEach(({ log }, i) =>
      log.arrivedAtMs.forEach((atMs, k) => {
        const index = k * senders.length + i;
        latenciesMs[index] = atMs - intendedAtMs(schedule, index);
      }),
    );
    return report(schedule.startAtMs, latenciesMs);
  },
});
