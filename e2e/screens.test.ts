import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Phone } from './support/phone';
import { SCREENSHOTS } from './support/screenshots';
import { useWorld } from './support/world';

const world = useWorld({ DEMO: '1' });
mkdirSync(SCREENSHOTS, { recursive: true });

async function shot(phone: Phone, name: string): Promise<void> {
  await phone.page.waitForTimeout(400); // lets transitions end: a picture, not a condition
  await phone.page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
}

test('the phone shows one pane: list, then chat, then back', async () => {
  const phone = await world.phone();
  await shot(phone, 'sign-in');
  await phone.signIn('Ann', 'parley-demo');
  const room = phone.page.getByRole('listitem').filter({ hasText: 'Tea room' });
  await room.waitFor();
  await shot(phone, 'conversations');
  await room.click();
  await phone.field('Message').waitFor();
  await shot(phone, 'chat');
  const composer = await phone.field('Message').boundingBox();
  assert.ok(
    composer !== null && composer.y > 600 && composer.y + composer.height <= 780,
    'the composer stands at the foot',
  );
  await phone.button('Back').click();
  await phone.page.getByRole('tab', { name: 'People' }).click();
  await phone.page.getByRole('listitem').filter({ hasText: 'Bo' }).waitFor();
  await shot(phone, 'people');
  await phone.page.getByRole('tab', { name: 'Settings' }).click();
  await phone.button('Sign out').waitFor();
  await shot(phone, 'settings');
});

test('the tablet shows list and chat side by side', async () => {
  const tablet = await world.phone({ device: 'tablet' });
  await tablet.signIn('Ann', 'parley-demo');
  const room = tablet.page.getByRole('listitem').filter({ hasText: 'Tea room' });
  await room.click();
  const composer = await tablet.field('Message').boundingBox();
  const row = await room.boundingBox();
  assert.ok(row !== null && composer !== null);
  assert.ok(
    row.x + row.width <= composer.x,
    `the list (to ${row.x + row.width}) stands left of the chat (from ${composer.x})`,
  );
  await shot(tablet, 'tablet');
  await tablet.page.setViewportSize({ width: 420, height: 780 });
  await tablet.field('Message').waitFor();
  await room.waitFor({ state: 'hidden' });
});

test('the dark theme keeps text readable', async () => {
  const phone = await world.phone({ colorMode: 'dark' });
  await phone.signIn('Bo', 'parley-demo');
  const room = phone.page.getByRole('listitem').filter({ hasText: 'Tea room' });
  await room.waitFor();
  await shot(phone, 'conversations-dark');
  await room.click();
  await phone.field('Message').waitFor();
  await shot(phone, 'chat-dark');
});

test('the Chinese pages speak Chinese, dates included', async () => {
  const phone = await world.phone({ locale: 'zh-CN' });
  await phone.page.getByRole('button', { name: '登录', exact: true }).waitFor();
  await phone.page.getByRole('textbox', { name: '用户名' }).fill('Ann');
  await phone.page.getByRole('textbox', { name: '密码' }).fill('parley-demo');
  await phone.page.getByRole('button', { name: '登录', exact: true }).click();
  const room = phone.page.getByRole('listitem').filter({ hasText: '设计评审' });
  await room.waitFor();
  await shot(phone, 'conversations-zh');
  await room.click();
  await phone.page.getByRole('textbox', { name: '消息' }).waitFor();
  await shot(phone, 'chat-zh');
  assert.equal(await phone.page.getByText('Today').count(), 0);
});
