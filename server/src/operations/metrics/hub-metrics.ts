import { Gauge, Histogram, type Registry } from 'prom-client';
import { CloseCode, ErrorCode } from '../../../../common/core/src/main/ets/wire/Codes';
import { FrameType } from '../../../../common/core/src/main/ets/wire/Frames';
import type { CarrierName, HubMeter } from '../../hub/hub-meter';
import { addCounter, Tally } from './tally';

/** What can be read off the hub at any time. */
export interface HubState {
  /** Bytes that wait for clients to read them: of all connections, and of the one that has most. */
  unreadOutput(): { readonly totalBytes: number; readonly largestBytes: number };
}

const CARRIERS: readonly CarrierName[] = ['websocket', 'sse', 'poll', 'socketio'];
/** RFC 6455, section 7.4.1: what a transport ends with when nobody gave a code. */
const NO_CODE = [1005, 1006];
/** A client may close with any number: those of the protocol are told apart, the rest are one. */
const KNOWN_CODES: ReadonlySet<number> = new Set([
  ...Object.values(CloseCode).filter((code): code is CloseCode => typeof code === 'number'),
  ...NO_CODE,
]);
const CLIENT_FRAMES = [
  FrameType.Hello,
  FrameType.AuthRenew,
  FrameType.Ping,
  FrameType.MessageSend,
  FrameType.LogResume,
  FrameType.TypingSet,
  FrameType.PresenceSet,
];
const WAIT_BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Connections, frames and fan-out. Source of the names: docs/OPERATIONS.md, "Metrics". */
export class HubMetrics implements HubMeter {
  private readonly open = new Map<CarrierName, number>(CARRIERS.map((carrier) => [carrier, 0]));
  private readonly opens: Tally;
  private readonly closes: Tally;
  private readonly received: Tally;
  private readonly refused: Tally;
  private readonly resumes: Tally;
  private readonly lag: Histogram;
  private readonly acks: Histogram;
  private sessions = 0;
  private fanOuts = 0;
  private deliveries = 0;

  /** `nowMs` is a clock that never goes back. */
  constructor(
    registry: Registry,
    private readonly nowMs: () => number,
  ) {
    const { open } = this;
    new Gauge({
      name: 'parley_connections',
      help: 'Open connections by what carries them.',
      labelNames: ['carrier'],
      registers: [registry],
      collect() {
        open.forEach((count, carrier) => this.set({ carrier }, count));
      },
    });
    this.opens = new Tally(registry, 'parley_connections_opened_total', 'Connections accepted.', 'carrier', CARRIERS);
    this.closes = new Tally(registry, 'parley_connections_closed_total', 'Connections ended, by close code.', 'code');
    addCounter(registry, 'parley_sessions_opened_total', 'Sessions welcomed, first and again.', () => this.sessions);
    this.received = new Tally(
      registry,
      'parley_frames_received_total',
      'Well-formed frames from clients.',
      'type',
      CLIENT_FRAMES,
    );
    this.refused = new Tally(
      registry,
      'parley_frames_refused_total',
      'Frames answered with an error, by its code.',
      'code',
      Object.values(ErrorCode),
    );
    this.resumes = new Tally(registry, 'parley_resumes_total', 'Answers to log.resume.', 'outcome', [
      'recovered',
      'refused',
    ]);
    addCounter(registry, 'parley_fan_outs_total', 'Frames sent to whom it may concern.', () => this.fanOuts);
    addCounter(registry, 'parley_deliveries_total', 'Connections that got such a frame.', () => this.deliveries);
    this.lag = new Histogram({
      name: 'parley_delivery_lag_seconds',
      help: 'From taking in a durable event to handing it to the last connection of this process.',
      buckets: WAIT_BUCKETS_S,
      registers: [registry],
    });
    this.acks = new Histogram({
      name: 'parley_ack_seconds',
      help: 'From a message.send to its message.ack.',
      buckets: WAIT_BUCKETS_S,
      registers: [registry],
    });
  }

  /** Adds what is read off the hub when someone asks. */
  watch(registry: Registry, hub: HubState): void {
    new Gauge({
      name: 'parley_unread_output_bytes',
      help: 'Bytes that wait in this process for clients to read them.',
      registers: [registry],
      collect() {
        this.set(hub.unreadOutput().totalBytes);
      },
    });
    new Gauge({
      name: 'parley_unread_output_largest_bytes',
      help: 'The same of the one connection that has most.',
      registers: [registry],
      collect() {
        this.set(hub.unreadOutput().largestBytes);
      },
    });
  }

  opened(carrier: CarrierName): void {
    this.opens.add(carrier);
    this.open.set(carrier, (this.open.get(carrier) ?? 0) + 1);
  }

  closed(carrier: CarrierName, code: number): void {
    this.closes.add(KNOWN_CODES.has(code) ? String(code) : 'other');
    this.open.set(carrier, (this.open.get(carrier) ?? 0) - 1);
  }

  sessionOpened(): void {
    this.sessions++;
  }

  frameReceived(type: FrameType): void {
    this.received.add(type);
  }

  frameRefused(code: ErrorCode): void {
    this.refused.add(code);
  }

  resumed(isWhole: boolean): void {
    this.resumes.add(isWhole ? 'recovered' : 'refused');
  }

  delivered(connections: number): void {
    this.fanOuts++;
    this.deliveries += connections;
  }

  published(lagMs: number): void {
    this.lag.observe(Math.max(0, lagMs) / 1000);
  }

  mark(): number {
    return this.nowMs();
  }

  acknowledged(mark: number): void {
    this.acks.observe((this.nowMs() - mark) / 1000);
  }
}
