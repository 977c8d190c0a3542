import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Phone } from './support/phone';
import { meet, useWorld } from './support/world';

const world = useWorld();
const LINES = 18;
/** After so many lines of one side the server is killed, and after so many it is started again. */
const KILL_AFTER = 6;
const LAUNCH_AFTER = 12;

/** The bubbles of the test in the order in which they stand on the page, from top to bottom. */
async function bubbles(phone: Phone): Promise<string[]> {
  return await phone.page.evaluate(() => {
    const found: { y: number; text: string }[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode.textContent?.trim() ?? '';
      const parent = walker.currentNode.parentElement;
      if (/^[ab]\d+$/.test(text) && parent !== null) {
        found.push({ y: parent.getBoundingClientRect().top, text });
      }
    }
    return found.sort((x, y) => x.y - y.y).map((each) => each.text);
  });
}

test('a server killed in mid-traffic loses, doubles and reorders nothing', async () => {
  const left = await world.phone();
  const right = await world.phone();
  // Tall pages, so that every bubble is mounted and can be counted.
  await left.page.setViewportSize({ width: 360, height: 2600 });
  await right.page.setViewportSize({ width: 360, height: 2600 });
  await meet('Crash', [left, 'CrashAnn'], [right, 'CrashBo']);

  const talk = async (phone: Phone, letter: string, afterLine: (count: number) => void): Promise<void> => {
    for (let i = 1; i <= LINES; i++) {
      await phone.send(`${letter}${String(i).padStart(2, '0')}`);
      afterLine(i);
    }
  };
  let server: Promise<unknown> = Promise.resolve();
  const crash = (count: number): void => {
    if (count === KILL_AFTER) {
      server = world.server.end('SIGKILL');
    } else if (count === LAUNCH_AFTER) {
      server = server.then(() => world.server.launch());
    }
  };
  await Promise.all([talk(left, 'a', crash), talk(right, 'b', () => undefined)]);
  await server;

  const all = LINES * 2;
  for (const phone of [left, right]) {
    await phone.page.waitForFunction(
      (count) => new Set(document.body.innerText.match(/^[ab]\d\d$/gm) ?? []).size === count,
      all,
    );
    await phone.page.waitForFunction(
      () => document.querySelector('[aria-label="Sending"], [aria-label="Waiting to be sent"]') === null,
    );
  }
  const seenLeft = await bubbles(left);
  const seenRight = await bubbles(right);
  assert.equal(seenLeft.length, all, 'none doubled on the left');
  assert.equal(seenRight.length, all, 'none doubled on the right');
  assert.deepEqual(seenLeft, seenRight, 'both see one order');
  for (const letter of ['a', 'b']) {
    const own = seenLeft.filter((text) => text.startsWith(letter));
    assert.deepEqual(own, [...own].sort(), `the lines of ${letter} stand in the order in which they were sent`);
  }
});

test('the connection banner appears while the server is away and goes when it is back', async () => {
  const phone = await world.phone();
  await phone.signUp('Banner');
  await world.server.end('SIGKILL');
  await phone.page.getByText('Reconnecting', { exact: false }).waitFor();
  await world.server.launch();
  await phone.page.getByText('Reconnecting', { exact: false }).waitFor({ state: 'detached' });
});

test('Ctrl-C ends the server cleanly', async () => {
  assert.equal(await world.server.end('SIGTERM'), 0);
  await world.server.launch();
});
