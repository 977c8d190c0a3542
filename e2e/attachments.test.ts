import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { encodePng } from '../scripts/lib/png';
import type { Phone } from './support/phone';
import { pick, stripes } from './support/pick';
import { takePicture } from './support/screenshots';
import { useWorld } from './support/world';

const TOO_LARGE = 10 * 1024 * 1024 + 1;
/** The start of a PNG without its header: the server knows what it should be, and that it is not. */
const BROKEN_PNG = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), Buffer.alloc(40)]);

const world = useWorld();

/** How wide the picture called `label` really is, once the browser has it. */
async function loadedWidth(phone: Phone, label: string): Promise<number> {
  const image = phone.page.getByLabel(label, { exact: true }).locator('img');
  await image.waitFor();
  return await image.evaluate(async (element) => {
    const picture = element as HTMLImageElement;
    await picture.decode();
    return picture.naturalWidth;
  });
}

/** Keeps every upload of a phone on its way until the answer is called. */
async function holdUploads(phone: Phone): Promise<() => Promise<void>> {
  let release = (): void => undefined;
  const released = new Promise<void>((done) => (release = done));
  await phone.context.route('**/v1/rooms/*/files', async (route) => {
    await released;
    await route.fallback().catch(() => undefined);
  });
  return async () => {
    release();
    await phone.context.unroute('**/v1/rooms/*/files');
  };
}

test('a picture and a file with words come to the other one, who looks at the one and saves the other', async () => {
  const [left, right] = await world.pair('Gallery', 'AnnA', 'BoA', { motion: 'still' });
  await left.field('Message').fill('Look at this');
  const png = encodePng(400, 300, stripes(400, 300));
  await pick(left, 'Photo', [{ name: 'harbour.png', buffer: png }]);
  await right.text('Look at this').waitFor();
  assert.equal(await left.field('Message').inputValue(), '', 'the words went along');
  assert.equal(await loadedWidth(right, 'Photo from AnnA'), 400);
  assert.equal(await loadedWidth(left, 'Photo'), 400);

  await left.field('Message').fill('and read that');
  await pick(left, 'File', [{ name: 'notes on tea.txt', buffer: Buffer.from('Four minutes.') }]);
  await right.text('and read that').waitFor();
  await left.page.getByLabel('Sent', { exact: true }).first().waitFor();
  await takePicture(left.page, 'attachments-sent');
  await takePicture(right.page, 'attachments-received');
  const download = right.page.waitForEvent('download');
  await right.button('Download notes on tea.txt').click();
  const file = await download;
  assert.equal(file.suggestedFilename(), 'notes on tea.txt');
  assert.equal(readFileSync(await file.path(), 'utf8'), 'Four minutes.');

  await right.page.getByLabel('Photo from AnnA', { exact: true }).click();
  const viewer = right.page.getByRole('dialog');
  await viewer.waitFor();
  await takePicture(right.page, 'attachments-viewer');
  const shown = await viewer.getByLabel('Photo from AnnA').boundingBox();
  assert.ok(shown !== null && shown.width === 360 && shown.height === 780, 'the picture has the whole window');
  await viewer.getByRole('button', { name: 'Close' }).click();
  await viewer.waitFor({ state: 'detached' });
  await right.page.getByLabel('Photo from AnnA', { exact: true }).click();
  await viewer.waitFor();
  await right.page.keyboard.press('Escape');
  await viewer.waitFor({ state: 'detached' });
});

test('the list of chats tells of pictures and files', async () => {
  const [left, right] = await world.pair('Signs', 'AnnB', 'BoB');
  await right.button('Back').click();
  const row = right.page.getByRole('listitem').filter({ hasText: 'Signs' });
  await pick(left, 'Photo', [{ name: 'a.png', buffer: encodePng(40, 30, stripes(40, 30)) }]);
  await row.getByText('AnnB: 📷 Photo', { exact: true }).waitFor();
  await pick(left, 'File', [{ name: 'tea.txt', buffer: Buffer.from('tea') }]);
  await row.getByText('AnnB: 📎 tea.txt', { exact: true }).waitFor();
});

test('an upload goes on while its chat is closed, and can be cancelled in the chat', async () => {
  const [left, right] = await world.pair('Patience', 'AnnC', 'BoC');
  const release = await holdUploads(left);
  await pick(left, 'File', [
    { name: 'first.txt', buffer: Buffer.from('first') },
    { name: 'second.txt', buffer: Buffer.from('second') },
  ]);
  await left.text('first.txt').waitFor();
  await left.button('Back').click();
  await left.page.getByRole('listitem').filter({ hasText: 'Patience' }).click();
  await left.text('first.txt').waitFor();
  await left.page
    .getByRole('listitem')
    .filter({ hasText: 'first.txt' })
    .getByRole('button', { name: 'Cancel' })
    .click();
  await left.text('first.txt').waitFor({ state: 'detached' });
  await release();
  await right.text('second.txt').waitFor();
  assert.equal(await right.text('first.txt').count(), 0);
});

test('a file that the server refuses stays as not sent, and can be taken away', async () => {
  const [left] = await world.pair('Refusals', 'AnnD', 'BoD');
  await pick(left, 'File', [{ name: 'broken.png', buffer: BROKEN_PNG }]);
  await left.text('Not sent. Tap for options.').waitFor();
  await left.page.getByText('Photo could not be loaded', { exact: false }).click();
  await left.text('The server did not accept this file.').waitFor();
  await left.button('Delete').click();
  await left.text('Not sent. Tap for options.').waitFor({ state: 'detached' });
});

test('a file that is too large is refused by name, and the others go', async () => {
  const [left, right] = await world.pair('Limits', 'AnnE', 'BoE');
  await left.field('Message').fill('what fits');
  await pick(left, 'File', [
    { name: 'film.mp4', buffer: Buffer.alloc(TOO_LARGE) },
    { name: 'tea.txt', buffer: Buffer.from('tea') },
  ]);
  await left.page.getByText(/film\.mp4.* is larger than 10 MB/).waitFor();
  await left.button('OK').click();
  await right.text('tea.txt').waitFor();
  await right.text('what fits').waitFor();
});
