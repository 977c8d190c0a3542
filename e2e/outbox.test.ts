import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OfflineSwitch } from './support/offline';
import type { Phone } from './support/phone';
import { meet, useWorld } from './support/world';

const LINES = ['wrote one', 'wrote two', 'wrote three', 'wrote four', 'wrote five'];

const MARKS = ['Waiting to be sent', 'Sending', 'Sent', 'Not sent'];

const world = useWorld();

async function pair(room: string): Promise<[Phone, Phone, OfflineSwitch]> {
  const left = await world.phone();
  const right = await world.phone();
  const line = await OfflineSwitch.of(left);
  // Tall pages, so that every bubble is mounted and can be counted.
  await left.page.setViewportSize({ width: 360, height: 1600 });
  await right.page.setViewportSize({ width: 360, height: 1600 });
  await meet(room, [left, `${room}Ann`], [right, `${room}Bo`]);
  await left.page.getByText(`${room}Bo joined`, { exact: true }).waitFor();
  return [left, right, line];
}

async function writeOffline(phone: Phone, line: OfflineSwitch): Promise<void> {
  await line.cut();
  await phone.page.getByText('Reconnecting', { exact: false }).last().waitFor();
  for (const text of LINES) {
    await phone.send(text);
  }
}

/** The test's messages from top to bottom. */
async function lines(phone: Phone): Promise<string[]> {
  const texts = await phone.page.getByText(/^wrote \w+$/).all();
  const found = await Promise.all(
    texts.map(async (one) => ({ text: await one.innerText(), y: (await one.boundingBox())?.y ?? 0 })),
  );
  return found.sort((a, b) => a.y - b.y).map((one) => one.text);
}

/** Waits until the own messages have come so far: written in a row, they have one mark, below the last of them. */
async function marked(phone: Phone, label: string): Promise<void> {
  await phone.page.waitForFunction(
    ({ wanted, all }) =>
      [...document.querySelectorAll('[aria-label]')]
        .map((element) => element.getAttribute('aria-label') ?? '')
        .filter((found) => all.includes(found))
        .join() === wanted,
    { wanted: label, all: MARKS },
  );
}

/** Waits until the app's database holds `text`: what it holds outlives the page. */
async function stored(phone: Phone, text: string): Promise<void> {
  await phone.page.waitForFunction(async (wanted) => {
    const names = (await indexedDB.databases()).map((one) => one.name ?? '');
    const name = names.find((one) => one.includes('relationalStore'));
    if (name === undefined) {
      return false;
    }
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(name);
      request.onsuccess = (): void => resolve(request.result);
      request.onerror = (): void => reject(request.error ?? new Error(name));
    });
    const images = await new Promise<Uint8Array[]>((resolve, reject) => {
      const request = database.transaction('images').objectStore('images').getAll();
      request.onsuccess = (): void => resolve(request.result as Uint8Array[]);
      request.onerror = (): void => reject(request.error ?? new Error(name));
    });
    database.close();
    return images.some((image) => new TextDecoder().decode(image).includes(wanted));
  }, text);
}

test('messages written without a connection outlive the app, and arrive once and in order', async () => {
  const [left, right, line] = await pair('Outlive');
  await writeOffline(left, line);
  assert.deepEqual(await lines(left), LINES);
  await marked(left, 'Waiting to be sent');
  await stored(left, LINES.at(-1) ?? '');
  await left.page.reload();
  await left.page.getByRole('tab', { name: 'Chats' }).waitFor();
  assert.deepEqual(await lines(right), []);

  line.restore();
  await right.text(LINES.at(-1) ?? '').waitFor({ timeout: 30_000 });
  assert.deepEqual(await lines(right), LINES);
  await left.page.getByRole('listitem').filter({ hasText: 'Outlive' }).click();
  await left.text(LINES.at(-1) ?? '').waitFor();
  assert.deepEqual(await lines(left), LINES);
  await marked(left, 'Sent');

  await left.send('wrote six');
  await right.text('wrote six').waitFor();
  await left.page.reload();
  await left.page.getByRole('listitem').filter({ hasText: 'Outlive' }).click();
  await left.text('wrote six').waitFor();
  assert.deepEqual(await lines(right), [...LINES, 'wrote six'], 'the next start sends nothing again');
});

test('an app whose database cannot be opened connects and sends all the same', async () => {
  const left = await world.phone();
  await left.context.route('**/sqlite/**', (route) => route.abort());
  await left.page.reload();
  await left.signUp('NoStore');
  await left.createRoom('Stateless');
  await left.send('wrote anyway');
  await left.page.getByLabel('Sent', { exact: true }).waitFor();
});

test('signing out says that it drops unsent messages, and does', async () => {
  const [left, right, line] = await pair('Dropped');
  await writeOffline(left, line);
  await stored(left, LINES.at(-1) ?? '');
  await left.page.getByRole('button', { name: 'Back' }).click();
  await left.page.getByRole('tab', { name: 'Settings' }).click();
  await left.button('Sign out').click();
  const dialog = left.page.getByRole('alertdialog');
  await dialog.getByText('Messages that were not sent yet are deleted.', { exact: false }).waitFor();
  await dialog.getByRole('button', { name: 'Sign out' }).click();
  await left.button('Sign in').waitFor();
  line.restore();
  await left.signIn('DroppedAnn');
  await left.page.getByRole('listitem').filter({ hasText: 'Dropped' }).click();
  await left.send('wrote anew');
  await right.text('wrote anew').waitFor();
  assert.deepEqual(await lines(right), ['wrote anew']);
  assert.deepEqual(await lines(left), ['wrote anew']);
});
