import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SessionRecord, Store } from '../../src/store/store';

const LEEWAY_MS = 30_000;

function session(sessionId: string, userId: string, refreshHash: string): SessionRecord {
  return { sessionId, userId, refreshHash, refreshExpiresAtMs: 1_000_000, createdAtMs: 0, device: '' };
}

/** What every store promises about users and their sign-ins. Ann, Bo and Cy are there. */
export function peopleContract(store: () => Store, room: (members: string[]) => Promise<string>): void {
  async function refresh(hash: string, next: string, atMs: number): Promise<string> {
    const outcome = await store().refreshSession(hash, { hash: next, expiresAtMs: atMs + 1_000_000, atMs }, LEEWAY_MS);
    return outcome.status === 'unknown' ? outcome.status : `${outcome.status} ${outcome.session.sessionId}`;
  }

  test('keeps the newest time at which a user was seen', async () => {
    const roomId = await room(['u_cy']);
    await store().recordSeen(new Map([['u_cy', 500]]));
    await store().recordSeen(new Map([['u_cy', 400]]));
    const found = (await store().roomsOf('u_cy')).find((record) => record.roomId === roomId);
    assert.equal(found?.members[0]?.lastSeenMs, 500);
  });

  test('exchanges a refresh token once, and ends the session of who shows a used one later', async () => {
    await store().createSession(session('s_2', 'u_bo', 'a1'));
    assert.equal(await refresh('a1', 'a2', 1000), 'refreshed s_2');
    assert.equal(await refresh('a2', 'a3', 50_000), 'refreshed s_2');
    assert.equal(await store().findSessionByRefreshHash('a2'), null);
    const found = await store().findSessionByRefreshHash('a3');
    assert.deepEqual([found?.userName, found?.refreshExpiresAtMs], ['Bo', 1_050_000]);
    assert.equal(await refresh('a1', 'b1', 50_001), 'reused s_2');
    assert.equal(await store().findSession('s_2'), null);
    assert.equal(await refresh('a3', 'b2', 50_002), 'unknown');
    assert.equal(await refresh('a2', 'b3', 50_002), 'unknown');
  });

  test('goes on where the answer with the next token got lost, until the leeway is over or the next one was used', async () => {
    await store().createSession(session('s_3', 'u_bo', 'l1'));
    await refresh('l1', 'l2', 1000);
    assert.equal(await refresh('l1', 'l3', 1000 + LEEWAY_MS), 'refreshed s_3');
    assert.equal(await refresh('l3', 'l4', 40_000), 'refreshed s_3');
    assert.equal(await refresh('l4', 'l5', 41_000), 'refreshed s_3');
    assert.equal(await refresh('l3', 'l6', 41_001), 'reused s_3', 'l4, which took its place, was used');
    await store().createSession(session('s_4', 'u_bo', 'm1'));
    await refresh('m1', 'm2', 1000);
    assert.equal(await refresh('m1', 'm3', 1001 + LEEWAY_MS), 'reused s_4');
  });

  test('lets one token live of two that are asked for at the same time', async () => {
    await store().createSession(session('s_5', 'u_bo', 'p1'));
    assert.deepEqual(await Promise.all([refresh('p1', 'p2', 1000), refresh('p1', 'p3', 1000)]), [
      'refreshed s_5',
      'refreshed s_5',
    ]);
    const living = await Promise.all(['p1', 'p2', 'p3'].map((hash) => store().findSessionByRefreshHash(hash)));
    assert.equal(living.filter((owner) => owner !== null).length, 1);
  });

  test('refreshes nothing that has expired, and leaves it as it is', async () => {
    await store().createSession({ ...session('s_6', 'u_bo', 'x1'), refreshExpiresAtMs: 500 });
    assert.equal(await refresh('x1', 'x2', 500), 'expired s_6');
    assert.equal((await store().findSessionByRefreshHash('x1'))?.sessionId, 's_6');
    assert.equal(await store().deleteSession('s_6'), true);
    assert.equal(await store().deleteSession('s_6'), false);
  });

  test('lists the sign-ins of a user, the newest first, and ends the others', async () => {
    await store().createSession({ ...session('s_old', 'u_cy', 'b1'), createdAtMs: 1, device: 'Phone' });
    await store().createSession({ ...session('s_new', 'u_cy', 'b2'), createdAtMs: 2, device: 'Tablet' });
    await store().createSession(session('s_bo', 'u_bo', 'b3'));
    await refresh('b1', 'b4', 50);
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
    await store().refreshSession('d1', { hash: 'd3', expiresAtMs: 200, atMs: 50 }, LEEWAY_MS);
    await store().deleteSessionsExpiredBefore(201);
    assert.equal(await store().findSession('s_gone'), null);
    assert.equal(await refresh('d1', 'd4', 60), 'unknown');
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
