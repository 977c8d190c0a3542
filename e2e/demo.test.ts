import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FrameLocator, Page } from 'playwright-core';
import { PATIENCE_MS } from './support/patience';
import { typeUntil } from './support/phone';
import { takePicture } from './support/screenshots';
import { useWorld } from './support/world';

const world = useWorld({ DEMO: '1' });
/** From the tap on Send to the bubble in the other phone and the tick in this one. */
const WITHIN_MS = 3000;

/** `play` lets the phones hold their dialogue. It would type between the letters of a test that types itself. */
async function openDemo(play: 'play' | 'quiet'): Promise<{ page: Page; left: FrameLocator; right: FrameLocator }> {
  const context = await world.browser.newContext({ viewport: { width: 1280, height: 960 } });
  if (play === 'quiet') {
    await context.addInitScript(() => localStorage.setItem('parley.demo.dialogue-played', 'before'));
  }
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(`${world.server.origin}/`);
  return { page, left: page.frameLocator('iframe').nth(0), right: page.frameLocator('iframe').nth(1) };
}

test('a first visitor sees a chat happen without touching anything', async () => {
  const { page, left, right } = await openDemo('play');
  await left.getByRole('textbox', { name: 'Message' }).waitFor();
  // Watched from inside: nobody types for long, and from here, a slow machine would look too late.
  await left.locator('html').evaluate((html) => {
    new MutationObserver(() => {
      if (html.textContent?.includes('Bo is typing') === true) {
        html.dataset['boWasTyping'] = 'yes';
      }
    }).observe(html, { subtree: true, childList: true, characterData: true });
  });
  await right.locator('#chat_rows').getByText('Kettle is on. Are you coming over?', { exact: true }).waitFor();
  await left.locator('html[data-bo-was-typing]').waitFor();
  await takePicture(page, 'two-phones');
  await page.context().close();
});

test('typing in the left phone shows typing, bubble and tick within 3 seconds', async () => {
  const { page, left, right } = await openDemo('quiet');
  const composer = left.getByRole('textbox', { name: 'Message' });
  await composer.waitFor();
  await right.getByRole('textbox', { name: 'Message' }).waitFor();
  await typeUntil(composer, right.getByText('Ann is typing', { exact: false }));
  const text = 'Hello from the left';
  await composer.fill(text);
  // Timed inside the page: what this process waits for the browser is not the product's time.
  const elapsedMs = await page.evaluate(async (wanted) => {
    const [sender, receiver] = [...document.querySelectorAll('iframe')].map((frame) => frame.contentDocument);
    const startedAtMs = performance.now();
    sender?.querySelector<HTMLElement>('[aria-label="Send"]')?.click();
    while (
      receiver?.body.textContent?.includes(wanted) !== true ||
      ![...(sender?.querySelectorAll('[role="listitem"]') ?? [])].some(
        (row) => row.textContent?.includes(wanted) === true && row.querySelector('[aria-label="Sent"]') !== null,
      )
    ) {
      await new Promise((done) => setTimeout(done, 10));
    }
    return performance.now() - startedAtMs;
  }, text);
  await right.getByText(text, { exact: true }).waitFor();
  await left.getByRole('listitem').filter({ hasText: text }).getByLabel('Sent').waitFor();
  assert.ok(elapsedMs < WITHIN_MS, `bubble and tick within ${WITHIN_MS} ms, took ${Math.round(elapsedMs)} ms`);
  await page.context().close();
});

test('the switches show one phone, a tablet, the dark theme and Chinese', async () => {
  const { page, left } = await openDemo('quiet');
  await left.getByRole('textbox', { name: 'Message' }).waitFor();
  await page.getByRole('button', { name: 'One phone' }).click();
  await page.waitForFunction(() => document.querySelectorAll('iframe').length === 1);
  await page.getByRole('button', { name: 'Tablet' }).click();
  await left.getByRole('textbox', { name: 'Message' }).waitFor();
  await left.getByRole('tab', { name: 'Chats' }).waitFor();
  await page.getByRole('button', { name: '中文' }).click();
  await left.getByRole('textbox', { name: '消息' }).waitFor();
  await page.getByRole('button', { name: 'Dark' }).click();
  await left.getByRole('textbox', { name: '消息' }).waitFor();
  const isDark = await left.locator('body').evaluate((body) => {
    const colours: number[] = [];
    for (
      let el: Element | null = document.elementFromPoint(innerWidth / 2, innerHeight / 2) ?? body;
      el;
      el = el.parentElement
    ) {
      const match = /rgba?\((\d+), (\d+), (\d+)(?:, ([\d.]+))?\)/.exec(getComputedStyle(el).backgroundColor);
      if (match !== null && Number(match[4] ?? 1) > 0.5) {
        colours.push((Number(match[1]) + Number(match[2]) + Number(match[3])) / 3);
      }
    }
    return (colours[0] ?? 255) < 80;
  });
  assert.equal(isDark, true, 'the page behind the chat is dark');
  await page.context().close();
});
