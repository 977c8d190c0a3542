import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { TypingBook } from '../../src/hub/typing-book';
import { FakeClock } from '../support/fake-clock';

function makeBook(): { clock: FakeClock; book: TypingBook; told: string[] } {
  const clock = new FakeClock();
  const told: string[] = [];
  const book = new TypingBook(clock, (roomId, userId, isTyping, expiresInMs) => {
    told.push(`${roomId} ${userId} ${isTyping ? 'types' : 'stopped'} ${expiresInMs}`);
  });
  return { clock, book, told };
}

describe('TypingBook', () => {
  test('ends a mark by itself 6 s after the last word of its user', () => {
    const { clock, book, told } = makeBook();
    book.start('r', 'ann', 'k1');
    clock.advance(3000);
    book.start('r', 'ann', 'k1');
    clock.advance(5999);
    assert.deepEqual(told, ['r ann types 6000', 'r ann types 6000']);
    clock.advance(1);
    assert.deepEqual(told.slice(2), ['r ann stopped 0']);
  });

  test('tells the end of a mark once', () => {
    const { clock, book, told } = makeBook();
    book.start('r', 'ann', 'k1');
    book.stop('r', 'ann', 'k1');
    book.stop('r', 'ann', 'k1');
    book.end('r', 'ann');
    clock.advance(10_000);
    assert.deepEqual(told, ['r ann types 6000', 'r ann stopped 0']);
  });

  test('keeps the mark when another device of the user says that it stopped', () => {
    const { book, told } = makeBook();
    book.start('r', 'ann', 'phone');
    book.start('r', 'ann', 'tablet');
    book.stop('r', 'ann', 'phone');
    book.connectionClosed('phone');
    assert.equal(
      told.some((line) => line.includes('stopped')),
      false,
    );
    book.stop('r', 'ann', 'tablet');
    assert.equal(told.at(-1), 'r ann stopped 0');
  });

  test('ends every mark of a connection that closed and no other', () => {
    const { book, told } = makeBook();
    book.start('r1', 'ann', 'k1');
    book.start('r2', 'ann', 'k1');
    book.start('r1', 'bo', 'k2');
    told.length = 0;
    book.connectionClosed('k1');
    assert.deepEqual(told, ['r1 ann stopped 0', 'r2 ann stopped 0']);
    assert.deepEqual(
      book.statesOf('r1', 'cy').map((state) => state.userId),
      ['bo'],
    );
  });

  test('shows the others with the time that is left', () => {
    const { clock, book } = makeBook();
    book.start('r', 'ann', 'k1');
    clock.advance(1800);
    book.start('r', 'bo', 'k2');
    assert.deepEqual(book.statesOf('r', 'bo'), [{ userId: 'ann', expiresInMs: 4200 }]);
    assert.deepEqual(book.statesOf('elsewhere', 'bo'), []);
  });

  test('leaves no timer behind', () => {
    const { clock, book, told } = makeBook();
    book.start('r', 'ann', 'k1');
    book.dispose();
    clock.advance(10_000);
    assert.equal(clock.timerCount, 0);
    assert.equal(told.length, 1);
  });
});
