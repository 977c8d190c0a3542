import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Phone } from './support/phone';
import { useWorld } from './support/world';

/** More than one page of history. */
const LINES = 80;
/** Of the wheel; far more than the way up takes. */
const MAX_TURNS = 5000;

const world = useWorld({ PRESENCE_GRACE_MS: '300' });

/**
 * Watches for `text` on the page from now on. The answer, once it is there: whether `beside` was shown with it in its first
 * frame. Watched from inside the page: from here, a slow machine would look later.
 */
async function watchFor(phone: Phone, text: string, beside: string): Promise<() => Promise<boolean>> {
  const seen = await phone.page.evaluateHandle(
    ([wanted, other]) => {
      const appeared: { beside: boolean | null } = { beside: null };
      new MutationObserver((_changes, observer) => {
        if (document.body.innerText.split('\n').includes(wanted)) {
          observer.disconnect();
          // What counts is what is drawn: rows stand in the document before the frame that brings the rest of the update.
          requestAnimationFrame(() =>
            requestAnimationFrame(() => {
              appeared.beside = document.body.innerText.includes(other);
            }),
          );
        }
      }).observe(document.body, { subtree: true, childList: true, characterData: true });
      return appeared;
    },
    [text, beside] as const,
  );
  return async () => {
    await phone.page.waitForFunction((appeared) => appeared.beside !== null, seen);
    return (await seen.jsonValue()).beside === true;
  };
}

test('two people create and join a room and write to each other', async () => {
  const [left, right] = await world.pair('Harbour', 'Ann1', 'Bo1');
  await left.page.getByText('Bo1 joined', { exact: true }).waitFor();
  await left.send('Can you hear me?');
  await right.text('Can you hear me?').waitFor();
  await right.send('Loud and clear 🍵');
  await left.text('Loud and clear 🍵').waitFor();
  await left.page.getByLabel('Sent', { exact: true }).first().waitFor();
  assert.equal(await left.text('Can you hear me?').count(), 1, 'the echo makes no second bubble');
});

test('typing appears at the other side and expires by itself', async () => {
  const [left, right] = await world.pair('Typists', 'Ann2', 'Bo2');
  const typing = right.page.getByText('Ann2 is typing', { exact: false });
  await left.typeUntil(typing);
  await typing.waitFor({ state: 'detached' });
});

test('typing ends when the message arrives', async () => {
  const [left, right] = await world.pair('Quick', 'Ann3', 'Bo3');
  await left.typeUntil(right.page.getByText('Ann3 is typing', { exact: false }));
  await left.field('Message').fill('Hello');
  const wasTypingShownBeside = await watchFor(right, 'Hello', 'is typing');
  await left.button('Send').click();
  assert.equal(await wasTypingShownBeside(), false);
});

test('a person who closes the app is shown offline, and online when back', async () => {
  const [left, right] = await world.pair('Presence', 'Ann4', 'Bo4');
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
  const [left, right] = await world.pair('Archive', 'Ann5', 'Bo5');
  for (let i = 1; i <= LINES; i++) {
    await left.field('Message').fill(`line ${i}`);
    await left.field('Message').press('Enter');
  }
  await right.text(`line ${LINES}`).waitFor();
  await right.page.reload();
  await right.page.getByRole('listitem').filter({ hasText: 'Archive' }).click();
  await right.text(`line ${LINES}`).waitFor();
  assert.equal(await right.text('line 1').count(), 0, 'the first page holds the newest lines only');
  await right.page.getByRole('list').last().hover();
  const first = right.text('line 1');
  // However long the pages take, the reader scrolls on until the first line is there.
  for (let turns = 0; turns < MAX_TURNS && (await first.count()) === 0; turns++) {
    await right.page.mouse.wheel(0, -1500);
  }
  await first.waitFor();
  await right.button('Jump to latest').click();
  await right.text(`line ${LINES}`).waitFor();
});

test('a long text, a long name and a link-like text stay inside the bubble', async () => {
  const [left, right] = await world.pair('Wrap', 'A'.repeat(32), 'Bo6', { motion: 'still' });
  const long = 'W'.repeat(400);
  await left.send(long);
  const bubble = right.text(long);
  await bubble.waitFor();
  const box = await bubble.boundingBox();
  assert.ok(box !== null && box.x >= 0 && box.x + box.width <= 360, `bubble ${JSON.stringify(box)} fits 360`);
});

test('a blank message cannot be sent', async () => {
  const [left] = await world.pair('Blank', 'Ann7', 'Bo7');
  const send = (disabled: boolean): Promise<void> =>
    left.page.getByRole('button', { name: 'Send', exact: true, disabled }).waitFor();
  await left.field('Message').fill('x');
  await send(false);
  await left.field('Message').fill('   ');
  await send(true);
});

test('Enter sends and Shift+Enter makes a new line', async () => {
  const [left, right] = await world.pair('Keys', 'Ann8', 'Bo8');
  await left.field('Message').pressSequentially('one');
  await left.field('Message').press('Shift+Enter');
  await left.field('Message').pressSequentially('two');
  await left.field('Message').press('Enter');
  await right.page.getByText(/^one\s*two$/).waitFor();
  await left.page.waitForFunction(() => document.querySelector('textarea')?.value === '');
});
