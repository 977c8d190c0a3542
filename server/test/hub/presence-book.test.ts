import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PresenceStatus } from '../../../common/core/src/main/ets/wire/Frames';
import { PresenceBook } from '../../src/hub/presence-book';
import { FakeClock } from '../support/fake-clock';

const START_MS = 1_000_000;

function makeBook(): { clock: FakeClock; book: PresenceBook; told: string[] } {
  const clock = new FakeClock(START_MS);
  const told: string[] = [];
  const book = new PresenceBook(clock, 5000, (userId, status, lastSeenMs) => {
    told.push(`${userId} ${status} ${lastSeenMs}`);
  });
  return { clock, book, told };
}

describe('PresenceBook', () => {
  test('tells the first connection of a user and no further one', () => {
    const { book, told } = makeBook();
    book.connect('ann', 'k1');
    book.connect('ann', 'k2');
    assert.deepEqual(told, ['ann online 0']);
  });

  test('takes a user for online while one connection is, for away when all are', () => {
    const { book, told } = makeBook();
    book.connect('ann', 'k1');
    book.connect('ann', 'k2');
    book.set('ann', 'k1', PresenceStatus.Away);
    assert.equal(book.statusOf('ann'), PresenceStatus.Online);
    book.set('ann', 'k2', PresenceStatus.Away);
    book.set('ann', 'k2', PresenceStatus.Away);
    assert.deepEqual(told, ['ann online 0', 'ann away 0']);
  });

  test('tells that a user went offline after the grace time, with the moment of the close', () => {
    const { clock, book, told } = makeBook();
    book.connect('ann', 'k1');
    clock.advance(700);
    book.disconnect('ann', 'k1');
    clock.advance(4999);
    assert.deepEqual(told, ['ann online 0']);
    clock.advance(1);
    assert.deepEqual(told, ['ann online 0', `ann offline ${START_MS + 700}`]);
  });

  test('tells nothing of a reconnect within the grace time', () => {
    const { clock, book, told } = makeBook();
    book.connect('ann', 'k1');
    book.disconnect('ann', 'k1');
    clock.advance(4000);
    book.connect('ann', 'k2');
    clock.advance(60_000);
    assert.deepEqual(told, ['ann online 0']);
    assert.equal(book.statusOf('ann'), PresenceStatus.Online);
  });

  test('falls back to away after the grace time when the connection that stays is away', () => {
    const { clock, book, told } = makeBook();
    book.connect('ann', 'k1');
    book.connect('ann', 'k2');
    book.set('ann', 'k2', PresenceStatus.Away);
    book.disconnect('ann', 'k1');
    assert.equal(book.statusOf('ann'), PresenceStatus.Online);
    clock.advance(5000);
    assert.deepEqual(told, ['ann online 0', 'ann away 0']);
  });

  test('can come back after going offline', () => {
    const { clock, book, told } = makeBook();
    book.connect('ann', 'k1');
    book.disconnect('ann', 'k1');
    clock.advance(5000);
    book.connect('ann', 'k2');
    assert.deepEqual(
      told.map((line) => line.split(' ')[1]),
      ['online', 'offline', 'online'],
    );
  });

  test('ignores a connection that it does not know or that closed', () => {
    const { clock, book, told } = makeBook();
    book.set('ann', 'k1', PresenceStatus.Away);
    book.disconnect('ann', 'k1');
    book.connect('bo', 'k2');
    book.disconnect('bo', 'k2');
    book.disconnect('bo', 'k2');
    book.set('bo', 'k2', PresenceStatus.Away);
    clock.advance(5000);
    assert.deepEqual(told, ['bo online 0', `bo offline ${START_MS}`]);
  });

  test('counts another process as one more connection, and tells the own share of it apart', () => {
    const clock = new FakeClock(START_MS);
    const told: string[] = [];
    const own: string[] = [];
    const book = new PresenceBook(
      clock,
      5000,
      (userId, status, lastSeenMs) => told.push(`${userId} ${status} ${lastSeenMs}`),
      (userId, status, lastSeenMs) => own.push(`${userId} ${status} ${lastSeenMs}`),
    );
    book.setAbroad('ann', 'p1', PresenceStatus.Away);
    book.connect('ann', 'k1');
    book.set('ann', 'k1', PresenceStatus.Away);
    book.setAbroad('ann', 'p1', PresenceStatus.Online);
    book.disconnect('ann', 'k1');
    clock.advance(5000);
    assert.equal(book.ownStatusOf('ann'), PresenceStatus.Offline);
    book.dropAbroad('ann', 'p2', START_MS + 1);
    book.dropAbroad('ann', 'p1', START_MS + 9000);
    assert.deepEqual(told, [
      'ann away 0',
      'ann online 0',
      'ann away 0',
      'ann online 0',
      `ann offline ${START_MS + 9000}`,
    ]);
    assert.deepEqual(own, ['ann online 0', 'ann away 0', `ann offline ${START_MS}`]);
  });

  test('a reconnect to another process within the grace time is no news', () => {
    const { clock, book, told } = makeBook();
    book.connect('ann', 'k1');
    book.disconnect('ann', 'k1');
    clock.advance(4000);
    book.setAbroad('ann', 'p1', PresenceStatus.Online);
    clock.advance(60_000);
    assert.deepEqual(told, ['ann online 0']);
    // A process that leaves in good order: its users have the grace time, too.
    book.disconnect('ann', 'p1');
    clock.advance(4999);
    book.setAbroad('ann', 'p2', PresenceStatus.Online);
    clock.advance(60_000);
    assert.deepEqual(told, ['ann online 0']);
    assert.equal(clock.timerCount, 0);
  });

  test('leaves no timer behind', () => {
    const { clock, book } = makeBook();
    book.connect('ann', 'k1');
    book.disconnect('ann', 'k1');
    book.dispose();
    assert.equal(clock.timerCount, 0);
  });

  test('leaves no timer behind for a process that said good-bye and was then found dead', () => {
    const { clock, book } = makeBook();
    book.setAbroad('ann', 'p_1', PresenceStatus.Online);
    book.disconnect('ann', 'p_1');
    book.dropAbroad('ann', 'p_1', clock.nowMs());
    assert.equal(clock.timerCount, 0);
  });
});
