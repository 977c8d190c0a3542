import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { startHarness, type Harness } from './harness.js';
import type { BootedApp } from './pages/boot.js';

declare global {
  // In the page; tests only name it inside `page.evaluate`.
  var app: BootedApp;
}

let harness: Harness;

before(async () => {
  harness = await startHarness({ page: 'boot.ts' });
});

after(() => harness.close());

/** Waits for the page, so that what follows is not part of the start. */
async function booted(query = ''): Promise<Page> {
  const page = await harness.open(await harness.context(), query);
  await page.locator('p').waitFor();
  await page.waitForFunction(() => app.events.some((event) => event.startsWith('loaded')));
  return page;
}

const eventsOf = (page: Page): Promise<string[]> => page.evaluate(() => app.events.splice(0));

describe('boot', () => {
  test('an ability goes through its states in the order of a device', async () => {
    const page = await booted('?p.openRoom=r1&p.signInName=ann');
    assert.deepEqual(await eventsOf(page), [
      'onCreate {"openRoom":"r1","signInName":"ann"}',
      'onWindowStageCreate',
      'onForeground',
      'stage 1',
      'stage 2',
      'loaded 0',
    ]);
  });

  test('a hidden page is in the background until it is seen again', async () => {
    const page = await booted();
    await eventsOf(page);
    const setHidden = (isHidden: boolean): Promise<void> =>
      page.evaluate((hidden) => {
        Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, isHidden);
    await setHidden(true);
    await setHidden(true);
    await setHidden(false);
    await setHidden(false);
    assert.deepEqual(await eventsOf(page), [
      'stage 3',
      'stage 4',
      'onBackground',
      'onForeground',
      'stage 1',
      'stage 2',
    ]);
  });

  test('the window tells its size in px, and px2vp gives back what the browser shows', async () => {
    const page = await booted('?device=phone');
    await eventsOf(page);
    await page.setViewportSize({ width: 700, height: 500 });
    await page.waitForFunction(() => app.events.length > 0);
    assert.deepEqual(await eventsOf(page), ['size 2100x1500']);
    const seen = await page.evaluate(() => {
      const width = app.holder.window?.getWindowProperties().windowRect.width ?? 0;
      return [width, app.holder.ui?.px2vp(width)];
    });
    assert.deepEqual(seen, [2100, 700]);
  });

  test('a change of language or colour mode reaches the page and the ability at once', async () => {
    const page = await booted('?locale=en-US&colorMode=light');
    await eventsOf(page);
    const label = page.locator('p');
    assert.equal(await label.textContent(), 'Hello');
    await page.evaluate(() => app.i18n.System.setAppPreferredLanguage('zh-Hans'));
    await page.getByText('你好').waitFor();
    await page.evaluate(() => app.holder.context?.getApplicationContext().setColorMode(app.ColorMode.COLOR_MODE_DARK));
    await page.waitForFunction(() => document.documentElement.style.colorScheme === 'dark');
    await page.waitForFunction(() => {
      const label = document.querySelector('p');
      return label !== null && getComputedStyle(label).color === 'rgb(255, 255, 255)';
    });
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'zh-CN');
    assert.deepEqual(await eventsOf(page), ['config zh-CN 1', 'config zh-CN 0']);
  });

  test('the address chooses the colour mode of the system', async () => {
    const page = await booted('?colorMode=dark&locale=zh-CN');
    const seen = await page.evaluate(() => [document.documentElement.style.colorScheme, document.documentElement.lang]);
    assert.deepEqual(seen, ['dark', 'zh-CN']);
  });

  test('colorMode=system follows the browser until the app chooses', async () => {
    const page = await booted('?colorMode=system');
    const scheme = (): Promise<string> => page.evaluate(() => document.documentElement.style.colorScheme);
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.waitForFunction(() => document.documentElement.style.colorScheme === 'dark');
    await page.evaluate(() => app.holder.context?.getApplicationContext().setColorMode(app.ColorMode.COLOR_MODE_LIGHT));
    await page.waitForFunction(() => document.documentElement.style.colorScheme === 'light');
    await page.emulateMedia({ colorScheme: 'light' });
    await page.emulateMedia({ colorScheme: 'dark' });
    // The page hears of it with a frame; in the one after it the page would have changed.
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    assert.equal(await scheme(), 'light');
    await page.evaluate(() =>
      app.holder.context?.getApplicationContext().setColorMode(app.ColorMode.COLOR_MODE_NOT_SET),
    );
    await page.waitForFunction(() => document.documentElement.style.colorScheme === 'dark');
  });

  test('the context knows the bundle, and its resource manager the texts', async () => {
    const page = await booted('?locale=en-US');
    const seen = await page.evaluate(() => {
      const context = app.holder.ui?.getHostContext();
      const resources = context?.resourceManager;
      return [
        context?.applicationInfo.debug,
        context?.applicationInfo.name,
        app.bundleManager.getBundleInfoForSelfSync(app.bundleManager.BundleFlag.GET_BUNDLE_INFO_DEFAULT).versionName,
        resources?.getStringByNameSync('greet', 'Ann'),
        resources?.getStringSync(app.resource('app.string.hello') as never),
        resources?.getPluralStringByNameSync('n', 1),
        resources?.getColorSync(app.resource('app.color.ink') as never),
      ];
    });
    assert.deepEqual(seen, [true, 'org.example.boot', '0.7.0', 'Hello Ann', 'Hello', '1 thing', 0xff000000]);
  });

  test('a toast is shown through the UI context', async () => {
    const page = await booted();
    // Looked at in the same breath: a toast goes by itself.
    const shown = await page.evaluate(() => {
      app.holder.ui?.getPromptAction().showToast({ message: 'Copied' });
      return [...document.querySelectorAll('[role="status"]')].map((toast) => toast.textContent);
    });
    assert.deepEqual(shown, ['Copied']);
  });

  for (const [query, text] of [
    ['?fault=create', /could not be started[\s\S]*the ability is broken/],
    ['?fault=build', /pages\/Index could not be built[\s\S]*the page is broken/],
    ['?device=watch', /could not be started[\s\S]*device: expected phone \| tablet \| 2in1, got 'watch'/],
  ] as const) {
    test(`${query} is told on the page and in the log`, async () => {
      const page = await (await harness.context()).newPage();
      const logged = page.waitForEvent('console', (message) => message.type() === 'error' && text.test(message.text()));
      await page.goto(`${harness.origin}/${query}`);
      const alert = page.getByRole('alert');
      await alert.waitFor();
      assert.match((await alert.textContent()) ?? '', text);
      await logged;
    });
  }

  test('a page that does not exist is told to the callback and on the page', async () => {
    const page = await harness.open(await harness.context(), '?fault=path');
    await page.getByRole('alert').getByText("got 'pages/None'").waitFor();
  });
});
