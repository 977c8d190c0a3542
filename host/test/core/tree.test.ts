import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { HostError } from '../../src/runtime/core/errors.js';
import { mountBuilder, type LazySource, type MountLazyItem, type UINode } from '../../src/runtime/core/node.js';
import { liveSubscribers, signal } from '../../src/runtime/core/reactive.js';
import { __repeat, type RepeatItem } from '../../src/runtime/core/repeat.js';
import { __build, __call, __el, __forEach, __if, __lazyForEach, __method, __ref } from '../../src/runtime/core/tree.js';
import { ViewV2 } from '../../src/runtime/core/view.js';
import { fakeHost } from './fake-dom.js';
import { Box, box, Label, label, openPage, struct, type TestPage } from './page.js';

let page: TestPage | null = null;

afterEach(() => {
  const host = page?.host;
  page?.close();
  page = null;
  assert.equal(liveSubscribers(), 0, 'an effect was left behind');
  assert.equal(host?.childNodes.length ?? 0, 0, 'a node was left behind');
});

const FILE = 'test/Page.ets';

describe('if', () => {
  test('keeps its place between its neighbours, nested and empty branches included', async () => {
    const outer = signal(0);
    const inner = signal(true);
    page = openPage(
      struct(() =>
        box(() => {
          label(() => '<');
          __if(
            () => outer.get(),
            [
              () => __if(() => (inner.get() ? 0 : -1), [() => label(() => 'inner')], FILE, 2),
              () => {
                label(() => 'a');
                label(() => 'b');
              },
            ],
            FILE,
            1,
          );
          label(() => '>');
        }),
      ),
    );
    assert.equal(page.host.textContent, '<inner>');
    inner.set(false);
    await page.update();
    assert.equal(page.host.textContent, '<>');
    outer.set(1);
    await page.update();
    assert.equal(page.host.textContent, '<ab>');
    outer.set(0);
    inner.set(true);
    await page.update();
    assert.equal(page.host.textContent, '<inner>');
  });

  test('does not build a branch again while the choice stays', async () => {
    const value = signal(1);
    let builds = 0;
    page = openPage(
      struct(() =>
        box(() =>
          __if(
            () => (value.get() > 0 ? 0 : -1),
            [
              () => {
                builds++;
                label(() => 'x');
              },
            ],
            FILE,
            1,
          ),
        ),
      ),
    );
    value.set(2);
    await page.update();
    assert.equal(builds, 1);
  });

  test('tells the parent component of children that come and go', async () => {
    const isShown = signal(true);
    page = openPage(struct(() => box(() => __if(() => (isShown.get() ? 0 : -1), [() => label(() => 'x')], FILE, 1))));
    const parent = page.mounted.nodes()[0] as Box;
    assert.equal(parent.children.length, 1);
    isShown.set(false);
    await page.update();
    assert.deepEqual(parent.heard, ['+x', '-x']);
    assert.equal(parent.children.length, 0);
  });
});

interface Row {
  id: string;
  text: string;
}

const rows = (text: string): Row[] => [...text].map((id) => ({ id, text: id }));

describe('ForEach', () => {
  test('reorders, adds and removes by key and keeps the nodes of keys that stay', async () => {
    const data = signal<Row[]>(rows('abc'));
    page = openPage(
      struct(() =>
        box(() => {
          __forEach(
            () => data.get(),
            (row) => label(() => (row as Row).text),
            (row) => (row as Row).id,
            FILE,
            1,
          );
          label(() => '|');
        }),
      ),
    );
    const before = (page.mounted.nodes()[0] as Box).children;
    for (const order of ['cab', 'xcb', '', 'ba', 'abcde', 'edcba', 'ce']) {
      data.set(rows(order));
      await page.update();
      assert.equal(page.host.textContent, `${order}|`);
    }
    data.set(rows('abc'));
    await page.update();
    assert.equal(before[3], (page.mounted.nodes()[0] as Box).children[3], 'the neighbour is never rebuilt');
  });

  test('keeps the first closure of a key, shows only the first of equal keys', async () => {
    const data = signal<Row[]>([{ id: 'a', text: 'old' }]);
    page = openPage(
      struct(() =>
        box(() => {
          __forEach(
            () => data.get(),
            (row) => label(() => (row as Row).text),
            (row) => (row as Row).id,
            FILE,
            1,
          );
        }),
      ),
    );
    data.set([
      { id: 'a', text: 'new' },
      { id: 'a', text: 'twice' },
    ]);
    await page.update();
    assert.equal(page.host.textContent, 'old');
  });

  test('without a key function tells items apart by index and JSON', async () => {
    const data = signal<string[]>(['a', 'b']);
    let builds = 0;
    page = openPage(
      struct(() =>
        box(() =>
          __forEach(
            () => data.get(),
            (item) => {
              builds++;
              label(() => item);
            },
            null,
            FILE,
            1,
          ),
        ),
      ),
    );
    data.set(['x', 'b']);
    await page.update();
    assert.equal(page.host.textContent, 'xb');
    assert.equal(builds, 3);
    data.set(['b']);
    await page.update();
    assert.equal(builds, 4, 'another index is another key');
  });
});

test('Repeat gives a kept key its new item and index without building again', async () => {
  const data = signal<Row[]>(rows('ab'));
  let builds = 0;
  page = openPage(
    struct(() =>
      box(() =>
        __repeat(
          () => data.get(),
          (repeat) => {
            repeat.each((item) => {
              builds++;
              label(() => `${item.index}${(item as RepeatItem<Row>).item.text}`);
            });
            repeat.key((row) => (row as Row).id);
          },
          FILE,
          1,
        ),
      ),
    ),
  );
  data.set([
    { id: 'b', text: 'B' },
    { id: 'a', text: 'A' },
  ]);
  await page.update();
  assert.equal(page.host.textContent, '0B1A');
  assert.equal(builds, 2);
});

test('LazyForEach mounts what the list asks for, in front of its anchor, and ends with it', () => {
  class Lazy extends Box {
    override mountLazy(
      source: LazySource,
      mountItem: MountLazyItem,
      keyOf: (item: unknown, index: number) => string,
      anchor: Comment,
    ): {
      dispose(): void;
    } {
      const item = mountItem(source.getData(1), 1);
      assert.equal(keyOf(source.getData(1), 1), 'key row1');
      item.domNodes().forEach((node) => anchor.parentNode?.insertBefore(node, anchor));
      return { dispose: () => item.dispose() };
    }
  }
  const source: LazySource = {
    totalCount: () => 2,
    getData: (index) => `row${index}`,
    registerDataChangeListener: () => undefined,
    unregisterDataChangeListener: () => undefined,
  };
  page = openPage(
    struct(() =>
      __el(
        Lazy,
        () => undefined,
        () => {
          label(() => '<');
          __lazyForEach(
            () => source,
            (item) => label(() => item),
            (item) => `key ${String(item)}`,
            FILE,
            1,
          );
          label(() => '>');
        },
        FILE,
        1,
      ),
    ),
  );
  assert.equal(page.host.textContent, '<row1>');
});

describe('a @Builder', () => {
  test('builds where it is called, by value once and by reference live', async () => {
    const value = signal(1);
    const builder = (params: { shown: number }): unknown => __build(() => label(() => params.shown));
    page = openPage(
      struct(() =>
        box(() => {
          __call(builder, [{ shown: value.get() }], null, FILE, 1);
          __call(builder, [__ref({ shown: () => value.get() })], null, FILE, 2);
        }),
      ),
    );
    value.set(2);
    await page.update();
    assert.equal(page.host.textContent, '12');
  });

  test('called in an attribute answers with what mountBuilder builds later, with its parent known', async () => {
    const value = signal('menu');
    let given: (() => void) | undefined;
    class Owner extends ViewV2 {
      menu(): unknown {
        return __build(() => label(() => value.get()));
      }

      override build(): void {
        __el(
          Box,
          () => {
            given = this.menu() as () => void;
          },
          null,
          FILE,
          1,
        );
      }
    }
    page = openPage(Owner);
    const parent = page.mounted.nodes()[0] as Box;
    const overlay = fakeHost();
    const mounted = mountBuilder(parent, overlay, given as () => void);
    value.set('changed');
    await page.update();
    assert.equal(overlay.textContent, 'changed');
    assert.deepEqual(parent.heard, ['+menu']);
    mounted.dispose();
    assert.equal(overlay.childNodes.length, 0);
  });

  test('called through a member keeps its this', () => {
    class Owner extends ViewV2 {
      text = 'own';

      part(): unknown {
        return __build(() => label(() => this.text));
      }

      override build(): void {
        __method(this, 'part', [], FILE, 1);
      }
    }
    page = openPage(Owner);
    assert.equal(page.host.textContent, 'own');
  });
});

describe('lifecycle', () => {
  test('calls aboutToAppear, onDidBuild and, from parent to child, aboutToDisappear', async () => {
    const log: string[] = [];
    const isShown = signal(true);
    const lived = (name: string, build: () => void): new () => ViewV2 =>
      class extends ViewV2 {
        override aboutToAppear(): void {
          log.push(`${name} appears`);
        }

        override onDidBuild(): void {
          log.push(`${name} is built`);
        }

        override aboutToDisappear(): void {
          log.push(`${name} goes`);
        }

        override build(): void {
          build();
        }
      };
    const Inner = lived('inner', () => label(() => 'x'));
    const Outer = lived('outer', () => box(() => __call(Inner, [], null, FILE, 1)));
    page = openPage(
      struct(() => box(() => __if(() => (isShown.get() ? 0 : -1), [() => __call(Outer, [], null, FILE, 1)], FILE, 1))),
    );
    assert.deepEqual(log, ['outer appears', 'inner appears', 'inner is built', 'outer is built']);
    log.length = 0;
    isShown.set(false);
    await page.update();
    assert.deepEqual(log, ['outer goes', 'inner goes']);
  });
});

describe('a failure', () => {
  test('names the component, the .ets file and the line', async () => {
    const bad = signal(false);
    page = openPage(
      struct(() =>
        box(() =>
          label(() => {
            if (bad.get()) {
              throw new TypeError('no text');
            }
            return 'fine';
          }, 42),
        ),
      ),
    );
    bad.set(true);
    await Promise.resolve();
    assert.throws(
      () => page?.clock.tick(),
      (error) => {
        assert.ok(error instanceof HostError);
        assert.equal(error.message, `${FILE}:42: Label: TypeError: no text`);
        assert.match(error.stack ?? '', /tree\.test\.ts/);
        return true;
      },
    );
  });

  test('of something that is neither struct nor @Builder says so', () => {
    assert.throws(
      () => openPage(struct(() => __call(undefined, [], null, FILE, 9))),
      /test\/Page\.ets:9: a undefined is called/,
    );
    page = openPage(struct(() => label(() => 'x')));
  });
});

test('invalidate runs the effect of one node again', async () => {
  page = openPage(
    struct(() =>
      box(() => {
        label(() => 'a');
        label(() => 'b');
      }),
    ),
  );
  const [first, second] = (page.mounted.nodes()[0] as UINode).children as [Label, Label];
  first.invalidate();
  await page.update();
  assert.deepEqual([first.runs, second.runs], [2, 1]);
});
