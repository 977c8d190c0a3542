import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { FrameType } from '../../../common/core/src/main/ets/wire/Frames';
import type { Settings } from '../../src/settings';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store';
import { type LogCommand, type LogOutcome, StoreFailure } from '../../src/store/store';
import { expectStatus } from '../support/api-client';
import { FakeClock } from '../support/fake-clock';
import { TestServer } from '../support/test-server';

/** As long as the server waits before it looks what became of a command. */
const LOOK_MS = 1000;

/** A store whose line breaks after the commit and before its answer. */
class BreakingStore extends SqliteStore {
  losses = 0;

  override async commit(commands: readonly LogCommand[]): Promise<LogOutcome[]> {
    const outcomes = await super.commit(commands);
    if (this.losses-- > 0) {
      throw new StoreFailure('the line broke');
    }
    return outcomes;
  }
}

describe('a commit whose outcome is lost', () => {
  const clock = new FakeClock();
  let server: TestServer;
  let store: BreakingStore;

  before(async () => {
    const openStore = ({ dataDir }: Settings): BreakingStore => (store = new BreakingStore(join(dataDir, 'parley.db')));
    server = await TestServer.start({ clock, ports: { openStore } });
  });
  after(() => server.stop());

  test('lets in who joined by it, also where nobody else listens to the room', async () => {
    const [ann, bo] = [await server.person('ann'), await server.person('bo')];
    const { roomId } = await ann.api.createRoom('Joined in doubt');
    const b = await server.open(bo);
    store.losses = 1;
    expectStatus(await bo.api.call('POST', `/v1/rooms/${roomId}/join`), 503);
    assert.deepEqual(b.all(FrameType.RoomAdded), []);
    clock.advance(LOOK_MS);
    const added = await b.next(FrameType.RoomAdded);
    assert.deepEqual([added.payload.room.roomId, added.payload.room.headSeq], [roomId, 2]);
    await b.answer(b.say(roomId, 'c_00000001', 'after all'));
    assert.equal((await b.next(FrameType.RoomEvent)).payload.event.seq, 3);
    await b.close();
  });

  test('shows the creator the room that was made by it', async () => {
    const ann = await server.person('ann');
    const a = await server.open(ann);
    store.losses = 1;
    expectStatus(await ann.api.call('POST', '/v1/rooms', JSON.stringify({ name: 'Made in doubt' })), 503);
    clock.advance(LOOK_MS);
    assert.equal((await a.next(FrameType.RoomAdded)).payload.room.name, 'Made in doubt');
    await a.close();
  });

  test('takes out who left by it, and does not let that one in again', async () => {
    const [ann, bo] = [await server.person('ann'), await server.person('bo')];
    const { roomId } = await ann.api.createRoom('Left in doubt');
    await bo.api.join(roomId);
    const [a, b] = [await server.open(ann), await server.open(bo)];
    store.losses = 1;
    expectStatus(await bo.api.call('POST', `/v1/rooms/${roomId}/leave`), 503);
    clock.advance(LOOK_MS);
    assert.equal((await b.next(FrameType.RoomRemoved)).payload.roomId, roomId);
    await a.answer(a.say(roomId, 'c_00000001', 'without Bo'));
    await b.fence();
    assert.deepEqual([b.all(FrameType.RoomAdded), b.all(FrameType.RoomEvent)], [[], []]);
    await Promise.all([a.close(), b.close()]);
  });
});
