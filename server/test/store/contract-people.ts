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

  test('tells of sessions that ended before their time, in their order, once for each, from any number on', async () => {
    const from = await store().lastSessionEnding();
    for (const id of ['e1', 'e2', 'e3', 'e4']) {
      await store().createSession({ ...session(`s_${id}`, 'u_cy', id), createdAtMs: 1 });
    }
    assert.deepEqual(await store().sessionEndings(from, 10), { lastNo: from, sessionIds: [], isWhole: true });
    await store().deleteSession('s_e2');
    await store().deleteSession('s_e2');
    await refresh('e3', 'e31', 1000);
    await refresh('e31', 'e32', 1000);
    assert.equal(await refresh('e3', 'e33', 50_000), 'reused s_e3');
    await store().deleteSessionsExcept('u_cy', 's_e4');
    await store().deleteSessionsExcept('u_cy', '');
    const ended = ['s_e2', 's_e3', 's_e1', 's_e4'];
    assert.deepEqual(await store().sessionEndings(from, 10), { lastNo: from + 4, sessionIds: ended, isWhole: true });
    const page = { lastNo: from + 3, sessionIds: ended.slice(1, 3), isWhole: true };
    assert.deepEqual(await store().sessionEndings(from + 1, 2), page);
    assert.equal(await store().lastSessionEnding(), from + 4);
  });

  test('numbers endings without a hole though they come at the same time', async () => {
    const from = await store().lastSessionEnding();
    const ids = Array.from({ length: 12 }, (_, index) => `s_at_once_${index}`);
    await Promise.all(ids.map((id) => store().createSession(session(id, 'u_bo', `hash of ${id}`))));
    await Promise.all(ids.map((id) => store().deleteSession(id)));
    const { lastNo, sessionIds, isWhole } = await store().sessionEndings(from, 100);
    assert.deepEqual([lastNo, isWhole], [from + ids.length, true]);
    assert.deepEqual([...sessionIds].sort(), [...ids].sort());
  });

  test('ends all sessions of who is disabled, finds none that comes after, and none of before when it is over', async () => {
    await store().createSession(session('s_dis', 'u_cy', 'g1'));
    await store().createSession(session('s_other', 'u_bo', 'g2'));
    assert.deepEqual(await store().disableUser('u_cy'), ['s_dis']);
    assert.deepEqual((await store().sessionEndings((await store().lastSessionEnding()) - 1, 9)).sessionIds, ['s_dis']);
    // As of a sign-in that had looked at the password just before.
    await store().createSession(session('s_late', 'u_cy', 'g3'));
    assert.equal(await store().findSession('s_late'), null);
    assert.equal(await refresh('g3', 'g4', 1000), 'unknown');
    const users = new Map((await store().listUsers('', 1000)).map((user) => [user.userId, user.isDisabled]));
    assert.deepEqual([users.get('u_cy'), users.get('u_bo')], [true, false]);
    assert.equal((await store().findUserByNameKey('cy'))?.isDisabled, true);
    assert.equal((await store().findSession('s_other'))?.userName, 'Bo');
    await store().enableUser('u_cy');
    assert.equal((await store().findUserByNameKey('cy'))?.isDisabled, false);
    assert.equal(await store().findSession('s_late'), null);
    await store().createSession(session('s_again', 'u_cy', 'g5'));
    assert.equal(await refresh('g5', 'g6', 1000), 'refreshed s_again');
    await store().deleteSession('s_again');
    await store().deleteSession('s_other');
  });

  test('says that a name is taken', async () => {
    const ann = { userId: 'u_ann2', userName: 'ANN', nameKey: 'ann', passwordHash: '', createdAtMs: 0 };
    assert.equal(await store().createUser(ann), false);
    assert.equal((await store().findUserByNameKey('ann'))?.userId, 'u_ann');
  });
}
