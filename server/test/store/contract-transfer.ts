import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventKind, type RoomEvent } from '../../../common/core/src/main/ets/wire/Frames';
import { SearchQuery } from '../../src/search/search-query';
import { type FileRecord, type ImportedRoom, type Store, StoreFailure } from '../../src/store/store';
import { message } from './log-commands';

function importedRoom(roomId: string, name: string): ImportedRoom {
  return { roomId, name, nameKey: name.toLowerCase(), epoch: `e_${roomId}`, createdAtMs: 5 };
}

function said(roomId: string, seq: number, text: string): RoomEvent {
  const kind = seq === 1 ? EventKind.Created : EventKind.Message;
  return {
    roomId,
    seq,
    atMs: seq,
    kind,
    userId: 'u_ann',
    userName: 'Ann',
    clientId: seq === 1 ? '' : `c_${seq}`,
    text,
  };
}

function fileRecord(fileId: string, roomId: string): FileRecord {
  const file = { fileId, name: 'a.txt', contentType: 'text/plain', sizeBytes: 1, widthPx: 0, heightPx: 0 };
  return { file, roomId, userId: 'u_ann', uploadKey: `k_${fileId}`, createdAtMs: 1 };
}

/** What every store promises about rooms that come and old events that go. Ann, Bo and Cy are there. */
export function transferContract(store: () => Store, room: (members: string[]) => Promise<string>): void {
  test('shows an imported room when it is finished and not before', async () => {
    const come = importedRoom('r_come', 'Come');
    assert.equal(await store().beginImport(come), true);
    await store().importEvents('r_come', [said('r_come', 1, ''), said('r_come', 2, 'Pomegranate')]);
    const stray = said(await room(['u_ann']), 99, 'stray');
    await assert.rejects(store().importEvents('r_come', [stray]), StoreFailure);
    assert.equal(await store().room('r_come'), null);
    assert.equal(await store().history('r_come', 0, 10), null);
    assert.equal(
      (await store().listRooms('u_ann', '', 200)).some(({ roomId }) => roomId === 'r_come'),
      false,
    );
    const [early] = await store().commit([{ kind: 'join', roomId: 'r_come', userId: 'u_bo', atMs: 1 }]);
    assert.deepEqual(early, { status: 'refused', code: 'not_found' });
    await store().finishImport(come, 2, [{ userId: 'u_ann', joinedSeq: 1 }]);
    const record = await store().room('r_come');
    assert.deepEqual(
      [record?.headSeq, record?.epoch, record?.createdAtMs, record?.lastMessage?.text, record?.members[0]?.joinedSeq],
      [2, 'e_r_come', 5, 'Pomegranate', 1],
    );
    const found = await store().search('u_ann', new SearchQuery('pomegranate'), null, 5);
    assert.equal(found?.hits[0]?.event.seq, 2);
    const [next] = await store().commit([message('r_come', 'u_ann', 'c_2', 'Pomegranate')]);
    assert.equal(next?.status, 'repeated', 'a resend of what was imported');
  });

  test('takes back an import that broke off, also when the next one begins', async () => {
    const lost = importedRoom('r_lost', 'Lost');
    await store().beginImport(lost);
    await store().addFile(fileRecord('f_lost', 'r_lost'));
    await store().importEvents('r_lost', [said('r_lost', 1, ''), said('r_lost', 2, 'half')]);
    const other = importedRoom('r_other', 'Lost');
    assert.equal(await store().beginImport(other), true);
    assert.equal(await store().hasFile('f_lost'), false);
    await store().cancelImport('r_other');
    assert.equal(await store().beginImport(lost), true);
    await store().cancelImport('r_lost');
    await assert.rejects(store().finishImport(lost, 1, []), /r_lost: expected an import that is not finished/);
  });

  test('imports nothing over a room that is there, and cancels no such room', async () => {
    const roomId = await room(['u_ann']);
    const name = (await store().room(roomId))?.name ?? '';
    assert.equal(await store().beginImport(importedRoom(roomId, 'Another name')), false);
    assert.equal(await store().beginImport(importedRoom('r_another', name)), false);
    await store().cancelImport(roomId);
    assert.equal((await store().room(roomId))?.headSeq, 1);
  });

  test('forgets old events from the start of a log, a few at a time, with their files and words; numbers go on', async () => {
    // The first in the order of ids, so that it is found first.
    const old = importedRoom('r_0_old', 'Old');
    await store().beginImport(old);
    await store().addFile(fileRecord('f_old', 'r_0_old'));
    await store().addFile(fileRecord('f_young', 'r_0_old'));
    await store().addFile(fileRecord('f_both', 'r_0_old'));
    const events = Array.from({ length: 10 }, (_, i) => ({
      ...said('r_0_old', i + 1, `quince ${i + 1}`),
      atMs: -20 + i,
    }));
    events[3] = { ...(events[3] as RoomEvent), file: fileRecord('f_old', '').file };
    events[4] = { ...(events[4] as RoomEvent), file: fileRecord('f_both', '').file };
    events[9] = { ...(events[9] as RoomEvent), file: fileRecord('f_both', '').file };
    events[8] = { ...(events[8] as RoomEvent), file: fileRecord('f_young', '').file };
    await store().importEvents('r_0_old', events);
    await store().finishImport(old, 10, [{ userId: 'u_ann', joinedSeq: 1 }]);
    const other = importedRoom('r_0_other', 'Other');
    await store().beginImport(other);
    await store().importEvents('r_0_other', [{ ...said('r_0_other', 1, 'quince of others'), atMs: 1 }]);
    await store().finishImport(other, 1, [{ userId: 'u_ann', joinedSeq: 1 }]);
    const cut = -20 + 7;
    assert.deepEqual(await store().forgetEvents(cut, '', 5), { roomId: 'r_0_old', events: 5, fileIds: ['f_old'] });
    assert.deepEqual(await store().forgetEvents(cut, 'r_0_old', 5), { roomId: 'r_0_old', events: 2, fileIds: [] });
    assert.equal(await store().forgetEvents(cut, 'r_0_old', 5), null);
    const page = await store().history('r_0_old', 0, 10);
    assert.deepEqual([page?.events.map(({ seq }) => seq), page?.hasMore], [[8, 9, 10], false]);
    const found = await store().search('u_ann', new SearchQuery('quince'), null, 20);
    assert.deepEqual(
      found?.hits.map(({ event }) => `${event.roomId} ${event.seq}`),
      ['r_0_other 1', 'r_0_old 10', 'r_0_old 9', 'r_0_old 8'],
    );
    const areKept = await Promise.all(['f_old', 'f_young', 'f_both'].map((fileId) => store().hasFile(fileId)));
    assert.deepEqual(areKept, [false, true, true]);
    await store().forgetEvents(0, '', 50);
    const record = await store().room('r_0_old');
    assert.deepEqual([record?.headSeq, record?.lastMessage, record?.members.length], [10, null, 1]);
    const [next] = await store().commit([message('r_0_old', 'u_ann', 'c_new', 'new')]);
    assert.equal(next?.status === 'applied' && next.event.seq, 11);
    const resumed = await store().eventsAfter('r_0_old', 9, 50);
    assert.deepEqual(
      [resumed?.headSeq, resumed?.events.map(({ seq }) => seq)],
      [11, [11]],
      'who missed number 10 too can see that not all came',
    );
  });
}
