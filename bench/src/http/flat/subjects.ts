import type { HttpPort, HttpResponse, RequestScheduler } from '../../../../host/src/node/load-core';
import { loadCore } from '../../../../host/src/node/load-core';
import { pQueue } from '../../lib/http-peers';
import { clock } from '../../lib/node-ports';
import { bodyOf } from '../items';
import { parleyOver } from '../parley';
import { THIN } from '../thin-port';

/** Takes request `id` of one of three priorities (0 to 2), and calls `done` when it is answered. */
export type Start = (id: number, priority: number, done: (data: unknown) => void) => void;

/** A wire that answers when it is pumped: what costs is the queue, not the exchange. */
export interface Wire {
  /** Resolves with the body of item `id`. */
  ask(id: number): Promise<string>;
}

export type Subject = (wire: Wire, depth: number) => Promise<Start>;

const HOST = 'https://bench.example';
const HOUR_MS = 3_600_000;
/**
 * The wire rests while another depth has its turn, and who stands behind 100,000 others waits long. Every timer is set as
 * by default, and none must end.
 */
const LONG = { firstByteMs: HOUR_MS, attemptMs: HOUR_MS, totalMs: HOUR_MS };
/** Room for the queue and for what runs beside it. */
const SPARE = 100;

class WirePort implements HttpPort {
  readonly capabilities = THIN;

  constructor(private readonly wire: Wire) {}

  async request({ url }: { readonly url: string }): Promise<HttpResponse> {
    const body = await this.wire.ask(Number(url.slice(url.lastIndexOf('/') + 1)));
    return { status: 200, headers: new Map([['content-type', 'application/json']]), body };
  }
}

/** The whole call: interceptors, timers, scheduler, retry rules, trace. */
const CLIENT: Subject = async (wire, depth) => {
  const client = await parleyOver(new WirePort(wire), {
    baseUrl: HOST,
    timeouts: LONG,
    scheduler: { maxQueued: depth + SPARE },
  });
  return (id, priority, done) => {
    client.get(`/messages/${id}`, { priority }).answer.then(({ data }) => done(data), fail);
  };
};

const SCHEDULER: Subject = async (wire, depth) => {
  const { RequestScheduler: Scheduler } = await loadCore();
  const scheduler: RequestScheduler = new Scheduler(clock, { maxQueued: depth + SPARE });
  return (id, priority, done) => {
    scheduler.enqueue({
      hostKey: HOST,
      priority,
      start: (ticket) => {
        wire.ask(id).then((body) => {
          ticket.release(body.length);
          done(JSON.parse(body));
        }, fail);
      },
    });
  };
};

/** As many at once as Parley lets run of these priorities. */
const P_QUEUE: Subject = async (wire) => {
  const queue = await pQueue(5);
  return (id, priority, done) => {
    queue.add(async () => JSON.parse(await wire.ask(id)) as unknown, { priority }).then(done, fail);
  };
};

/** A lost request would leave the measure waiting for ever: better to end loudly. */
function fail(error: unknown): void {
  console.error(error);
  process.exit(1);
}

/** The judged one: what the queue itself costs. The whole client keeps about 8 KB for each waiting call, which costs collections. */
export const SCHEDULER_NAME = 'Parley, scheduler alone';
export const SUBJECTS: Readonly<Record<string, Subject>> = {
  [SCHEDULER_NAME]: SCHEDULER,
  'Parley, whole client': CLIENT,
  'p-queue': P_QUEUE,
};

/** The answers to what was asked, given all together at each turn of the event loop while it is open. */
export class PumpedWire implements Wire {
  private waiting: (() => void)[] = [];
  private isOpen = false;
  private isPumping = false;

  ask(id: number): Promise<string> {
    return new Promise((done) => {
      this.waiting.push(() => done(bodyOf(id)));
      this.pump();
    });
  }

  open(): void {
    this.isOpen = true;
    this.pump();
  }

  close(): void {
    this.isOpen = false;
  }

  private pump(): void {
    if (this.isPumping || !this.isOpen || this.waiting.length === 0) {
      return;
    }
    this.isPumping = true;
    setImmediate(() => {
      this.isPumping = false;
      if (this.isOpen) {
        const batch = this.waiting;
        this.waiting = [];
        batch.forEach((answer) => answer());
        this.pump();
      }
    });
  }
}
