import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import {
  NavPathInfo,
  NavPathStack,
  type NavChange,
  type PopInfo,
} from '../../src/runtime/components/nav-path-stack.js';

function stackOf(...names: string[]): { stack: NavPathStack; changes: NavChange[] } {
  const stack = new NavPathStack();
  names.forEach((name, index) => stack.pushPathByName(name, index));
  const changes: NavChange[] = [];
  stack.attach((change) => changes.push(change));
  return { stack, changes };
}

test('pages are listed from the bottom, with their parameters', () => {
  const { stack } = stackOf('a', 'b', 'a');
  assert.deepEqual(stack.getAllPathName(), ['a', 'b', 'a']);
  assert.deepEqual(stack.getParamByName('a'), [0, 2]);
  assert.deepEqual(stack.getIndexByName('a'), [0, 2]);
  assert.equal(stack.getParamByIndex(1), 1);
  assert.equal(stack.getParamByIndex(9), undefined);
  assert.equal(stack.size(), 3);
});

describe('pop', () => {
  test('gives a result to onPop of the page that goes, and nothing without a result', () => {
    const stack = new NavPathStack();
    const results: PopInfo[] = [];
    stack.pushPathByName('a', 1, (info) => results.push(info));
    stack.pushPathByName('b', 2, (info) => results.push(info));
    assert.equal(stack.pop()?.name, 'b');
    assert.equal(stack.pop({ chosen: 7 }, false)?.name, 'a');
    assert.equal(results.length, 1);
    assert.equal(results[0]?.info.name, 'a');
    assert.deepEqual(results[0]?.result, { chosen: 7 });
  });

  test('true and false are about the animation, not a result', () => {
    const stack = new NavPathStack();
    let count = 0;
    stack.pushPathByName('a', null, () => count++);
    const changes: NavChange[] = [];
    stack.attach((change) => changes.push(change));
    stack.pop(false);
    assert.equal(count, 0);
    assert.deepEqual(changes, [{ operation: 2, isAnimated: false }]);
  });

  test('of an empty stack is nothing, and nobody is told', () => {
    const { stack, changes } = stackOf();
    assert.equal(stack.pop(), undefined);
    stack.clear();
    assert.deepEqual(changes, []);
  });

  test('to a name keeps the lowest page of that name; -1 for a name that is not there', () => {
    const { stack, changes } = stackOf('a', 'b', 'a', 'c');
    assert.equal(stack.popToName('nobody'), -1);
    assert.deepEqual(changes, []);
    assert.equal(stack.popToName('a'), 0);
    assert.deepEqual(stack.getAllPathName(), ['a']);
  });

  test('to an index gives the result to the page that was on top', () => {
    const stack = new NavPathStack();
    const heard: string[] = [];
    for (const name of ['a', 'b', 'c']) {
      stack.pushPathByName(name, null, (info) => heard.push(info.info.name));
    }
    stack.popToIndex(0, { done: true });
    assert.deepEqual(stack.getAllPathName(), ['a']);
    assert.deepEqual(heard, ['c']);
    stack.popToIndex(5);
    assert.deepEqual(stack.getAllPathName(), ['a']);
  });
});

test('replace puts a page in the place of the top one', () => {
  const { stack, changes } = stackOf('a', 'b');
  stack.replacePathByName('c', 9);
  assert.deepEqual(stack.getAllPathName(), ['a', 'c']);
  assert.deepEqual(changes, [{ operation: 3, isAnimated: true }]);
});

describe('launch modes', () => {
  test('MOVE_TO_TOP_SINGLETON raises the same page with new parameters', () => {
    const { stack } = stackOf('a', 'b', 'c');
    const [first] = stack.entries();
    stack.pushPath(new NavPathInfo('a', 'new'), { launchMode: 1 });
    assert.deepEqual(stack.getAllPathName(), ['b', 'c', 'a']);
    assert.equal(stack.entries()[2], first, 'the page lives on');
    assert.equal(stack.getParamByIndex(2), 'new');
  });

  test('POP_TO_SINGLETON ends what lies on the page', () => {
    const { stack } = stackOf('a', 'b', 'c');
    stack.pushPath(new NavPathInfo('b', 'new'), { launchMode: 2 });
    assert.deepEqual(stack.getAllPathName(), ['a', 'b']);
    assert.equal(stack.getParamByIndex(1), 'new');
  });

  test('both push where there is no such page, and STANDARD always does', () => {
    const { stack } = stackOf('a');
    stack.pushPath(new NavPathInfo('b', 0), { launchMode: 1 });
    stack.pushPath(new NavPathInfo('c', 0), { launchMode: 2 });
    stack.pushPath(new NavPathInfo('a', 0));
    assert.deepEqual(stack.getAllPathName(), ['a', 'b', 'c', 'a']);
  });
});

test('moveToTop keeps the page and answers with where it was', () => {
  const { stack } = stackOf('a', 'b', 'c');
  const [first] = stack.entries();
  assert.equal(stack.moveToTop('a'), 0);
  assert.equal(stack.moveToTop('nobody'), -1);
  assert.deepEqual(stack.getAllPathName(), ['b', 'c', 'a']);
  assert.equal(stack.entries()[2], first);
  stack.moveIndexToTop(-1);
  assert.deepEqual(stack.getAllPathName(), ['b', 'c', 'a']);
});

test('pages are removed by index, by name and by id, and counted', () => {
  const { stack } = stackOf('a', 'b', 'a', 'c');
  assert.equal(stack.removeByIndexes([1, 7]), 1);
  assert.equal(stack.removeByName('a'), 2);
  const id = stack.entries()[0]?.id ?? '';
  assert.equal(stack.removeByNavDestinationId('none'), false);
  assert.equal(stack.removeByNavDestinationId(id), true);
  assert.equal(stack.size(), 0);
});

test('disableAnimation holds for every change after it', () => {
  const { stack, changes } = stackOf();
  stack.disableAnimation(true);
  stack.pushPathByName('a', null, true);
  assert.deepEqual(changes, [{ operation: 1, isAnimated: false }]);
});
