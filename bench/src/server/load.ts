/** Child process: the members of all rooms of one contender; the first of each room publishes. */
import { addReports, type DeliveryReport } from '../lib/delivery';
import { type Load, Meter } from '../lib/meter';
import { intendedAtMs, runOpenLoop, type Schedule } from '../lib/open-loop';
import { serve } from '../lib/processes';
import { waitMs, waitUntil } from '../lib/shared-clock';
import { DIALECTS, type Member } from './dialects';
import { Line } from './line';
import { Receiver, RoomRound } from './receiver';
import { textOf } from './texts';

export interface ConnectOrder {
  /** Of the server; of several, the members of each room are dealt out to them in turn. */
  readonly ports: readonly number[];
  /** A key of `DIALECTS`. */
  readonly dialect: string;
  readonly rooms: readonly (readonly Member[])[];
}

export interface BurstOrder {
  readonly round: number;
  readonly bursts: number;
  /** Messages of one burst: they leave the publisher in one write. */
  readonly size: number;
  /** From the arrival of one burst everywhere to the next one. */
  readonly pauseMs: number;
}

export interface SteadyOrder {
  readonly round: number;
  /** Its messages go to the rooms in turn; `count` is a multiple of the number of rooms. */
  readonly schedule: Schedule;
}

export interface LoadReport {
  readonly load: Load;
  readonly delivery: DeliveryReport;
  /** Members whose connection the server has ended. */
  readonly cutOff: number;
  /** Of each delivery from its message's intended send time; empty for bursts. */
  readonly latenciesMs: Float64Array;
}

interface Seat {
  readonly line: Line;
  readonly receiver: Receiver;
}

/** So many connect at the same time. */
const WAVE = 25;
const KEEP_ALIVE_MS = 20_000;
const PATIENCE_MS = 15_000;

const meter = new Meter();
let rooms: Seat[][] = [];
/** Deliveries of the running round, and who waits for how many. */
let taken = 0;
let awaited = Infinity;
let onEnough: () => void = () => undefined;

function onTaken(): void {
  if (++taken === awaited) {
    onEnough();
  }
}

/** Whether the round has `count` deliveries; false after 15 s. What is missing is told by the delivery report. */
function untilTaken(count: number): Promise<boolean> {
  return new Promise((done) => {
    if (taken >= count) {
      done(true);
      return;
    }
    const timer = setTimeout(() => done(false), PATIENCE_MS);
    awaited = count;
    onEnough = () => {
      clearTimeout(timer);
      done(true);
    };
  });
}

function begin(round: number, perRoom: number): void {
  taken = 0;
  awaited = Infinity;
  rooms.forEach((seats, room) => {
    const plan = new RoomRound(round, room, perRoom);
    seats.forEach(({ receiver }) => receiver.begin(plan));
  });
}

function publish(room: number, texts: readonly string[]): void {
  rooms[room]?.[0]?.line.publish(texts);
}

function report(latenciesMs: Float64Array): LoadReport {
  const seats = rooms.flat();
  const codes = seats.flatMap(({ line: { closeCode } }) => (closeCode === null ? [] : [closeCode]));
  if (codes.length > 0) {
    console.log(`${codes.length} of ${seats.length} members were cut off (${[...new Set(codes)].join(', ')})`);
  }
  return {
    load: meter.stop(),
    delivery: addReports(seats.map(({ receiver }) => receiver.report())),
    cutOff: codes.length,
    latenciesMs,
  };
}

serve({
  async connect({ ports, dialect: name, rooms: members }: ConnectOrder): Promise<void> {
    const dialect = DIALECTS[name];
    if (dialect === undefined) {
      throw new Error(`expected a dialect, got ${name}`);
    }
    const open = async (member: Member, port: number): Promise<Seat> => {
      const receiver = new Receiver(onTaken);
      const line = await Line.open(port, dialect, member, (bytes, start, end, atMs) =>
        receiver.take(bytes, start, end, atMs),
      );
      return { line, receiver };
    };
    rooms = members.map(() => []);
    const all = members.flatMap((room, i) =>
      room.map((member, k) => ({ i, member, port: ports[k % ports.length] as number })),
    );
    for (let from = 0; from < all.length; from += WAVE) {
      const wave = all.slice(from, from + WAVE);
      const seats = await Promise.all(wave.map(({ member, port }) => open(member, port)));
      wave.forEach(({ i }, k) => rooms[i]?.push(seats[k] as Seat));
    }
    setInterval(() => rooms.flat().forEach(({ line }) => line.stayAlive()), KEEP_ALIVE_MS);
  },

  async burst({ round, bursts, size, pauseMs }: BurstOrder): Promise<LoadReport> {
    begin(round, bursts * size);
    meter.start();
    for (let burst = 0; burst < bursts; burst++) {
      const texts = (room: number): string[] =>
        Array.from({ length: size }, (_, i) => textOf(round, room, burst * size + i));
      rooms.forEach((_, room) => publish(room, texts(room)));
      if (!(await untilTaken((burst + 1) * size * rooms.flat().length))) {
        break; // The round is lost already: no need to wait for the rest of it.
      }
      await waitMs(pauseMs);
    }
    return report(new Float64Array());
  },

  async steady({ round, schedule }: SteadyOrder): Promise<LoadReport> {
    const perRoom = schedule.count / rooms.length;
    begin(round, perRoom);
    await waitUntil(schedule.startAtMs);
    meter.start();
    await runOpenLoop(schedule, (from, to) => {
      for (let index = from; index < to; index++) {
        const room = index % rooms.length;
        publish(room, [textOf(round, room, Math.floor(index / rooms.length))]);
      }
    });
    await untilTaken(perRoom * rooms.flat().length);
    const result = report(new Float64Array(perRoom * rooms.flat().length));
    let at = 0;
    rooms.forEach((seats, room) =>
      seats.forEach(({ receiver }) =>
        receiver.arrivedAtMs.forEach((atMs, index) => {
          result.latenciesMs[at++] = atMs - intendedAtMs(schedule, index * rooms.length + room);
        }),
      ),
    );
    return result;
  },
});
