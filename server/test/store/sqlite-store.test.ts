import assert from 'node:assert/strict';
import { copyFileSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import Database from 'libsql';
import { SqliteStore } from '../../src/store/sqlite-store';
import { type LogCommand, type LogOutcome, StoreFailure } from '../../src/store/store';
import { makeTempDir } from '../support/temp-dir';

function create(roomId: string, name: string, userId = 'u_ann'): LogCommand {
  return { kind: 'create', roomId, name, nameKey: name.toLowerCase(), epoch: `e_${roomId}`, userId, atMs: 1 };
}

function message(roomId: string, userId: string, clientId: string, text = 'Hi', atMs = 2): LogCommand {
  return { kind: 'message', roomId, userId, clientId, text, atMs };
}

function summary(outcome: LogOutcome | undefined): string {
  if (outcome === undefined || outcome.status === 'refused') {
    return outcome?.code ?? 'nothing';
  }
  return `${outcome.status} ${outcome.event?.kind ?? '-'} ${outcome.event?.seq ?? '-'}`;
}

describe('SqliteStore', () => {
  const dir = makeTempDir();
  const path = join(dir.path, 'parley.db');
  let store: SqliteStore;
  let rooms = 0;

  async function room(members: string[] = ['u_ann']): Promise<string> {
    const roomId = `r_${++rooms}`;
    const [creator = 'u_ann', ...others] = members;
    await store.commit([create(roomId, `Room ${rooms}`, creator)]);
    await store.commit(others.map((userId): LogCommand => ({ kind: 'join', roomId, userId, atMs: 1 })));
    return roomId;
  }

  async function commit(...commands: LogCommand[]): Promise<string[]> {
    return (await store.commit(commands)).map(summary);
  }

  before(async () => {
    store = new SqliteStore(path);
    for (const name of ['Ann', 'Bo', 'Cy']) {
      const nameKey = name.toLowerCase();
      await store.createUser({ userId: `u_${nameKey}`, userName: name, nameKey, passwordHash: 'h', createdAtMs: 0 });
    }
  });

  after(async () => {
    await store.close();
    dir.remove();
  });

  test('runs with a write-ahead log and an fsync at each commit', () => {
    assert.deepEqual(store.durability(), { journalMode: 'wal', synchronous: 2 });
  });

  test('numbers a log from 1 without holes, whatever its events are', async () => {
    const roomId = await room();
    assert.deepEqual(
      await commit(
        { kind: 'join', roomId, userId: 'u_bo', atMs: 3 },
        message(roomId, 'u_bo', 'c_00000001'),
        { kind: 'leave', roomId, userId: 'u_bo', atMs: 4 },
        message(roomId, 'u_ann', 'c_00000001'),
      ),
      ['applied joined 2', 'applied message 3', 'applied left 4', 'applied message 5'],
    );
    const page = await store.history(roomId, 0, 50);
    assert.deepEqual(
      page?.events.map((event) => event.seq),
      [1, 2, 3, 4, 5],
    );
  });

  test('numbers without holes or doubles when many send at once', async () => {
    const roomId = await room(['u_ann', 'u_bo', 'u_cy']);
    const sends = Array.from({ length: 150 }, (_, i) =>
      store.commit([message(roomId, ['u_ann', 'u_bo', 'u_cy'][i % 3] ?? '', `c_${String(i).padStart(8, '0')}`)]),
    );
    const seqs = (await Promise.all(sends)).map(([outcome]) => (outcome?.status === 'applied' ? outcome.event.seq : 0));
    assert.deepEqual(
      seqs.sort((a, b) => a - b),
      Array.from({ length: 150 }, (_, i) => i + 4),
    );
  });

  test('answers a resend with the first seq and time, and adds nothing', async () => {
    const roomId = await room();
    const [first] = await store.commit([message(roomId, 'u_ann', 'c_00000001', 'Hi', 100)]);
    const [second] = await store.commit([message(roomId, 'u_ann', 'c_00000001', 'Hi', 999)]);
    assert.equal(first?.status, 'applied');
    assert.equal(second?.status, 'repeated');
    assert.deepEqual(second.event, first.event);
    assert.equal((await store.eventsAfter(roomId, 0, 50))?.headSeq, 2);
  });

  test('refuses a client id with another text and keeps the first one', async () => {
    const roomId = await room();
    assert.deepEqual(
      await commit(message(roomId, 'u_ann', 'c_00000001', 'one'), message(roomId, 'u_ann', 'c_00000001', 'two')),
      ['applied message 2', 'id_reused'],
    );
    assert.equal((await store.history(roomId, 0, 1))?.events[0]?.text, 'one');
  });

  test('takes the same client id from another sender or in another room', async () => {
    const roomId = await room(['u_ann', 'u_bo']);
    const other = await room();
    assert.deepEqual(
      await commit(
        message(roomId, 'u_ann', 'c_00000001'),
        message(roomId, 'u_bo', 'c_00000001'),
        message(other, 'u_ann', 'c_00000001'),
      ),
      ['applied message 3', 'applied message 4', 'applied message 2'],
    );
  });

  test('answers the resend of someone who left meanwhile, and refuses a new message of the same', async () => {
    const roomId = await room(['u_ann', 'u_bo']);
    assert.deepEqual(
      await commit(
        message(roomId, 'u_bo', 'c_00000001'),
        { kind: 'leave', roomId, userId: 'u_bo', atMs: 5 },
        message(roomId, 'u_bo', 'c_00000001'),
        message(roomId, 'u_bo', 'c_00000002'),
      ),
      ['applied message 3', 'applied left 4', 'repeated message 3', 'not_member'],
    );
  });

  test('refuses a message to a room that does not exist like one to a room of others', async () => {
    assert.deepEqual(await commit(message('r_nowhere', 'u_ann', 'c_00000001')), ['not_member']);
  });

  test('joins and leaves once, however often it is asked', async () => {
    const roomId = await room();
    const join: LogCommand = { kind: 'join', roomId, userId: 'u_bo', atMs: 1 };
    const leave: LogCommand = { kind: 'leave', roomId, userId: 'u_bo', atMs: 1 };
    assert.deepEqual(await commit(join, join, leave, leave, { ...leave, roomId: 'r_nowhere' }), [
      'applied joined 2',
      'repeated - -',
      'applied left 3',
      'repeated - -',
      'repeated - -',
    ]);
    assert.deepEqual(await commit({ ...join, roomId: 'r_nowhere' }), ['not_found']);
  });

  test('shows the room as it was right after the join, though later commands share the transaction', async () => {
    const roomId = await room();
    const [joined] = await store.commit([
      { kind: 'join', roomId, userId: 'u_bo', atMs: 1 },
      message(roomId, 'u_ann', 'c_00000001'),
    ]);
    assert.equal(joined?.status, 'applied');
    assert.equal(joined.room?.headSeq, 2);
    assert.equal(joined.room?.lastMessage, null);
    assert.deepEqual(
      joined.room?.members.map((member) => member.userName),
      ['Ann', 'Bo'],
    );
  });

  test('refuses the 501st member and lets a member join again', async () => {
    const roomId = await room();
    for (let i = 2; i <= 501; i++) {
      const nameKey = `crowd ${i}`;
      await store.createUser({ userId: `u_c${i}`, userName: nameKey, nameKey, passwordHash: '', createdAtMs: 0 });
    }
    const joins = Array.from({ length: 500 }, (_, i): LogCommand => ({
      kind: 'join',
      roomId,
      userId: `u_c${i + 2}`,
      atMs: 1,
    }));
    const outcomes = await commit(...joins);
    assert.equal(outcomes[498], 'applied joined 500');
    assert.equal(outcomes[499], 'room_full');
    assert.deepEqual(await commit({ kind: 'join', roomId, userId: 'u_ann', atMs: 1 }), ['repeated - -']);
  });

  test('gives pages from the newest end, ascending, with no event twice', async () => {
    const roomId = await room();
    await store.commit(Array.from({ length: 10 }, (_, i) => message(roomId, 'u_ann', `c_0000000${i}`)));
    const newest = await store.history(roomId, 0, 4);
    assert.deepEqual(
      newest?.events.map((event) => event.seq),
      [8, 9, 10, 11],
    );
    assert.equal(newest?.hasMore, true);
    const older = await store.history(roomId, 8, 7);
    assert.deepEqual(
      older?.events.map((event) => event.seq),
      [1, 2, 3, 4, 5, 6, 7],
    );
    assert.equal(older?.hasMore, false);
  });

  test('keeps every text as it is', async () => {
    const roomId = await room();
    const texts = ["'); DROP TABLE events; --", '%_\\', 'é vs e\u0301', '  spaces  ', '🍵\u200d\u202e', '{"a":1}', 'ß'];
    await store.commit(texts.map((text, i) => message(roomId, 'u_ann', `c_0000000${i}`, text)));
    const page = await store.history(roomId, 0, texts.length);
    assert.deepEqual(
      page?.events.map((event) => event.text),
      texts,
    );
  });

  test('undoes a whole transaction when one of its statements fails', async () => {
    const roomId = await room();
    const stranger = { ...create('r_unborn', 'Unborn'), userId: 'u_nobody' } as LogCommand;
    await assert.rejects(store.commit([message(roomId, 'u_ann', 'c_00000001'), stranger]), StoreFailure);
    assert.equal((await store.eventsAfter(roomId, 0, 50))?.headSeq, 1);
    assert.deepEqual(await commit(message(roomId, 'u_ann', 'c_00000001')), ['applied message 2']);
  });

  test('gives a refresh token away once, though two ask at the same time', async () => {
    const session = { sessionId: 's_1', userId: 'u_ann', refreshHash: 'h1', refreshExpiresAtMs: 9, createdAtMs: 0 };
    await store.createSession(session);
    const both = await Promise.all([store.rotateSession('h1', 'h2', 20), store.rotateSession('h1', 'h3', 20)]);
    assert.deepEqual(both.sort(), [false, true]);
  });

  test('keeps the newest time at which a user was seen', async () => {
    const roomId = await room(['u_cy']);
    await store.recordSeen(new Map([['u_cy', 500]]));
    await store.recordSeen(new Map([['u_cy', 400]]));
    const found = (await store.roomsOf('u_cy')).find((record) => record.roomId === roomId);
    assert.equal(found?.members[0]?.lastSeenMs, 500);
  });

  test('a copy of the files taken at the commit holds the message', async () => {
    const roomId = await room();
    const copy = join(dir.path, 'copy.db');
    await store.commit([message(roomId, 'u_ann', 'c_at_ack_1', 'On disk?')]);
    copyFileSync(path, copy);
    copyFileSync(`${path}-wal`, `${copy}-wal`);
    const other = new SqliteStore(copy);
    const page = await other.history(roomId, 0, 1);
    await other.close();
    assert.equal(page?.events[0]?.text, 'On disk?');
  });

  test('is whole in one file after it was closed', async () => {
    const lone = join(dir.path, 'lone.db');
    const first = new SqliteStore(lone);
    await first.createUser({ userId: 'u_1', userName: 'Di', nameKey: 'di', passwordHash: '', createdAtMs: 0 });
    await first.close();
    const moved = join(dir.path, 'moved.db');
    copyFileSync(lone, moved);
    const second = new SqliteStore(moved);
    assert.equal((await second.findUserByNameKey('di'))?.userName, 'Di');
    await second.close();
  });

  test('acknowledges nothing more once its file was removed', async () => {
    const doomed = join(dir.path, 'doomed.db');
    const lost = new SqliteStore(doomed);
    await lost.createUser({ userId: 'u_1', userName: 'Di', nameKey: 'di', passwordHash: '', createdAtMs: 0 });
    rmSync(doomed);
    await assert.rejects(() => lost.commit([create('r_doomed', 'Doomed', 'u_1')]), StoreFailure);
    const ed = { userId: 'u_2', userName: 'Ed', nameKey: 'ed', passwordHash: '', createdAtMs: 0 };
    await assert.rejects(() => lost.createUser(ed), StoreFailure);
    await lost.close();
  });

  test('refuses a file of a newer server and leaves it as it is', () => {
    const newer = join(dir.path, 'newer.db');
    const db = new Database(newer);
    db.exec('PRAGMA user_version = 99');
    db.close();
    assert.throws(() => new SqliteStore(newer), /cannot open the database .*newer\.db.*version 99/);
  });

  test('says which file it cannot open', () => {
    const folder = join(dir.path, 'folder.db', 'inner');
    assert.equal(existsSync(folder), false);
    new Database(join(dir.path, 'folder.db')).close();
    assert.ok(readdirSync(dir.path).includes('folder.db'));
    assert.throws(
      () => new SqliteStore(folder),
      (error) => error instanceof StoreFailure && /inner/.test(error.message),
    );
  });
});
