import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { EventKind, type RoomEvent } from '../../../common/core/src/main/ets/wire/Frames';
import { Feed } from '../../src/rooms/feed';

const MOVING = (): boolean => false;
const STANDING = (): boolean => true;

function event(seq: number, kind = EventKind.Message, text = 'x'): RoomEvent {
  return { roomId: 'r_1', seq, atMs: 0, kind, userId: 'u_1', userName: 'Ann', clientId: `c_${seq}`, text };
}

function span(first: number, last: number): RoomEvent[] {
  return Array.from({ length: last - first + 1 }, (_, index) => event(first + index));
}

/** A feed at event 0, and the numbers of what it published. */
function opened(): {
  feed: Feed;
  seqs: number[];
  take(events: readonly RoomEvent[], isStanding?: () => boolean): void;
} {
  const seqs: number[] = [];
  const feed = new Feed('e_1', 0, (_epoch, { seq }) => seqs.push(seq));
  return {
    feed,
    seqs,
    take: (events, isStanding = MOVING) => events.forEach((one) => feed.take({ event: one, room: null }, isStanding)),
  };
}

describe('a feed', () => {
  test('publishes each event once and in order, however they come', () => {
    const { feed, seqs, take } = opened();
    take([event(3), event(1), event(1), event(4), event(2), event(3)]);
    assert.deepEqual([seqs, feed.head, feed.known], [[1, 2, 3, 4], 4, 4]);
  });

  test('holds everything while it stands, and publishes it afterwards', () => {
    const { feed, seqs, take } = opened();
    take(span(1, 3), STANDING);
    assert.deepEqual([seqs, feed.known], [[], 3]);
    feed.publishEarly(MOVING);
    assert.deepEqual(seqs, [1, 2, 3]);
  });

  test('keeps 256 events that come before their turn; the others are read from the store', () => {
    const { feed, take } = opened();
    take(span(2, 400));
    take([event(1)]);
    assert.deepEqual([feed.head, feed.known], [257, 400]);
  });

  test('publishes nothing after it was closed', () => {
    const { feed, seqs, take } = opened();
    take(span(1, 2), STANDING);
    feed.close();
    feed.publishEarly(MOVING);
    feed.publishPage(span(1, 2), 2);
    assert.deepEqual(seqs, []);
  });

  test('forgets in another life of the log what waited in this one', () => {
    const { feed, seqs, take } = opened();
    take([event(7)]);
    feed.restart('e_2', 5);
    assert.deepEqual([feed.epoch, feed.head, feed.known], ['e_2', 5, 6]);
    take([event(6)]);
    assert.deepEqual([seqs, feed.head], [[6], 6]);
  });

  test('passes over what the store keeps no more', () => {
    const { feed, seqs } = opened();
    feed.learn(9);
    feed.publishPage([], 9);
    assert.deepEqual([seqs, feed.head, feed.known], [[], 9, 9]);
  });

  test('publishes of a page nothing above the position at which it was read', () => {
    const { feed, seqs } = opened();
    feed.publishPage(span(1, 5), 3);
    assert.deepEqual([seqs, feed.head], [[1, 2, 3], 3]);
  });

  test('publishes of a page with much text its newest messages, and who came and went', () => {
    const { feed, seqs } = opened();
    const long = 'x'.repeat(20 * 1024);
    const page = [1, 2, 3, 4, 5, 6].map((seq) => event(seq, seq === 2 ? EventKind.Left : EventKind.Message, long));
    feed.publishPage(page, 6);
    assert.deepEqual([seqs, feed.head], [[2, 4, 5, 6], 6]);
  });

  test('publishes the newest message of a page though it is larger than all that is pushed at once', () => {
    const { feed, seqs } = opened();
    feed.publishPage([event(1), event(2, EventKind.Message, 'x'.repeat(65 * 1024))], 2);
    assert.deepEqual(seqs, [2]);
  });
});
