import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SessionRecord, Store } from '../../src/store/store';

function session(sessionId: string, userId: string, refreshHash: string): SessionRecord {
  return { sessionId, userId, refreshHash, refreshExpiresAtMs: 1_000_000, createdAtMs: 0, device: '' };
}

/** What every store promises about users and their sign-ins. Ann, Bo and Cy are there. */
export function peopleContract(store: () => Store, room: (members: string[]) => Promise<string>): void {
  test('gives a refresh token away once, though two ask at the same time', async () => {
    await store().createSession(session('s_1', 'u_ann', 'h1'));
    const both = await Promise.all([
      store().rotateSession('h1', 'h2', 20, 5),
      store().rotateSession('h1', 'h3', 20, 5),
    ]);
    assert.deepEqual(both.sort(), [false, true]);
  });

  test('keeps the newest time at which a user was seen', async () => {
    const roomId = await room(['u_cy']);
    await store().recordSeen(new Map([['u_cy', 500]]));
    await store().recordSeen(new Map([['u_cy', 400]]));
    const found = (await store().roomsOf('u_cy')).find((record) => record.roomId === roomId);
    assert.equal(found?.members[0]?.lastSeenMs, 500);
  });

  test('knows a session by its token, and by those that were used up before', async () => {
    await store().createSession(session('s_2', 'u_bo', 'a1'));
    assert.equal(await store().rotateSession('a1', 'a2', 90, 10), true);
    assert.equal(await store().rotateSession('a2', 'a3', 95, 20), true);
    assert.equal(await store().findSessionByRefreshHash('a1'), null);
    assert.equal((await store().findSessionByRefreshHash('a3'))?.refreshExpiresAtMs, 95);
    for (const spent of ['a1', 'a2']) {
      assert.equal((await store().findSessionBySpentHash(spent))?.sessionId, 's_2');
    }
    assert.equal(await store().findSessionBySpentHash('a3'), null);
    assert.equal(await store().deleteSession('s_2'), true);
    assert.equal(await store().deleteSession('s_2'), false);
    assert.equal(await store().findSessionBySpentHash('a1'), null);
  });

  test('lists the sign-ins of a user, the newest first, and ends the others', async () => {
    await store().createSession({ ...session('s_old', 'u_cy', 'b1'), createdAtMs: 1, device: 'Phone' });
    await store().createSession({ ...session('s_new', 'u_cy', 'b2'), createdAtMs: 2, device: 'Tablet' });
    await store().createSession(session('s_bo', 'u_bo', 'b3'));
    await store().rotateSession('b1', 'b4', 90, 50);
    assert.deepEqual(await store().listSessions('u_cy'), [
      { sessionId: 's_new', device: 'Tablet', createdAtMs: 2, lastUsedAtMs: 2 },
      { sessionId: 's_old', device: 'Phone', createdAtMs: 1, lastUsedAtMs: 50 },
    ]);
    assert.deepEqual(await store().deleteSessionsExcept('u_cy', 's_old'), ['s_new']);
    assert.equal(await store().findSession('s_new'), null);
    assert.deepEqual(await store().deleteSessionsExcept('u_cy', ''), ['s_old']);
    assert.equal((await store().findSession('s_bo'))?.userName, 'Bo');
  });

  test('forgets sessions that expired before a time, with their spent tokens', async () => {
    await store().createSession({ ...session('s_gone', 'u_ann', 'd1'), refreshExpiresAtMs: 100 });
    await store().createSession({ ...session('s_stays', 'u_ann', 'd2'), refreshExpiresAtMs: 201 });
    await store().rotateSession('d1', 'd3', 200, 50);
    await store().deleteSessionsExpiredBefore(201);
    assert.equal(await store().findSession('s_gone'), null);
    assert.equal(await store().findSessionBySpentHash('d1'), null);
    assert.equal((await store().findSession('s_stays'))?.userId, 'u_ann');
  });

  test('lists users in the order of their name keys, page by page, and sets a password of one', async () => {
    const [first, second] = await store().listUsers('', 2);
    assert.deepEqual([first?.userName, second?.userName], ['Ann', 'Bo']);
    assert.equal((await store().listUsers('crowd 99', 1))[0]?.userName, 'Cy');
    assert.equal(await store().setPasswordHash('u_bo', 'new'), true);
    assert.equal(await store().setPasswordHash('u_nobody', 'new'), false);
    assert.equal((await store().findUserByNameKey('bo'))?.passwordHash, 'new');
    assert.equal((await store().findUserByNameKey('ann'))?.passwordHash, 'h');
  });

  test('says that a name is taken', async () => {
    const ann = { userId: 'u_ann2', userName: 'ANN', nameKey: 'ann', passwordHash: '', createdAtMs: 0 };
    assert.equal(await store().createUser(ann), false);
    assert.equal((await store().findUserByNameKey('ann'))?.userId, 'u_ann');
  });
}
