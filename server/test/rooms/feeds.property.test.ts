import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { pino } from 'pino';
import type { RoomEvent } from '../../../common/core/src/main/ets/wire/Frames';
import { LocalBus } from '../../src/bus/local-bus';
import type { RoomNotice } from '../../src/bus/bus';
import { CommitLine } from '../../src/rooms/commit-line';
import { Feeds } from '../../src/rooms/feeds';
import type { LogCommand, LogOutcome, ResumeRecord, RoomRecord } from '../../src/store/store';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store';
import { FakeClock } from '../support/fake-clock';
import { makeTempDir } from '../support/temp-dir';
import { until } from '../support/until';

/** Some turns of the event loop, as many as the random numbers of the run say. */
class Delays {
  private at = 0;

  constructor(private readonly turns: readonly number[]) {}

  async wait(): Promise<void> {
    const count = this.turns[this.at++ % this.turns.length] ?? 0;
    for (let turn = 0; turn < count; turn++) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

/** The real store behind a network: each answer takes its own time, so that answers overtake each other. */
class FarStore extends SqliteStore {
  delays = new Delays([0]);

  override async commit(commands: readonly LogCommand[]): Promise<LogOutcome[]> {
    const outcomes = await super.commit(commands);
    await this.delays.wait();
    return outcomes;
  }

  override async eventsAfter(roomId: string, afterSeq: number, limit: number): Promise<ResumeRecord | null> {
    await this.delays.wait();
    const record = await super.eventsAfter(roomId, afterSeq, limit);
    await this.delays.wait();
    return record;
  }

  override async room(roomId: string): Promise<RoomRecord | null> {
    const record = await super.room(roomId);
    await this.delays.wait();
    return record;
  }
}

/** Gives what one process announces to the other: late, twice, in another order, or not at all. */
class BadBus extends LocalBus {
  peer: Feeds | null = null;
  fates = new Delays([0]);
  private count = 0;
  drops: readonly boolean[] = [];

  override announce(roomId?: string, notice?: RoomNotice): void {
    const isLost = this.drops[this.count++ % Math.max(1, this.drops.length)] === true;
    if (notice?.kind !== 'event' || isLost) {
      return;
    }
    const { epoch, event } = notice;
    void this.fates.wait().then(() => this.peer?.heard(epoch, event));
    if (event.seq % 3 === 0) {
      void this.fates.wait().then(() => this.peer?.heardHead(roomId ?? '', epoch, event.seq));
      void this.fates.wait().then(() => this.peer?.heard(epoch, event));
    }
  }
}

/** One process as far as a room's events go through it. */
class Side {
  readonly bus = new BadBus('p_000000000000');
  readonly seen: RoomEvent[] = [];
  readonly letIn: string[] = [];
  /** Who joined and is in the room here, with the event or let in later. */
  readonly entered = new Set<string>();
  readonly defects: unknown[] = [];
  readonly line: CommitLine;
  readonly feeds: Feeds;

  constructor(store: FarStore, clock: FakeClock) {
    const reader = {
      publish: (_epoch: string, event: RoomEvent, room: RoomRecord | null): void => {
        this.seen.push(event);
        if (event.kind === 'joined' && room === null) {
          this.feeds.admit(event.roomId, event.userId);
        } else if (event.kind === 'joined') {
          this.entered.add(event.userId);
        }
      },
      letIn: (userId: string, room: RoomRecord): void => {
        this.entered.add(userId);
        this.letIn.push(`${userId} at ${room.headSeq} after ${this.seen.at(-1)?.seq ?? 0}`);
      },
    };
    const log = pino({ level: 'silent' });
    const whenQuiet = (run: () => void): void => this.line.whenQuiet(run);
    this.feeds = new Feeds({ store, bus: this.bus, clock, log, reader, whenQuiet });
    this.line = new CommitLine(
      store,
      (command, outcome) => this.feeds.committed(command, outcome),
      (error) => this.defects.push(error),
    );
  }
}

interface Script {
  readonly steps: readonly { readonly side: number; readonly do: 'send' | 'join' | 'read' | 'wait' }[];
  readonly storeTurns: readonly number[];
  readonly busTurns: readonly number[];
  readonly drops: readonly boolean[];
}

const turns = fc.array(fc.nat({ max: 12 }), { minLength: 1, maxLength: 9 });
const scripts: fc.Arbitrary<Script> = fc.record({
  steps: fc.array(
    fc.record({
      side: fc.nat({ max: 1 }),
      do: fc.oneof(
        { weight: 6, arbitrary: fc.constant('send' as const) },
        { weight: 1, arbitrary: fc.constant('join' as const) },
        { weight: 1, arbitrary: fc.constant('read' as const) },
        { weight: 2, arbitrary: fc.constant('wait' as const) },
      ),
    }),
    { minLength: 4, maxLength: 60 },
  ),
  storeTurns: turns,
  busTurns: turns,
  drops: fc.array(fc.boolean(), { minLength: 1, maxLength: 7 }),
});

describe('the feeds of two processes', () => {
  const dir = makeTempDir();
  let store: FarStore;
  let runs = 0;

  before(async () => {
    store = new FarStore(join(dir.path, 'far.db'));
    for (let user = 0; user < 61; user++) {
      const userId = `u_${user}`;
      await store.createUser({ userId, userName: userId, nameKey: userId, passwordHash: '', createdAtMs: 0 });
    }
  });
  after(async () => {
    await store.close();
    dir.remove();
  });

  async function play(script: Script): Promise<void> {
    const roomId = `r_${++runs}`;
    const create = {
      kind: 'create',
      roomId,
      name: roomId,
      nameKey: roomId,
      epoch: 'e',
      userId: 'u_0',
      atMs: 0,
    } as const;
    store.delays = new Delays([0]);
    await store.commit([create]);
    const room = await store.room(roomId);
    assert.ok(room);
    const clock = new FakeClock();
    const sides = [new Side(store, clock), new Side(store, clock)] as const;
    sides.forEach((side, index) => {
      side.bus.peer = sides[1 - index]?.feeds ?? null;
      side.bus.fates = new Delays(script.busTurns);
      side.bus.drops = script.drops;
      side.feeds.open(room);
    });
    store.delays = new Delays(script.storeTurns);
    const pause = new Delays(script.busTurns);
    const readings: Promise<void>[] = [];
    let joins = 0;
    for (const [index, step] of script.steps.entries()) {
      const side = sides[step.side] ?? sides[0];
      if (step.do === 'wait') {
        await pause.wait();
      } else if (step.do === 'read') {
        // What a connection does that comes in: from `headSeq` on it must get each event once.
        readings.push(
          side.line.read(async () => {
            const record = await store.room(roomId);
            assert.ok(record);
            await side.feeds.bringTo([record]);
            assert.equal(side.seen.at(-1)?.seq ?? 1, record.headSeq);
          }),
        );
      } else {
        const userId = step.do === 'join' ? `u_${++joins}` : 'u_0';
        const command: LogCommand =
          step.do === 'join'
            ? { kind: 'join', roomId, userId, atMs: 1 }
            : { kind: 'message', roomId, userId, clientId: `c_${1000 + index}`, text: 'x', atMs: 1 };
        side.line.submit(command, () => undefined);
      }
    }
    await Promise.all([...readings, ...sides.map((side) => side.line.idle())]);
    await Promise.all(sides.map((side) => side.feeds.checkAll()));
    const last = (await store.room(roomId))?.headSeq ?? 0;
    await until(() => sides.every((side) => (side.seen.at(-1)?.seq ?? 1) === last), `event ${last} on both sides`);
    await until(() => sides.every((side) => side.entered.size === joins), 'all who joined to be let in');
    for (const side of sides) {
      assert.deepEqual(side.defects, []);
      assert.deepEqual(
        side.seen.map((event) => event.seq),
        Array.from({ length: last - 1 }, (_, i) => i + 2),
      );
      side.letIn.forEach((line) => assert.match(line, /at (\d+) after \1$/));
      side.feeds.dispose();
    }
  }

  test('each side sees every event once and in order, whatever is late, doubled or lost', async (t) => {
    const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
    t.diagnostic(`SEED=${seed}`);
    await fc.assert(fc.asyncProperty(scripts, play), { seed, numRuns: 150, endOnFailure: false });
  });
});
