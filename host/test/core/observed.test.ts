import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FakeFrameClock } from '../../src/runtime/core/frame-clock.js';
import { readObserved } from '../../src/runtime/core/observed.js';
import { effect, flushNow, useFrameClock } from '../../src/runtime/core/reactive.js';
import { UIUtils } from '../../src/runtime/core/state-v2.js';

/** How often `read` runs again because of `change`. */
function refreshes<T>(initial: T, read: (value: T) => unknown, change: (value: T) => void): boolean {
  useFrameClock(new FakeFrameClock());
  const value = readObserved({ value: initial }, 'value') as T;
  let runs = 0;
  const running = effect(() => {
    runs++;
    read(value);
  });
  change(value);
  flushNow();
  running.dispose();
  return runs > 1;
}

describe('an observed array', () => {
  test('tells the readers of an index about a write to it, and no others', () => {
    assert.equal(
      refreshes(
        [1, 2],
        (a) => a[0],
        (a) => {
          a[0] = 5;
        },
      ),
      true,
    );
    assert.equal(
      refreshes(
        [1, 2],
        (a) => a[0],
        (a) => {
          a[1] = 5;
        },
      ),
      false,
    );
    assert.equal(
      refreshes(
        [1, 2],
        (a) => a[0],
        (a) => {
          a[0] = 1;
        },
      ),
      false,
    );
  });

  test('tells only the readers of length about push, splice, unshift and sort', () => {
    for (const change of [
      (a: number[]): unknown => a.push(9),
      (a: number[]): unknown => a.splice(0, 1),
      (a: number[]): unknown => a.unshift(7),
      (a: number[]): unknown => a.sort((x, y) => y - x),
    ]) {
      assert.equal(
        refreshes([1, 2], (a) => a.length, change),
        true,
      );
      assert.equal(
        refreshes([1, 2], (a) => a[0], change),
        false,
        'a device does not refresh a[0] either',
      );
    }
  });

  test('tells the readers of length when an index is written behind the end', () => {
    assert.equal(
      refreshes(
        [1],
        (a) => a.length,
        (a) => {
          a[1] = 5;
        },
      ),
      true,
    );
  });

  test('tracks length while it is iterated, and each index in forEach and map', () => {
    assert.equal(
      refreshes(
        [1, 2],
        (a) => [...a],
        (a) => a.push(3),
      ),
      true,
    );
    assert.equal(
      refreshes(
        [1, 2],
        (a) => [...a],
        (a) => {
          a[0] = 5;
        },
      ),
      false,
    );
    assert.equal(
      refreshes(
        [1, 2],
        (a) => a.map((x) => x),
        (a) => {
          a[0] = 5;
        },
      ),
      true,
    );
  });

  test('observes arrays in it, but no plain objects', () => {
    assert.equal(
      refreshes(
        [[1]],
        (a) => a[0]?.[0],
        (a) => {
          (a[0] as number[])[0] = 5;
        },
      ),
      true,
    );
    assert.equal(
      refreshes(
        [{ x: 1 }],
        (a) => a[0]?.x,
        (a) => {
          (a[0] as { x: number }).x = 5;
        },
      ),
      false,
    );
  });

  test('answers chained mutators with itself and keeps results of the others', () => {
    const value = readObserved({ value: [3, 1, 2] }, 'value') as number[];
    assert.equal(value.sort(), value);
    assert.equal(value.pop(), 3);
    assert.deepEqual(UIUtils.getTarget(value), [1, 2]);
    assert.notEqual(UIUtils.getTarget(value), value);
  });
});

describe('an observed Map', () => {
  test('tells the readers of a key about that key alone', () => {
    const make = (): Map<string, number> =>
      new Map([
        ['a', 1],
        ['b', 2],
      ]);
    assert.equal(
      refreshes(
        make(),
        (m) => m.get('a'),
        (m) => m.set('a', 5),
      ),
      true,
    );
    assert.equal(
      refreshes(
        make(),
        (m) => m.get('a'),
        (m) => m.set('b', 5),
      ),
      false,
    );
    assert.equal(
      refreshes(
        make(),
        (m) => m.get('a'),
        (m) => m.delete('a'),
      ),
      true,
    );
    assert.equal(
      refreshes(
        make(),
        (m) => m.has('c'),
        (m) => m.set('c', 5),
      ),
      true,
    );
    assert.equal(
      refreshes(
        make(),
        (m) => m.get('a'),
        (m) => m.clear(),
      ),
      true,
    );
  });

  test('tells the readers of size when a key comes or goes, not when a value changes', () => {
    const make = (): Map<string, number> => new Map([['length', 1]]);
    assert.equal(
      refreshes(
        make(),
        (m) => m.size,
        (m) => m.set('b', 5),
      ),
      true,
    );
    assert.equal(
      refreshes(
        make(),
        (m) => m.size,
        (m) => m.set('length', 5),
      ),
      false,
    );
    assert.equal(
      refreshes(
        make(),
        (m) => [...m.values()],
        (m) => m.set('length', 5),
      ),
      true,
    );
  });
});

describe('an observed Set', () => {
  test('tells the readers of a value and of size', () => {
    const make = (): Set<string> => new Set(['a']);
    assert.equal(
      refreshes(
        make(),
        (s) => s.has('b'),
        (s) => s.add('b'),
      ),
      true,
    );
    assert.equal(
      refreshes(
        make(),
        (s) => s.has('a'),
        (s) => s.add('b'),
      ),
      false,
    );
    assert.equal(
      refreshes(
        make(),
        (s) => s.size,
        (s) => s.add('a'),
      ),
      false,
    );
    assert.equal(
      refreshes(
        make(),
        (s) => s.size,
        (s) => s.delete('a'),
      ),
      true,
    );
  });
});

describe('an observed Date', () => {
  test('is one dependency', () => {
    assert.equal(
      refreshes(
        new Date(0),
        (d) => d.getFullYear(),
        (d) => d.setMinutes(5),
      ),
      true,
    );
    assert.equal(
      refreshes(
        new Date(0),
        (d) => d.getFullYear(),
        (d) => d.getTime(),
      ),
      false,
    );
  });
});
