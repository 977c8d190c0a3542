import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { create, message, summary } from './log-commands';
import { peopleContract } from './contract-people';
import { searchContract } from './contract-search';
import { transferContract } from './contract-transfer';
import { type LogCommand, type LogOutcome, type Store, StoreFailure } from '../../src/store/store';

export interface OpenedStore {
  readonly store: Store;
  /** A second one on the same data, as another process would open it; null where only one process may. */
  readonly openSecond: (() => Promise<Store>) | null;
  /** Closes all and removes the data. */
  close(): Promise<void>;
}

/** What every store promises. */
export function storeContract(name: string, open: () => Promise<OpenedStore>): void {
  describe(name, () => {
    let opened: OpenedStore;
    let store: Store;
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
      opened = await open();
      store = opened.store;
      for (const name of ['Ann', 'Bo', 'Cy']) {
        const nameKey = name.toLowerCase();
        await store.createUser({ userId: `u_${nameKey}`, userName: name, nameKey, passwordHash: 'h', createdAtMs: 0 });
      }
    });

    after(() => opened.close());

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
      const seqs = (await Promise.all(sends)).map(([outcome]) =>
        outcome?.status === 'applied' ? outcome.event.seq : 0,
      );
      assert.deepEqual(
        seqs.sort((a, b) => a - b),
        Array.from({ length: 150 }, (_, i) => i + 4),
      );
    });

    test('counts the rooms of a user as it lists them', async () => {
      const counted = async (): Promise<[number, number]> => [
        await store.roomCountOf('u_bo'),
        (await store.roomsOf('u_bo')).length,
      ];
      const [before] = await counted();
      const roomId = await room();
      await store.commit([{ kind: 'join', roomId, userId: 'u_bo', atMs: 1 }]);
      assert.deepEqual(await counted(), [before + 1, before + 1]);
      await store.commit([{ kind: 'leave', roomId, userId: 'u_bo', atMs: 2 }]);
      assert.deepEqual(await counted(), [before, before]);
      assert.equal(await store.roomCountOf('u_nobody'), 0);
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

    test('shows the members in the order in which they joined, whoever says something beside the join', async () => {
      const roomId = await room();
      await store.commit([{ kind: 'join', roomId, userId: 'u_bo', atMs: 1 }]);
      const [, joined] = await store.commit([
        message(roomId, 'u_bo', 'c_00000001'),
        { kind: 'join', roomId, userId: 'u_cy', atMs: 1 },
      ]);
      assert.deepEqual(joined?.status === 'applied' && joined.room?.members.map((member) => member.userName), [
        'Ann',
        'Bo',
        'Cy',
      ]);
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
      const texts = [
        "'); DROP TABLE events; --",
        '%_\\',
        'é vs e\u0301',
        '  spaces  ',
        '🍵\u200d\u202e',
        '{"a":1}',
        'ß',
      ];
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

    test('numbers without holes or doubles when two processes write to the same rooms', async (t) => {
      const second = await opened.openSecond?.();
      if (second === undefined) {
        t.diagnostic('one process only: there is no second one to come between');
        return;
      }
      const [a, b] = [await room(['u_ann', 'u_bo']), await room(['u_ann', 'u_bo'])];
      const batch = (from: Store, who: string, i: number): Promise<LogOutcome[]> => {
        const pair = [message(a, who, `c_${who}_a${i}`), message(b, who, `c_${who}_b${i}`)];
        return from.commit(i % 2 === 0 ? pair : pair.reverse());
      };
      const runs = Array.from({ length: 40 }, (_, i) => [batch(store, 'u_ann', i), batch(second, 'u_bo', i)]).flat();
      assert.deepEqual(
        (await Promise.all(runs)).flat().filter(({ status }) => status !== 'applied'),
        [],
      );
      for (const roomId of [a, b]) {
        const page = await second.eventsAfter(roomId, 2, 100);
        assert.equal(page?.headSeq, 82);
        assert.deepEqual(
          page?.events.map(({ seq }) => seq),
          Array.from({ length: 80 }, (_, i) => i + 3),
        );
      }
      await second.close();
    });

    test('gives a name to one room only, though two processes ask in opposite orders', async () => {
      const second = (await opened.openSecond?.()) ?? store;
      for (let i = 0; i < 10; i++) {
        const [x, y] = [`Shared ${i} x`, `Shared ${i} y`];
        const outcomes = await Promise.all([
          store.commit([create(`r_s${i}a`, x), create(`r_s${i}b`, y)]),
          second.commit([create(`r_s${i}c`, y), create(`r_s${i}d`, x)]),
        ]);
        assert.deepEqual(outcomes.flat().map(summary).sort(), [
          'applied created 1',
          'applied created 1',
          'name_taken',
          'name_taken',
        ]);
      }
      if (second !== store) {
        await second.close();
      }
    });

    test('lets someone leave and join again in one transaction, at the new position', async () => {
      const roomId = await room(['u_ann', 'u_bo', 'u_cy']);
      const about = { roomId, userId: 'u_bo', atMs: 1 };
      assert.deepEqual(await commit({ kind: 'leave', ...about }, { kind: 'join', ...about }), [
        'applied left 4',
        'applied joined 5',
      ]);
      assert.deepEqual(
        (await store.room(roomId))?.members.map(({ userName }) => userName),
        ['Ann', 'Cy', 'Bo'],
      );
    });

    test('shows a room, where logs end, and nothing of unknown rooms', async () => {
      const roomId = await room(['u_ann', 'u_bo']);
      await store.commit([message(roomId, 'u_bo', 'c_00000001', 'Hello', 7)]);
      const record = await store.room(roomId);
      assert.deepEqual(
        { ...record, members: record?.members.map(({ userName }) => userName), lastMessage: record?.lastMessage?.text },
        {
          roomId,
          name: record?.name,
          epoch: `e_${roomId}`,
          createdAtMs: 1,
          headSeq: 3,
          members: ['Ann', 'Bo'],
          lastMessage: 'Hello',
        },
      );
      assert.equal(await store.room('r_nowhere'), null);
      assert.deepEqual(
        [...(await store.heads([roomId, 'r_nowhere']))],
        [[roomId, { epoch: `e_${roomId}`, headSeq: 3 }]],
      );
    });

    test('answers a ping and finds nothing damaged', async () => {
      await store.ping();
      await store.check();
    });

    peopleContract(() => store, room);
    searchContract(() => store, room);
    transferContract(() => store, room);
  });
}
