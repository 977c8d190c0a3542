import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import path from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { buildPreview } from '../../src/compiler/preview-build.js';
import { servePreview, type PreviewServer } from '../../src/compiler/preview-server.js';
import { launchChromium } from '../../src/testing/chromium.js';
import { FIXTURE_HOST, PAGE, writeProject, type FixtureProject } from './fixture-project.js';

const SOURCE = `
import { Row } from '@fixture/lib';

@ObservedV2
class Counter {
  @Trace traced: number = 0;
  plain: number = 0;
}

class Item {
  id: string = '';
  label: string = '';

  constructor(id: string, label: string) {
    this.id = id;
    this.label = label;
  }
}

class TwoItems implements IDataSource {
  totalCount(): number {
    return 3;
  }

  getData(index: number): string {
    return 'lazy' + index;
  }

  registerDataChangeListener(listener: DataChangeListener): void {
  }

  unregisterDataChangeListener(listener: DataChangeListener): void {
  }
}

class Params {
  value: number = 0;
}

@Builder
function byReference(params: Params) {
  Text('ref' + params.value).id('by-reference')
}

@Extend(Text)
function marked(width: number) {
  .width(width)
}

@Styles
function narrow() {
  .width(5)
}

@ComponentV2
struct Child {
  @Param value: string = '';
  @Event $value: (value: string) => void;
  @BuilderParam content: () => void;
  @Consumer() shared: string = 'own';

  aboutToDisappear(): void {
    console.info('child gone');
  }

  build() {
    Column() {
      Text(this.value + ' ' + this.shared).id('child')
      Button('write').id('child-write').onClick(() => this.$value('from child'))
      this.content()
    }
  }
}

@Entry
@ComponentV2
struct Index {
  @Local count: number = 0;
  @Local items: Item[] = [new Item('a', 'A'), new Item('b', 'B')];
  @Local text: string = 'start';
  @Local log: string = '';
  @Local isShown: boolean = true;
  @Provider() shared: string = 'provided';
  counter: Counter = new Counter();
  source: TwoItems = new TwoItems();
  monitored: number = 0;

  @Computed
  get double(): number {
    return this.count * 2;
  }

  @Monitor('count', 'text')
  onChange(monitor: IMonitor): void {
    this.monitored++;
    console.info('monitor ' + monitor.dirty.join(','));
  }

  @Builder
  byValue(value: number) {
    Text('value' + value).id('by-value')
  }

  @Styles
  wide() {
    .width(9)
  }

  fail(): void {
    throw new Error('tapped');
  }

  build() {
    Column() {
      Text('count' + this.count).id('count').marked(3)
      Text('double' + this.double).id('double').narrow()
      this.byValue(this.count)
      byReference({ value: this.count })
      Text('traced' + this.counter.traced).id('traced')
      Text('plain' + this.counter.plain).id('plain')
      ForEach(this.items, (item: Item, index: number) => {
        Text(index + item.label).id('each-' + item.id)
      }, (item: Item) => item.id)
      Repeat<Item>(this.items)
        .each((row: RepeatItem<Item>) => {
          Text(row.index + row.item.label).id('repeat-' + row.item.id)
        })
        .key((item: Item) => item.id)
      if (this.isShown) {
        Child({ value: this.text!! }) {
          Text('trailing').id('trailing')
        }
      } else {
        Text('hidden').id('hidden')
      }
      TextInput({ text: $$this.text }).id('input')
      Row({ title: $r('app.string.greeting', 'Ann', 3) }).width(7)
      Text($r('app.plural.people', this.count, this.count)).id('people')
      Text('colour').fontColor($r('app.color.ink')).id('colour')
      List() {
        LazyForEach(this.source, (item: string) => {
          Text(item).id(item)
        }, (item: string) => item)
      }
      Text(this.log).id('log')
      Button('add').id('add').onClick(() => {
        this.count++;
        this.log = 'double read in the same tick: ' + this.double;
      })
      Button('trace').id('trace').onClick(() => {
        this.counter.plain++;
        this.counter.traced++;
      })
      Button('swap').id('swap').onClick(() => {
        this.items = [new Item('b', 'B2'), new Item('a', 'A2')];
      })
      Button('both').id('both').onClick(() => {
        this.count++;
        this.text = 'both';
        this.count++;
      })
      Button('hide').id('hide').onClick(() => {
        this.isShown = !this.isShown;
      })
      Button('fail').id('fail').onClick(() => {
        this.fail();
      })
      if (this.count > 100) {
        Text(JSON.parse('{').x)
      }
    }
    .justifyContent(FlexAlign.Center)
  }
}
`;

const ROW = `@ComponentV2
export struct Row {
  @Require @Param title: ResourceStr;

  build() {
    Text(this.title).id('title')
  }
}
`;

function elements(type: string, ...items: object[]): string {
  return JSON.stringify({ [type]: items });
}

const RESOURCES: Record<string, string> = {
  'lib/src/main/resources/base/element/string.json': elements('string', {
    name: 'greeting',
    value: 'Hello %1$s, %2$d',
  }),
  'lib/src/main/resources/zh_CN/element/string.json': elements('string', { name: 'greeting', value: '%2$d 你好 %1$s' }),
  'entry/src/main/resources/base/element/color.json': elements('color', { name: 'ink', value: '#FF112233' }),
  'entry/src/main/resources/dark/element/color.json': elements('color', { name: 'ink', value: '#80AABBCC' }),
  'entry/src/main/resources/base/element/plural.json': elements('plural', {
    name: 'people',
    value: [
      { quantity: 'one', value: '%d person' },
      { quantity: 'other', value: '%d people' },
    ],
  }),
};

/** The steering that the fixture's boot() leaves on the page. */
interface HostTest {
  mounted: { dispose(): void };
  colorMode: { set(value: string): void };
  locale: { set(value: string): void };
  liveSubscribers(): number;
}

function lineOf(text: string): number {
  return SOURCE.slice(0, SOURCE.indexOf(text)).split('\n').length;
}

describe('a compiled page in Chromium', () => {
  let project: FixtureProject;
  let server: PreviewServer;
  let browser: Browser;
  let page: Page;
  let errors: Error[] = [];
  let logs: string[] = [];

  before(async () => {
    project = writeProject({
      [PAGE]: SOURCE,
      ...RESOURCES,
      'lib/Index.ets': `export { Row } from './src/main/ets/Row';\n`,
      'lib/src/main/ets/Row.ets': ROW,
    });
    await buildPreview(project.root, path.join(project.root, 'out'), FIXTURE_HOST);
    server = await servePreview(path.join(project.root, 'out'), 0, () => '');
    browser = await launchChromium();
  });

  after(async () => {
    await browser.close();
    await server.close();
    project.remove();
  });

  afterEach(() => page.close());

  async function open(): Promise<void> {
    errors = [];
    logs = [];
    page = await browser.newPage();
    page.on('pageerror', (error) => errors.push(error));
    page.on('console', (message) => logs.push(message.text()));
    await page.goto(`http://localhost:${server.port}/`);
    await page.waitForSelector('#count');
  }

  async function text(id: string): Promise<string> {
    return (await page.textContent(`#${id}`)) ?? '';
  }

  /** Clicks, and waits until the frame after the click has been drawn. */
  async function tap(id: string): Promise<void> {
    await page.click(`#${id}`);
    await settle();
  }

  async function settle(): Promise<void> {
    await page.evaluate(
      () =>
        new Promise((resolve) => {
          requestAnimationFrame(() => requestAnimationFrame(resolve));
        }),
    );
  }

  async function steer(act: (host: HostTest) => void): Promise<void> {
    await page.evaluate(`(${act.toString()})(globalThis.hostTest)`);
    await settle();
  }

  function mapped(stack: string): string[] {
    const json = JSON.parse(readFileSync(path.join(project.root, 'out/app.js.map'), 'utf8'));
    const map = new SourceMap(json);
    return [...stack.matchAll(/app\.js:(\d+):(\d+)/g)].map((match) => {
      const at = map.findEntry(Number(match[1]) - 1, Number(match[2]) - 1);
      return 'originalSource' in at
        ? `${at.originalSource.replace(/^.*\/entry\//, 'entry/')}:${at.originalLine + 1}`
        : '';
    });
  }

  test('shows state, children, resources and lazily built rows', async () => {
    await open();
    assert.equal(await text('count'), 'count0');
    assert.equal(await text('title'), 'Hello Ann, 3');
    assert.equal(await text('child'), 'start provided');
    assert.equal(await text('trailing'), 'trailing');
    assert.equal(await text('lazy1'), 'lazy1');
    assert.equal(await page.locator('#lazy2').count(), 0);
    assert.equal(await page.locator('#count').evaluate((node) => node.style.width), '3px');
    assert.equal(await page.locator('#double').evaluate((node) => node.style.width), '5px');
    assert.equal(await page.title(), 'Fixture');
    assert.deepEqual(errors, []);
  });

  test('re-runs only the components that read what changed', async () => {
    await open();
    await tap('add');
    assert.equal(await text('count'), 'count1');
    assert.equal(await page.locator('#count').evaluate((node) => node.dataset['runs']), '2');
    assert.equal(await page.locator('#traced').evaluate((node) => node.dataset['runs']), '1');
  });

  test('keeps a by-value builder parameter as it was, and renews a by-reference one', async () => {
    await open();
    await tap('add');
    assert.equal(await text('by-value'), 'value0');
    assert.equal(await text('by-reference'), 'ref1');
  });

  test('does not refresh a field without @Trace when a sibling changes', async () => {
    await open();
    await tap('trace');
    assert.equal(await text('traced'), 'traced1');
    assert.equal(await text('plain'), 'plain0');
  });

  test('keeps the closure of a ForEach item whose key stays, and gives a Repeat item its new value', async () => {
    await open();
    await tap('swap');
    assert.equal(await text('each-a'), '0A');
    assert.equal(await text('repeat-a'), '1A2');
    const order = await page.locator('[id^=each-]').evaluateAll((nodes) => nodes.map((node) => node.id));
    assert.deepEqual(order, ['each-b', 'each-a']);
  });

  test('reads the old @Computed value in the same tick, and shows the new one', async () => {
    await open();
    await tap('add');
    assert.equal(await text('log'), 'double read in the same tick: 0');
    assert.equal(await text('double'), 'double2');
  });

  test('calls a @Monitor once for a batch of changes', async () => {
    await open();
    await tap('both');
    assert.deepEqual(
      logs.filter((line) => line.startsWith('monitor')),
      ['monitor count,text'],
    );
  });

  test('ends the branch of an if that is no longer chosen', async () => {
    await open();
    await tap('hide');
    assert.equal(await page.locator('#child').count(), 0);
    assert.equal(await text('hidden'), 'hidden');
    assert.deepEqual(logs, ['child gone']);
    await tap('hide');
    assert.equal(await text('child'), 'start provided');
  });

  test('binds both ways: input to state to child, and child to state to input', async () => {
    await open();
    await page.fill('#input', 'typed');
    await settle();
    assert.equal(await text('child'), 'typed provided');
    await tap('child-write');
    assert.equal(await page.inputValue('#input'), 'from child');
  });

  test('follows language, plural and colour mode', async () => {
    await open();
    assert.equal(await text('people'), '0 people');
    await tap('add');
    assert.equal(await text('people'), '1 person');
    await steer((host) => {
      host.locale.set('zh-CN');
      host.colorMode.set('dark');
    });
    assert.equal(await text('title'), '3 你好 Ann');
    assert.equal(await page.locator('#colour').evaluate((node) => node.style.color), 'rgba(170, 187, 204, 0.5)');
    await steer((host) => host.locale.set('en-GB'));
    assert.equal(await text('title'), 'Hello Ann, 3');
  });

  test('maps a throw in onClick and one in build() to their .ets lines', async () => {
    await open();
    await tap('fail');
    const frames = mapped(errors[0]?.stack ?? '');
    assert.deepEqual(frames.slice(0, 2), [
      `${PAGE}:${lineOf(`throw new Error('tapped')`)}`,
      `${PAGE}:${lineOf('this.fail();')}`,
    ]);
    await page.evaluate(() => {
      for (let i = 0; i < 51; i++) {
        document.getElementById('both')?.click();
      }
    });
    await settle();
    const line = lineOf(`Text(JSON.parse('{').x)`);
    assert.match(errors[1]?.message ?? '', new RegExp(`^${PAGE}:${line}: Text: SyntaxError`));
    assert.equal(mapped(errors[1]?.stack ?? '')[0], `${PAGE}:${line}`);
  });

  test('leaves no effect and no node behind when the page goes', async () => {
    await open();
    await tap('swap');
    await tap('hide');
    await steer((host) => host.mounted.dispose());
    assert.equal(await page.evaluate('hostTest.liveSubscribers()'), 0);
    assert.equal(await page.locator('#app').evaluate((node) => node.childNodes.length), 0);
  });
});
