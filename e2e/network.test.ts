import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Locator } from 'playwright-core';
import type { Phone } from './support/phone';
import { takePicture } from './support/screenshots';
import { useWorld } from './support/world';

const world = useWorld({ DEMO: '1' });

/** The row of the card that holds `title`. */
function row(phone: Phone, title: string | RegExp, value: string | RegExp): Locator {
  const label = phone.page.getByText(title, { exact: typeof title === 'string' });
  return label.locator('xpath=../..').getByText(value, { exact: typeof value === 'string' });
}

async function openNetwork(phone: Phone): Promise<void> {
  await phone.page.getByRole('tab', { name: 'Settings' }).click();
  await phone.button('Network').click();
  await phone.button('Check the connection').waitFor();
}

test('the network page tells state, transport and round trip, and follows a break', async () => {
  const phone = await world.phone();
  await phone.signIn('Ann', 'parley-demo');
  await openNetwork(phone);
  await row(phone, 'State', 'Connected').first().waitFor();
  await row(phone, 'Transport', 'WebSocket').first().waitFor();
  await phone.button('Check the connection').click();
  await row(phone, 'Round trip', /^\d+ ms$/).waitFor();
  await row(phone, 'Quality', 'Good').first().waitFor();
  await takePicture(phone.page, 'network');
  await phone.context.setOffline(true);
  await row(phone, 'State', 'Reconnecting').first().waitFor();
  await phone.context.setOffline(false);
  await row(phone, 'State', 'Connected').first().waitFor();
  await row(phone, 'Reconnects', '1').waitFor();
  await phone.button('Back').click();
  await phone.page.getByRole('tab', { name: 'Settings' }).waitFor();
  assert.equal(await phone.button('Check the connection').count(), 0);
});

test('the network page shows the requests beside the connection, as they come', async () => {
  const phone = await world.phone();
  await phone.signIn('Ann', 'parley-demo');
  await phone.page.getByRole('listitem').filter({ hasText: 'Tea room' }).click();
  await phone.field('Message').waitFor();
  await phone.button('Back').click();
  await openNetwork(phone);
  const requests = phone.page.getByText('Last requests', { exact: true });
  await requests.scrollIntoViewIfNeeded();
  await row(phone, 'POST /v1/auth/sign-in', '200').waitFor();
  await row(phone, /^GET \/v1\/rooms\/[^/?]+\/events$/, '200').waitFor();
  await row(phone, 'High', '0 running, 0 waiting').waitFor();
  await row(phone, new URL(world.server.origin).host, /\d+ new, \d+ reused$/).waitFor();
  await row(phone, 'Misses', /^[1-9]\d*$/).waitFor();
  assert.equal(await phone.page.getByText(/parley-demo|limit=/).count(), 0);
});

test('on a tablet the network page stands beside the settings, and a chat takes its place', async () => {
  const tablet = await world.phone({ device: 'tablet' });
  await tablet.signIn('Bo', 'parley-demo');
  await openNetwork(tablet);
  assert.ok(await tablet.page.getByRole('tab', { name: 'Settings' }).isVisible());
  await tablet.page.getByRole('tab', { name: 'Chats' }).click();
  await tablet.page.getByRole('listitem').filter({ hasText: 'Tea room' }).click();
  await tablet.field('Message').waitFor();
  assert.equal(await tablet.button('Check the connection').count(), 0);
});
