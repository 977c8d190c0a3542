import assert from 'node:assert/strict';
import { test } from 'node:test';
import { takePicture } from './support/screenshots';
import { useWorld } from './support/world';

const world = useWorld({ DEMO: '1' });

test('the phone shows one pane: list, then chat, then back', async () => {
  const phone = await world.phone({ motion: 'still' });
  await takePicture(phone.page, 'sign-in');
  await phone.signIn('Ann', 'parley-demo');
  const room = phone.page.getByRole('listitem').filter({ hasText: 'Tea room' });
  await room.waitFor();
  await takePicture(phone.page, 'conversations');
  await room.click();
  await phone.field('Message').waitFor();
  await takePicture(phone.page, 'chat');
  const composer = await phone.field('Message').boundingBox();
  assert.ok(
    composer !== null && composer.y > 600 && composer.y + composer.height <= 780,
    'the composer stands at the foot',
  );
  await phone.button('Back').click();
  await phone.page.getByRole('tab', { name: 'People' }).click();
  await phone.page.getByRole('listitem').filter({ hasText: 'Bo' }).waitFor();
  await takePicture(phone.page, 'people');
  await phone.page.getByRole('tab', { name: 'Settings' }).click();
  await phone.button('Sign out').waitFor();
  await takePicture(phone.page, 'settings');
});

test('the tablet shows list and chat side by side', async () => {
  const tablet = await world.phone({ device: 'tablet', motion: 'still' });
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
  await takePicture(tablet.page, 'tablet');
  await tablet.page.setViewportSize({ width: 420, height: 780 });
  await tablet.field('Message').waitFor();
  await room.waitFor({ state: 'hidden' });
});

test('the dark theme keeps text readable', async () => {
  const phone = await world.phone({ colorMode: 'dark' });
  await phone.signIn('Bo', 'parley-demo');
  const room = phone.page.getByRole('listitem').filter({ hasText: 'Tea room' });
  await room.waitFor();
  await takePicture(phone.page, 'conversations-dark');
  await room.click();
  await phone.field('Message').waitFor();
  await takePicture(phone.page, 'chat-dark');
});

test('the Chinese pages speak Chinese, dates included', async () => {
  const phone = await world.phone({ locale: 'zh-CN' });
  await phone.page.getByRole('button', { name: '登录', exact: true }).waitFor();
  await phone.page.getByRole('textbox', { name: '用户名' }).fill('Ann');
  await phone.page.getByRole('textbox', { name: '密码' }).fill('parley-demo');
  await phone.page.getByRole('button', { name: '登录', exact: true }).click();
  const room = phone.page.getByRole('listitem').filter({ hasText: '设计评审' });
  await room.waitFor();
  await takePicture(phone.page, 'conversations-zh');
  await room.click();
  await phone.page.getByRole('textbox', { name: '消息' }).waitFor();
  await takePicture(phone.page, 'chat-zh');
  assert.equal(await phone.page.getByText('Today').count(), 0);
});
