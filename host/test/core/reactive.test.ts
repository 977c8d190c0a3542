import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { FakeFrameClock } from '../../src/runtime/core/frame-clock.js';
import {
  effect,
  flushNow,
  liveSubscribers,
  Phase,
  signal,
  Subscriber,
  untracked,
  useFrameClock,
} from '../../src/runtime/core/reactive.js';

describe('updates', () => {
  let clock: FakeFrameClock;

  beforeEach(() => {
    clock = new FakeFrameClock();
    useFrameClock(clock);
  });

  test('run in the frame after the change, not before', async () => {
    const value = signal(1);
    const seen: number[] = [];
    const running = effect(() => seen.push(value.get()));
    value.set(2);
    await Promise.resolve();
    assert.deepEqual(seen, [1]);
    clock.tick();
    assert.deepEqual(seen, [1, 2]);
    running.dispose();
  });

  test('run once for many changes, and not at all when the value stays', async () => {
    const value = signal(1);
    let runs = 0;
    const running = effect(() => {
      value.get();
      runs++;
    });
    value.set(2);
    value.set(3);
    await Promise.resolve();
    clock.tick();
    value.set(3);
    await Promise.resolve();
    assert.equal(clock.isWaiting, false);
    assert.equal(runs, 2);
    running.dispose();
  });

  test('go through computeds, then monitors, then nodes by ascending id', async () => {
    const source = signal(0);
    const derived = signal(0);
    const order: string[] = [];
    const node1 = new Subscriber(Phase.NODE, () => order.push(`node1 ${derived.get()}`));
    const node2 = new Subscriber(Phase.NODE, () => order.push(`node2 ${source.get()}`));
    const monitor = new Subscriber(Phase.MONITOR, () => order.push(`monitor ${derived.get()}`));
    const computed = new Subscriber(Phase.COMPUTED, () => {
      order.push('computed');
      derived.set(source.get() * 2);
    });
    const all = [node2, node1, monitor, computed];
    all.forEach((subscriber) => subscriber.execute());
    await Promise.resolve();
    clock.tick();
    order.length = 0;
    source.set(1);
    await Promise.resolve();
    assert.deepEqual(order, ['computed', 'monitor 2']);
    clock.tick();
    assert.deepEqual(order, ['computed', 'monitor 2', 'node1 2', 'node2 1']);
    all.forEach((subscriber) => subscriber.dispose());
  });

  test('forget what the last run did not read', async () => {
    const choose = signal(true);
    const other = signal(1);
    let runs = 0;
    const running = effect(() => {
      runs++;
      if (choose.get()) {
        other.get();
      }
    });
    choose.set(false);
    await Promise.resolve();
    clock.tick();
    other.set(2);
    await Promise.resolve();
    assert.equal(clock.isWaiting, false);
    assert.equal(runs, 2);
    running.dispose();
  });

  test('do not reach what was disposed in the same frame', async () => {
    const value = signal(0);
    const seen: string[] = [];
    const children: { dispose(): void }[] = [];
    const parent = effect(() => {
      if (value.get() > 0) {
        children.forEach((child) => child.dispose());
      }
    });
    children.push(effect(() => seen.push(`child ${value.get()}`)));
    value.set(1);
    await Promise.resolve();
    clock.tick();
    assert.deepEqual(seen, ['child 0']);
    parent.dispose();
  });

  test('reach every other node when one throws, and the error comes out of the frame', async () => {
    const value = signal(0);
    const seen: number[] = [];
    const bad = effect(() => {
      if (value.get() > 0) {
        throw new Error('bad node');
      }
    });
    const good = effect(() => seen.push(value.get()));
    value.set(1);
    await Promise.resolve();
    assert.throws(() => clock.tick(), /bad node/);
    assert.deepEqual(seen, [0, 1]);
    bad.dispose();
    good.dispose();
  });

  test('that never settle are an error, not a hang', () => {
    const a = signal(0);
    const b = signal(0);
    const first = effect(() => b.set(a.get() + 1));
    const second = effect(() => a.set(b.get() + 1));
    assert.throws(() => flushNow(), /did not settle/);
    first.dispose();
    second.dispose();
  });

  test('are not caused by untracked reads', async () => {
    const value = signal(0);
    const running = effect(() => {
      untracked(() => value.get());
    });
    value.set(1);
    await Promise.resolve();
    assert.equal(clock.isWaiting, false);
    running.dispose();
  });

  test('are counted while they live', () => {
    const before = liveSubscribers();
    const running = effect(() => undefined);
    assert.equal(liveSubscribers(), before + 1);
    running.dispose();
    running.dispose();
    assert.equal(liveSubscribers(), before);
  });
});
