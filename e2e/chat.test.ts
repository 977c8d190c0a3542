import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Phone } from './support/phone';
import { useWorld } from './support/world';

/** More than one page of history. */
const LINES = 80;

const world = useWorld({ PRESENCE_GRACE_MS: '300' });

async function pair(room: string, ann: string, bo: string): Promise<[Phone, Phone]> {
  const left = await world.phone();
  const right = await world.phone();
  await Promise.all([left.signUp(ann), right.signUp(bo)]);
  await left.createRoom(room);
  await right.joinRoom(room);
  return [left, right];
}

test('two people create and join a room and write to each other', async () => {
  const [left, right] = await pair('Harbour', 'Ann1', 'Bo1');
  await left.page.getByText('Bo1 joined', { exact: true }).waitFor();
  await left.send('Can you hear me?');
  await right.text('Can you hear me?').waitFor();
  await right.send('Loud and clear 🍵');
  await left.text('Loud and clear 🍵').waitFor();
  await left.page.getByLabel('Sent', { exact: true }).first().waitFor();
  assert.equal(await left.text('Can you hear me?').count(), 1, 'the echo makes no second bubble');
});

test('typing appears at the other side and expires by itself', async () => {
  const [left, right] = await pair('Typists', 'Ann2', 'Bo2');
  await left.field('Message').pressSequentially('Hmm');
  await right.page.getByText('Ann2 is typing', { exact: false }).waitFor();
  await right.page.getByText('Ann2 is typing', { exact: false }).waitFor({ state: 'detached', timeout: 9000 });
});

test('typing ends when the message arrives', async () => {
  const [left, right] = await pair('Quick', 'Ann3', 'Bo3');
  await left.field('Message').pressSequentially('Hello');
  await right.page.getByText('Ann3 is typing', { exact: false }).waitFor();
  await left.button('Send').click();
  await right.text('Hello').waitFor();
  await right.page.getByText('Ann3 is typing', { exact: false }).waitFor({ state: 'detached', timeout: 1500 });
});

test('a person who closes the app is shown offline, and online when back', async () => {
  const [left, right] = await pair('Presence', 'Ann4', 'Bo4');
  await left.page.getByRole('button', { name: 'Back' }).click();
  await left.page.getByRole('tab', { name: 'People' }).click();
  const row = left.page.getByRole('listitem').filter({ hasText: 'Bo4' });
  await row.getByText('Online').waitFor();
  await right.page.goto('about:blank');
  await row.getByText('Last seen', { exact: false }).waitFor();
  await right.page.goBack();
  await row.getByText('Online').waitFor();
});

test('history is there after a reload, and older pages come on scrolling up with the anchor kept', async () => {
  const [left, right] = await pair('Archive', 'Ann5', 'Bo5');
  for (let i = 1; i <= LINES; i++) {
    await left.field('Message').fill(`line ${i}`);
    await left.field('Message').press('Enter');
  }
  await right.text(`line ${LINES}`).waitFor({ timeout: 20_000 });
  await right.page.reload();
  await right.page.getByRole('listitem').filter({ hasText: 'Archive' }).click();
  await right.text(`line ${LINES}`).waitFor();
  assert.equal(await right.text('line 1').count(), 0, 'the first page holds the newest lines only');
  const list = right.page.getByRole('list').last();
  for (let i = 0; i < 60 && (await right.text('line 1').count()) === 0; i++) {
    await list.hover();
    await right.page.mouse.wheel(0, -1500);
    await right.page.waitForTimeout(100);
  }
  await right.text('line 1').waitFor();
  await right.button('Jump to latest').click();
  await right.text(`line ${LINES}`).waitFor();
});

test('a long text, a long name and a link-like text stay inside the bubble', async () => {
  const [left, right] = await pair('Wrap', 'A'.repeat(32), 'Bo6');
  const long = 'W'.repeat(400);
  await left.send(long);
  const bubble = right.text(long);
  await bubble.waitFor();
  const box = await bubble.boundingBox();
  assert.ok(box !== null && box.x >= 0 && box.x + box.width <= 360, `bubble ${JSON.stringify(box)} fits 360`);
});

test('a blank message cannot be sent', async () => {
  const [left] = await pair('Blank', 'Ann7', 'Bo7');
  await left.field('Message').fill('   ');
  assert.equal(await left.button('Send').isDisabled(), true);
});

test('Enter sends and Shift+Enter makes a new line', async () => {
  const [left, right] = await pair('Keys', 'Ann8', 'Bo8');
  await left.field('Message').pressSequentially('one');
  await left.field('Message').press('Shift+Enter');
  await left.field('Message').pressSequentially('two');
  await left.field('Message').press('Enter');
  await right.page.getByText(/^one\s*two$/).waitFor();
  assert.equal(await left.field('Message').inputValue(), '');
});
