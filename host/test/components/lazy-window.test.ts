import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import {
  RowHeights,
  indexAfterInsert,
  indexAfterMove,
  indexAfterRemove,
  rowWindow,
} from '../../src/runtime/components/lazy-window.js';
import { datasetChanges } from '../../src/runtime/components/lazy-listener.js';

describe('heights of rows', () => {
  test('rows that were never measured count as the average of the others', () => {
    const rows = new RowHeights(4, 10);
    assert.equal(rows.total, 4 * 48 + 3 * 10);
    rows.measure(0, 20);
    rows.measure(3, 40);
    assert.equal(rows.guess, 30);
    assert.equal(rows.total, 20 + 30 + 30 + 40 + 30);
    assert.equal(rows.top(2), 20 + 10 + 30 + 10);
  });

  test('measuring the same height again changes nothing', () => {
    const rows = new RowHeights(2, 0);
    assert.equal(rows.measure(1, 50), true);
    assert.equal(rows.measure(1, 50), false);
    assert.equal(rows.measure(1, 60), true);
    assert.equal(rows.guess, 60);
  });

  test('the row at a height covers the space below it, too, and never lies outside of the list', () => {
    const rows = new RowHeights(3, 10);
    [20, 30, 40].forEach((height, index) => rows.measure(index, height));
    assert.deepEqual(
      [-5, 0, 19, 29, 30, 69, 70, 1000].map((y) => rows.indexAt(y)),
      [0, 0, 0, 0, 1, 1, 2, 2],
    );
  });

  test('heights go with their rows through insert, remove and move', () => {
    const rows = new RowHeights(3, 0);
    [10, 20, 30].forEach((height, index) => rows.measure(index, height));
    rows.insert(1, 2);
    rows.measure(1, 1);
    rows.measure(2, 2);
    assert.deepEqual(
      [0, 1, 2, 3, 4].map((index) => rows.heightOf(index)),
      [10, 1, 2, 20, 30],
    );
    rows.remove(0, 2);
    assert.deepEqual(
      [0, 1, 2].map((index) => rows.heightOf(index)),
      [2, 20, 30],
    );
    rows.move(2, 0);
    assert.deepEqual(
      [0, 1, 2].map((index) => rows.heightOf(index)),
      [30, 2, 20],
    );
    assert.equal(rows.total, 52);
    assert.equal(rows.guess, 52 / 3);
  });

  test('a random history leaves the same heights as a plain array', () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    let state = seed;
    const random = (below: number): number => {
      state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
      return (state >>> 8) % Math.max(1, below);
    };
    const rows = new RowHeights(0, 3);
    const model: number[] = [];
    for (let step = 0; step < 500; step++) {
      const kind = random(4);
      if (kind < 2 || model.length < 2) {
        const at = random(model.length + 1);
        rows.insert(at, 1);
        const height = 1 + random(99);
        model.splice(at, 0, height);
        rows.measure(at, height);
      } else if (kind === 2) {
        const at = random(model.length);
        rows.remove(at, 1);
        model.splice(at, 1);
      } else {
        const [from, to] = [random(model.length), random(model.length)];
        rows.move(from, to);
        model.splice(to, 0, ...model.splice(from, 1));
      }
      const at = random(model.length + 1);
      const top = model.slice(0, at).reduce((sum, height) => sum + height + 3, 0);
      assert.equal(rows.top(at), top, `seed ${seed}, step ${step}`);
    }
  });
});

describe('the window', () => {
  const rows = (count: number): RowHeights => {
    const made = new RowHeights(count, 0);
    for (let index = 0; index < count; index++) {
      made.measure(index, 100);
    }
    return made;
  };

  test('holds what is visible and as many rows on each side as are asked for', () => {
    assert.deepEqual(rowWindow(rows(100), 1000, 300, 2), { first: 8, last: 14, visibleFirst: 10, visibleLast: 12 });
    assert.deepEqual(rowWindow(rows(100), 1050, 300, 0), { first: 10, last: 13, visibleFirst: 10, visibleLast: 13 });
  });

  test('without a wish keeps as many ready as it shows, 16 at most', () => {
    assert.deepEqual(rowWindow(rows(100), 1000, 300, null), { first: 7, last: 15, visibleFirst: 10, visibleLast: 12 });
    assert.equal(rowWindow(rows(100), 5000, 3000, null).first, 50 - 16);
  });

  test('ends at the ends of the list', () => {
    assert.deepEqual(rowWindow(rows(5), 0, 300, 3), { first: 0, last: 4, visibleFirst: 0, visibleLast: 2 });
    assert.equal(rowWindow(rows(5), 400, 300, 1).last, 4);
  });

  test('is empty without rows or without a viewport', () => {
    assert.equal(rowWindow(rows(0), 0, 300, 3).last, -1);
    assert.equal(rowWindow(rows(5), 0, 0, 3).last, -1);
  });
});

describe('indices', () => {
  test('move with insertions at or before them', () => {
    assert.deepEqual(
      [4, 5, 6].map((index) => indexAfterInsert(index, 5, 3)),
      [4, 8, 9],
    );
  });

  test('move with removals before them, and are gone inside', () => {
    assert.deepEqual(
      [4, 5, 6, 7].map((index) => indexAfterRemove(index, 5, 2)),
      [4, null, null, 5],
    );
  });

  test('close the gap of a moved row and make room for it', () => {
    assert.deepEqual(
      [0, 1, 2, 3, 4].map((index) => indexAfterMove(index, 1, 3)),
      [0, 3, 1, 2, 4],
    );
    assert.deepEqual(
      [0, 1, 2, 3, 4].map((index) => indexAfterMove(index, 3, 1)),
      [0, 2, 3, 1, 4],
    );
  });
});

describe('onDatasetChange', () => {
  test('makes changes from the back, because all indices are those of before', () => {
    assert.deepEqual(
      datasetChanges([
        { type: 'add', index: 0 },
        { type: 'delete', index: 4, count: 2 },
        { type: 'change', index: 2 },
      ] as never),
      [
        { kind: 'delete', index: 4, count: 2 },
        { kind: 'change', index: 2 },
        { kind: 'add', index: 0, count: 1 },
      ],
    );
  });

  test('an exchange or a move becomes a reload, which keeps rows by their key', () => {
    assert.deepEqual(datasetChanges([{ type: 'add', index: 0 }, { type: 'exchange' }] as never), [{ kind: 'reload' }]);
  });

  test('an unknown operation is refused by name', () => {
    assert.throws(() => datasetChanges([{ type: 'shuffle' }]), /got shuffle/);
  });
});
