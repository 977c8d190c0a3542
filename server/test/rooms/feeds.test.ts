import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { after, afterEach, beforeEach, describe, test } from 'node:test';
import { pino } from 'pino';
import type { RoomEvent } from '../../../common/core/src/main/ets/wire/Frames';
import type { RoomNotice } from '../../src/bus/bus';
import { LocalBus } from '../../src/bus/local-bus';
import { CommitLine } from '../../src/rooms/commit-line';
import { Feeds } from '../../src/rooms/feeds';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store';
import { type LogCommand, type LogOutcome, type RoomRecord, StoreFailure } from '../../src/store/store';
import { create, message } from '../store/log-commands';
import { FakeClock } from '../support/fake-clock';
import { makeTempDir } from '../support/temp-dir';
import { until } from '../support/until';

/** Does what it is asked, and then loses the answer. */
class MumblingStore extends SqliteStore {
  losses = 0;
  silences = 0;

  override async commit(commands: readonly LogCommand[]): Promise<LogOutcome[]> {
    const outcomes = await super.commit(commands);
    if (this.losses > 0) {
      this.losses--;
      throw new StoreFailure('the connection broke');
    }
    return outcomes;
  }

  override heads(roomIds: readonly string[]): ReturnType<SqliteStore['heads']> {
    return this.silences-- > 0 ? Promise.reject(new StoreFailure('no connection')) : super.heads(roomIds);
  }
}

class RecordingBus extends LocalBus {
  readonly announced: [roomId: string, notice: RoomNotice][] = [];
  readonly listening: string[] = [];

  override listen(roomId = ''): void {
    this.listening.push(roomId);
  }

  override unlisten(roomId = ''): void {
    this.listening.splice(this.listening.indexOf(roomId), 1);
  }

  override announce(roomId = '', notice?: RoomNotice): void {
    if (notice !== undefined) {
      this.announced.push([roomId, notice]);
    }
  }
}

describe('the feeds of one process', () => {
  const dir = makeTempDir();
  let store: MumblingStore;
  let bus: RecordingBus;
  let clock: FakeClock;
  let seen: number[];
  let feeds: Feeds;
  let line: CommitLine;
  let room: RoomRecord;

  beforeEach(async () => {
    store = new MumblingStore(join(dir.path, `${randomUUID()}.db`));
    bus = new RecordingBus('p_000000000000');
    clock = new FakeClock();
    seen = [];
    const log = pino({ level: 'silent' });
    const reader = { publish: (_epoch: string, { seq }: RoomEvent) => seen.push(seq), letIn: () => undefined };
    feeds = new Feeds({ store, bus, clock, log, reader, whenQuiet: (run) => line.whenQuiet(run) });
    line = new CommitLine(
      store,
      (command, outcome) => feeds.committed(command, outcome),
      (error) => assert.fail(error as Error),
      (command) => feeds.doubt(command),
    );
    await store.createUser({ userId: 'u_ann', userName: 'Ann', nameKey: 'ann', passwordHash: '', createdAtMs: 0 });
    const [made] = await store.commit([create('r_1', 'Tea')]);
    assert.ok(made?.status === 'applied' && made.room !== null);
    room = made.room;
    feeds.open(room);
  });
  afterEach(() => store.close());
  after(() => dir.remove());

  /** A message is in the log, and its sender does not know. */
  async function loseAnAnswer(): Promise<void> {
    store.losses = 1;
    await assert.rejects(line.run(message('r_1', 'u_ann', 'c_00000001')), StoreFailure);
    assert.deepEqual([seen, bus.announced], [[], []]);
  }

  async function areMended(): Promise<void> {
    await until(() => seen.length > 0 && bus.announced.length > 0, 'the second look');
    assert.deepEqual(seen, [2]);
    assert.deepEqual(bus.announced, [['r_1', { kind: 'head', epoch: room.epoch, seq: 2 }]]);
    assert.equal(clock.timerCount, 0);
  }

  test('publish a commit whose answer got lost, and tell the other processes its head', async () => {
    await loseAnAnswer();
    clock.advance(1000);
    await areMended();
  });

  test('tell it also where another look at the room failed meanwhile', async () => {
    await loseAnAnswer();
    store.silences = 1;
    await feeds.checkAll();
    clock.advance(1000);
    await areMended();
  });

  test('publish it at once where its sender says it again', async () => {
    await loseAnAnswer();
    const again = await line.run(message('r_1', 'u_ann', 'c_00000001'));
    assert.equal(again.status, 'repeated');
    await until(() => seen.length > 0, 'the event');
    assert.deepEqual(seen, [2]);
  });

  test('go on in another life of the log, however short it is', async () => {
    feeds.close('r_1');
    feeds.open({ ...room, epoch: 'e_before', headSeq: 7 });
    feeds.heardHead('r_1', room.epoch, 1);
    await until(() => seen.length > 0, 'the newest event of the other life');
    assert.deepEqual(seen, [1]);
  });

  test('look again until the store answers', async () => {
    await loseAnAnswer();
    store.silences = 2;
    for (let looks = 0; looks < 3; looks++) {
      clock.advance(1000);
      await until(() => store.silences < 2 - looks && (looks === 2 || clock.timerCount === 1), 'a look');
    }
    await areMended();
  });

  test('listen to a room from its first listener to its last, and leave no timer behind', async () => {
    feeds.open(room);
    assert.deepEqual(bus.listening, ['r_1']);
    feeds.close('r_1');
    feeds.close('r_1');
    assert.deepEqual(bus.listening, []);
    feeds.doubt(message('r_1', 'u_ann', 'c_doubt'));
    feeds.dispose();
    assert.equal(clock.timerCount, 0);
  });
});
