import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FrameLocator, Page } from 'playwright-core';
import { SCREENSHOTS } from './support/screenshots';
import { useWorld } from './support/world';

const world = useWorld({ DEMO: '1' });
const WITHIN_MS = 3000;

async function openDemo(path = '/'): Promise<{ page: Page; left: FrameLocator; right: FrameLocator }> {
  const context = await world.browser.newContext({ viewport: { width: 1280, height: 960 } });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  await page.goto(`${world.server.origin}${path}`);
  return { page, left: page.frameLocator('iframe').nth(0), right: page.frameLocator('iframe').nth(1) };
}

test('a first visitor sees a chat happen without touching anything', async () => {
  const { page, left, right } = await openDemo('/?play');
  await right.locator('#chat_rows').getByText('Kettle is on. Are you coming over?', { exact: true }).waitFor();
  await left.getByText('Bo is typing').waitFor();
  await page.waitForTimeout(300); // lets transitions end: a picture, not a condition
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, 'two-phones.png') });
  await page.context().close();
});

test('typing in the left phone shows typing, bubble and tick within 3 seconds', async () => {
  const { page, left, right } = await openDemo();
  await left.getByRole('textbox', { name: 'Message' }).waitFor();
  await right.getByRole('textbox', { name: 'Message' }).waitFor();
  const text = `Hello from the left ${Date.now()}`;
  await left.getByRole('textbox', { name: 'Message' }).pressSequentially(text);
  await right.getByText('Ann is typing', { exact: false }).waitFor({ timeout: WITHIN_MS });
  await left.getByRole('button', { name: 'Send' }).click();
  await right.getByText(text, { exact: true }).waitFor({ timeout: WITHIN_MS });
  await left.getByRole('listitem').filter({ hasText: text }).getByLabel('Sent').waitFor({ timeout: WITHIN_MS });
  await page.context().close();
});

test('the switches show one phone, a tablet, the dark theme and Chinese', async () => {
  const { page, left } = await openDemo();
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
