import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { formatLog } from '../../src/kits/ohos.hilog.js';
import { parseLaunch } from '../../src/runtime/ability/launch.js';
import { startHarness, type Harness } from './harness.js';
import type { Kits } from './pages/kits.js';

describe('hilog', () => {
  test('prints public arguments and masks all others', () => {
    assert.equal(formatLog('%{public}s of %{private}s and %s', ['a', 'b', 'c']), 'a of <private> and <private>');
  });

  test('formats numbers, objects and percent signs', () => {
    assert.equal(formatLog('%{public}d%% %{public}o %{public}d', [5, { a: 1 }, 'no']), '5% {"a":1} NaN');
  });

  test('a placeholder without an argument stays', () => {
    assert.equal(formatLog('%{public}s %{public}s', ['one']), 'one %{public}s');
  });
});

describe('the address of a preview page', () => {
  test('every p.NAME becomes a parameter of the want', () => {
    const launch = parseLaunch('?device=tablet&colorMode=dark&locale=zh_CN&fontScale=1.3&profile=left&p.openRoom=r1');
    assert.deepEqual(launch, {
      device: 'tablet',
      colorMode: 'dark',
      locale: 'zh-CN',
      fontScale: 1.3,
      profile: 'left',
      isDebug: true,
      parameters: { openRoom: 'r1' },
    });
  });

  for (const [query, field] of [
    ['?device=watch', 'device'],
    ['?colorMode=pink', 'colorMode'],
    ['?locale=%20', 'locale'],
    ['?fontScale=9', 'fontScale'],
    ['?fontScale=big', 'fontScale'],
    ['?profile=a/b', 'profile'],
  ] as const) {
    test(`${query} is refused by name`, () => {
      assert.throws(() => parseLaunch(query), new RegExp(`^Error: ${field}: expected`));
    });
  }
});

describe('in the browser', () => {
  let harness: Harness;

  before(async () => {
    harness = await startHarness({ page: 'kits.ts' });
  });

  after(() => harness.close());

  test("the app's language is applied at once, survives a restart, and 'default' gives it back", async () => {
    const page = await harness.open(await harness.context(), '?locale=en-US');
    const set = (language: string): Promise<unknown> =>
      page.evaluate((tag) => {
        kits.i18n.System.setAppPreferredLanguage(tag);
        return [kits.locale.peek(), kits.i18n.System.getAppPreferredLanguage()];
      }, language);
    assert.deepEqual(await set('zh-Hans'), ['zh-CN', 'zh-Hans']);
    await page.reload();
    assert.equal(await page.evaluate(() => kits.locale.peek()), 'zh-CN');
    assert.equal(await page.evaluate(() => kits.i18n.System.getSystemLanguage()), 'en');
    assert.deepEqual(await set('default'), ['en-US', 'en']);
    const failure = await page.evaluate(() => kits.failureOf(() => kits.i18n.System.setAppPreferredLanguage('!')));
    assert.equal(failure?.code, 890001);
  });

  test('intl speaks the language of the app unless told', async () => {
    const page = await harness.open(await harness.context(), '?locale=zh-CN');
    const seen = await page.evaluate(() => {
      const day = new Date(2024, 4, 6, 15, 7);
      const options = { month: 'long', day: 'numeric' };
      return [
        new kits.intl.DateTimeFormat(undefined as never, options).format(day),
        new kits.intl.DateTimeFormat('en-US', options).format(day),
        new kits.intl.PluralRules('en').select(1),
        new kits.intl.RelativeTimeFormat('en').format(-3, 'day'),
        kits.i18n.System.is24HourClock(),
      ];
    });
    assert.deepEqual(seen, ['5月6日', 'May 6', 'one', '3 days ago', true]);
  });

  test('connection tells of a network that is there, that goes and that comes back', async () => {
    const context = await harness.context();
    const page = await harness.open(context);
    await page.evaluate(async () => {
      const events: string[] = [];
      const net = kits.connection.createNetConnection();
      net.on('netAvailable', () => events.push('available'));
      net.on('netLost', () => events.push('lost'));
      await new Promise<void>((resolve) => net.register(() => resolve()));
      Object.assign(globalThis, { events, net });
    });
    // The browser changes its answer first and tells of it later: what counts here is what was told.
    const told = (count: number): Promise<unknown> =>
      page.waitForFunction((wanted) => (globalThis as unknown as { events: string[] }).events.length === wanted, count);
    await told(1);
    await context.setOffline(true);
    await told(2);
    assert.equal(await page.evaluate(() => kits.connection.hasDefaultNetSync()), false);
    await context.setOffline(false);
    await told(3);
    assert.equal(await page.evaluate(() => kits.connection.hasDefaultNetSync()), true);
    const seen = await page.evaluate(async () => {
      const { events, net } = globalThis as unknown as {
        events: string[];
        net: ReturnType<Kits['connection']['createNetConnection']>;
      };
      await new Promise<void>((resolve) => net.unregister(() => resolve()));
      globalThis.dispatchEvent(new Event('online'));
      return events;
    });
    assert.deepEqual(seen, ['available', 'lost', 'available']);
  });

  test('UUIDs are of version 4, and Base64 comes in both alphabets', async () => {
    const page = await harness.open(await harness.context());
    const seen = await page.evaluate(() => {
      const helper = new kits.util.Base64Helper();
      const bytes = new Uint8Array([251, 255, 1]);
      const { BASIC, BASIC_URL_SAFE } = kits.util.Type;
      return {
        uuid: kits.util.generateRandomUUID(),
        texts: [helper.encodeToStringSync(bytes, BASIC), helper.encodeToStringSync(bytes, BASIC_URL_SAFE)],
        back: [...helper.decodeSync('-_8B', BASIC_URL_SAFE)],
        text: kits.util.TextDecoder.create('utf-8').decodeToString(new kits.util.TextEncoder().encodeInto('né')),
      };
    });
    assert.match(seen.uuid, /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    assert.deepEqual(seen.texts, ['+/8B', '-_8B']);
    assert.deepEqual(seen.back, [251, 255, 1]);
    assert.equal(seen.text, 'né');
  });
});
