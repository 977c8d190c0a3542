import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OfflineSwitch } from './support/offline';
import type { Phone } from './support/phone';
import { takePicture } from './support/screenshots';
import { useWorld } from './support/world';

/** More than one page of history, so that the first message is not there when the chat is opened. */
const LINES = 70;
/** Of the wheel; far more than the way down takes. */
const MAX_TURNS = 5000;
const NARROW = { width: 320, height: 640 };

const world = useWorld();

async function say(phone: Phone, ...lines: readonly string[]): Promise<void> {
  for (const line of lines) {
    await phone.field('Message').fill(line);
    await phone.field('Message').press('Enter');
  }
  await phone.text(lines.at(-1) ?? '').waitFor();
}

/** Rows that the search found, chats not among them. */
function found(phone: Phone, text: string | RegExp): ReturnType<Phone['button']> {
  return phone.page.getByRole('listitem').filter({ hasText: text }).getByRole('button');
}

test('the search finds chats by name and messages by words, and leads to a message far up', async () => {
  const phone = await world.phone({ motion: 'still' });
  await phone.signUp('Ann');
  await phone.createRoom('Teapots');
  await say(phone, 'The kettle is older than the house 🍵');
  await say(phone, ...Array.from({ length: LINES }, (_none, i) => `line ${i}`));
  await phone.button('Back').click();
  await phone.createRoom('Garden');
  await say(phone, '今天下午四点喝茶');
  await phone.button('Back').click();

  await phone.field('Search').fill('kettle');
  const hit = found(phone, 'The kettle is older');
  await hit.waitFor();
  assert.equal(await phone.button('New chat').count(), 0, 'the title makes room for what was found');
  await takePicture(phone.page, 'search');
  await hit.click();
  const message = phone.text('The kettle is older than the house 🍵');
  await message.waitFor();
  const box = await message.boundingBox();
  assert.ok(box !== null && box.y > 56 && box.y + box.height < 700, `the message is in sight: ${JSON.stringify(box)}`);
  await takePicture(phone.page, 'search-message');
  await phone.button('Back').click();
  await hit.waitFor();

  await phone.field('Search').fill('喝茶');
  await found(phone, '今天下午四点').waitFor();
  await phone.field('Search').fill('🍵');
  await found(phone, 'than the house 🍵').waitFor();

  await phone.field('Search').fill('garden');
  await phone.text('No messages found.').waitFor();
  await found(phone, '今天下午四点').waitFor(); // the room's own row
  await phone.field('Search').fill('nowhere to be found');
  await phone.page.getByText('No chat and no message holds “nowhere to be found”.').waitFor();
  await takePicture(phone.page, 'search-nothing');
  await phone.page.setViewportSize(NARROW);
  await phone.field('Search').fill('line');
  await found(phone, 'line 69').waitFor();
  await takePicture(phone.page, 'search-narrow');
  const last = found(phone, /You: line 0$/);
  await phone.page.getByRole('list').last().hover();
  for (let turns = 0; turns < MAX_TURNS && (await last.count()) === 0; turns++) {
    await phone.page.mouse.wheel(0, 400);
  }
  await last.waitFor(); // on the fourth page
  await phone.button('Clear search').click();
  await phone.field('Search').press('Escape');
  await phone.text('Chats').first().waitFor();
  await phone.button('Close search').waitFor({ state: 'detached' });
});

test('the list is where it was when the search is left', async () => {
  const phone = await world.phone({ motion: 'still' });
  await phone.signUp('Bo');
  await phone.page.setViewportSize({ width: 360, height: 420 });
  for (let i = 0; i < 6; i++) {
    await phone.createRoom(`Shelf ${i}`);
    await phone.button('Back').click();
  }
  const oldest = phone.text('Shelf 0');
  await oldest.scrollIntoViewIfNeeded();
  const before = await oldest.boundingBox();
  await phone.field('Search').fill('shelf');
  await phone.text('No messages found.').waitFor();
  await phone.button('Close search').click();
  await phone.text('Chats').first().waitFor();
  assert.deepEqual(await oldest.boundingBox(), before);
});

test('beside an open chat a found message of the same chat is shown at once', async () => {
  const tablet = await world.phone({ device: 'tablet', motion: 'still' });
  await tablet.signUp('Cy');
  await tablet.createRoom('Library');
  await say(tablet, 'a rare word: quixotic');
  await say(tablet, ...Array.from({ length: LINES }, (_none, i) => `page ${i}`));
  await tablet.field('Search').fill('quixotic');
  await found(tablet, 'a rare word').click();
  const message = tablet.text('a rare word: quixotic');
  await message.waitFor();
  await takePicture(tablet.page, 'search-tablet');
  await tablet.button('Jump to latest').click();
  await tablet.text(`page ${LINES - 1}`).waitFor();
});

test('offline the search says so, and goes on by itself', async () => {
  const phone = await world.phone({ colorMode: 'dark' });
  const line = await OfflineSwitch.of(phone);
  await phone.signUp('Di');
  await phone.createRoom('Cellar');
  await say(phone, 'the wine is down here');
  await phone.button('Back').click();
  await line.cut();
  await phone.field('Search').fill('wine is');
  await phone.page.getByText('You are offline', { exact: false }).waitFor();
  await takePicture(phone.page, 'search-offline-dark');
  line.restore();
  await found(phone, 'the wine is down here').waitFor();
  await takePicture(phone.page, 'search-dark');
});
