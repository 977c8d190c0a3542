import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { liveSubscribers } from '../../src/runtime/core/reactive.js';
import { AppStorageV2, Computed, Monitor, ObservedV2, Trace, type IMonitor } from '../../src/runtime/core/state-v2.js';
import { __call, __ref } from '../../src/runtime/core/tree.js';
import {
  BuilderParam,
  Consumer,
  Event,
  Local,
  Once,
  Param,
  Provider,
  Require,
  ViewV2,
} from '../../src/runtime/core/view.js';
import { box, decorate, label, openPage, type TestPage } from './page.js';

let page: TestPage | null = null;

afterEach(() => {
  page?.close();
  page = null;
  assert.equal(liveSubscribers(), 0, 'an effect was left behind');
});

class Child extends ViewV2 {
  declare value: number;
  declare first: number;
  declare tell: (text: string) => void;
  declare content: () => void;

  constructor(passed: Record<string, unknown>) {
    super(passed);
    this.value = -1;
    this.first = -2;
    this.tell = () => undefined;
  }

  override build(): void {
    box(() => {
      label(() => `value ${this.value}`);
      label(() => `first ${this.first}`);
      if (this.content !== undefined) {
        this.content();
      }
    });
  }
}
decorate(Child, { value: [Param], first: [Param, Once], tell: [Event], content: [BuilderParam] });

/** The parent of one Child, whose parameters the test chooses. */
function parentOf(
  params: (parent: ParentView) => Record<string, () => unknown>,
  trailing: (() => void) | null = null,
): ViewClass {
  return class extends ParentView {
    override build(): void {
      __call(Child, [__ref(params(this))], trailing, 'test/Page.ets', 7);
    }
  };
}

type ViewClass = Parameters<typeof openPage>[0];

abstract class ParentView extends ViewV2 {
  declare count: number;

  constructor(passed: Record<string, unknown>) {
    super(passed);
    this.count = 1;
  }
}
decorate(ParentView as unknown as { prototype: object }, { count: [Local] });

function child(opened: TestPage): Child {
  return opened.mounted.nodes()[0]?.view as Child;
}

describe('a @Param', () => {
  test('follows the parent, a @Param with @Once does not', async () => {
    page = openPage(parentOf((parent) => ({ value: () => parent.count, first: () => parent.count })));
    assert.equal(page.host.textContent, 'value 1first 1');
    (page.mounted.view as ParentView).count = 2;
    await page.update();
    assert.equal(page.host.textContent, 'value 2first 1');
  });

  test('keeps its default when nothing is passed', () => {
    page = openPage(parentOf(() => ({})));
    assert.equal(page.host.textContent, 'value -1first -2');
  });

  test('is read-only inside, unless it is @Once', async () => {
    page = openPage(parentOf(() => ({ value: () => 3 })));
    assert.throws(() => {
      child(page as TestPage).value = 9;
    }, /Child\.value is a @Param and read-only/);
    child(page).first = 9;
    await page.update();
    assert.equal(page.host.textContent, 'value 3first 9');
  });

  test('is refused when the struct has no such @Param, or the property is a @Local', () => {
    assert.throws(
      () => openPage(parentOf(() => ({ valeu: () => 1 }))),
      /test\/Page\.ets:7: .*'valeu' of Child has no decorator/,
    );
    page = openPage(parentOf(() => ({})));
  });

  test('with @Require must be passed', () => {
    class Strict extends ViewV2 {
      override build(): void {
        label(() => 'strict');
      }
    }
    decorate(Strict, { needed: [Require, Param] });
    assert.throws(
      () =>
        openPage(
          class extends ViewV2 {
            override build(): void {
              __call(Strict, [__ref({})], null, 'test/Page.ets', 3);
            }
          },
        ),
      /test\/Page\.ets:3: .*'needed' of Strict is @Require/,
    );
  });
});

describe('an @Event', () => {
  test('keeps the function of the moment of creation', async () => {
    const heard: string[] = [];
    page = openPage(
      parentOf((parent) => {
        return {
          value: () => parent.count,
          tell: () =>
            (
              (count) => () =>
                heard.push(`made at ${count}`)
            )(parent.count),
        };
      }),
    );
    (page.mounted.view as ParentView).count = 2;
    await page.update();
    child(page).tell('x');
    assert.deepEqual(heard, ['made at 1']);
  });

  test('that is not passed does nothing', () => {
    page = openPage(parentOf(() => ({})));
    assert.doesNotThrow(() => child(page as TestPage).tell('x'));
  });
});

test('a trailing block fills the only @BuilderParam, and follows the state that it reads', async () => {
  page = openPage(
    class extends ParentView {
      override build(): void {
        __call(Child, [__ref({})], () => label(() => `block ${this.count}`), 'test/Page.ets', 1);
      }
    },
  );
  assert.match(page.host.textContent, /block 1$/);
  (page.mounted.view as ParentView).count = 5;
  await page.update();
  assert.match(page.host.textContent, /block 5$/);
});

describe('@Consumer', () => {
  class Reader extends ViewV2 {
    declare shared: string;

    constructor(passed: Record<string, unknown>) {
      super(passed);
      this.shared = 'own default';
    }

    override build(): void {
      label(() => this.shared);
    }
  }
  decorate(Reader, { shared: [Consumer('theme')] });

  class Giver extends ViewV2 {
    declare theme: string;

    constructor(passed: Record<string, unknown>) {
      super(passed);
      this.theme = 'provided';
    }

    override build(): void {
      __call(Reader, [__ref({})], null, 'test/Page.ets', 1);
    }
  }
  decorate(Giver, { theme: [Provider()] });

  test('stands for the nearest @Provider of its alias, both ways', async () => {
    page = openPage(Giver);
    assert.equal(page.host.textContent, 'provided');
    const reader = page.mounted.nodes()[0]?.view as Reader;
    reader.shared = 'changed below';
    await page.update();
    assert.equal((page.mounted.view as Giver).theme, 'changed below');
    assert.equal(page.host.textContent, 'changed below');
  });

  test('without a provider has its own value', () => {
    page = openPage(Reader);
    assert.equal(page.host.textContent, 'own default');
  });
});

class Basket {
  declare amount: number;
  declare list: number[];
  plain = 0;
  readonly heard: IMonitor[] = [];

  constructor() {
    this.amount = 1;
    this.list = [1];
  }

  get total(): number {
    return this.amount * 10;
  }

  hear(monitor: IMonitor): void {
    this.heard.push(monitor);
  }

  later(): void {
    this.heard.length = 0;
  }
}
decorate(Basket, { amount: [Trace], list: [Trace], hear: [Monitor('amount', 'list.0', 'plain')] });
Computed(Basket.prototype, 'total', Object.getOwnPropertyDescriptor(Basket.prototype, 'total') as PropertyDescriptor);
const ObservedBasket = ObservedV2(Basket);

describe('an @ObservedV2 class', () => {
  test('starts its @Monitor and @Computed one microtask after construction', async () => {
    const basket = new ObservedBasket();
    basket.amount = 2;
    assert.equal(basket.total, 20, 'not cached yet');
    await Promise.resolve();
    basket.amount = 3;
    assert.equal(basket.total, 20, 'cached: old value in the same tick');
    await Promise.resolve();
    assert.equal(basket.total, 30);
    assert.deepEqual(
      basket.heard.map((monitor) => monitor.value()),
      [{ path: 'amount', before: 2, now: 3 }],
    );
  });

  test('tells a @Monitor once per batch, with every path that differs in the end', async () => {
    const basket = new ObservedBasket();
    await Promise.resolve();
    basket.amount = 5;
    basket.list = [8];
    basket.amount = 6;
    await Promise.resolve();
    assert.equal(basket.heard.length, 1);
    assert.deepEqual(basket.heard[0]?.dirty, ['amount', 'list.0']);
    assert.deepEqual(basket.heard[0]?.value('amount'), { path: 'amount', before: 1, now: 6 });
  });

  test('does not tell a @Monitor when the value is the old one again', async () => {
    const basket = new ObservedBasket();
    await Promise.resolve();
    basket.amount = 5;
    basket.amount = 1;
    await Promise.resolve();
    assert.equal(basket.heard.length, 0);
  });

  test('does not tell a @Monitor of a field without @Trace until another path of it changes', async () => {
    const basket = new ObservedBasket();
    await Promise.resolve();
    basket.plain = 7;
    await Promise.resolve();
    assert.equal(basket.heard.length, 0);
    basket.amount = 5;
    await Promise.resolve();
    assert.deepEqual(basket.heard[0]?.dirty, ['amount', 'plain']);
  });

  test('shows observed fields in JSON under the names that a device uses', () => {
    assert.deepEqual(Object.keys(JSON.parse(JSON.stringify(new ObservedBasket())) as object), [
      'plain',
      'heard',
      '__ob_amount',
      '__ob_list',
    ]);
  });

  test('keeps its name, and instanceof works', () => {
    assert.equal(ObservedBasket.name, 'Basket');
    assert.ok(new ObservedBasket() instanceof Basket);
  });
});

describe('AppStorageV2', () => {
  class Settings {
    theme = 'light';
  }

  test('connects every caller to one object until it is removed', () => {
    const first = AppStorageV2.connect(Settings, () => new Settings());
    assert.equal(AppStorageV2.connect(Settings, 'Settings'), first);
    assert.deepEqual(AppStorageV2.keys(), ['Settings']);
    AppStorageV2.remove(Settings);
    assert.notEqual(
      AppStorageV2.connect(Settings, () => new Settings()),
      first,
    );
    AppStorageV2.remove('Settings');
    assert.equal(AppStorageV2.connect(Settings, 'Settings'), undefined);
  });

  test('refuses another class under a key that is taken', () => {
    AppStorageV2.connect(Settings, 'key', () => new Settings());
    assert.throws(
      () => AppStorageV2.connect(Basket, 'key', () => new Basket()),
      /holds a Settings at 'key', not a Basket/,
    );
    AppStorageV2.remove('key');
  });
});
