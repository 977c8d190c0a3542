import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { Fixture, act, box, read } from './harness.js';

const SIZE = { width: 360, height: 640 };
let fixture: Fixture;
before(async () => {
  fixture = await Fixture.start('motion.ts');
});
after(async () => {
  await fixture.stop();
});

/** What the page noted since the last look, but for sizes: they come with the frames, whatever is tested. */
async function logged(page: Page): Promise<string[]> {
  return ((await read(page, 'log')) as string[]).filter((line) => !line.startsWith('size'));
}

/** A page whose clock stands, and the mouse over its component `selector`. */
async function stoppedOver(selector: string): Promise<{ page: Page; x: number; y: number }> {
  const page = await fixture.openStopped('motion');
  const at = await box(page, selector);
  const place = { x: at.x + 5, y: at.y + 5 };
  await page.mouse.move(place.x, place.y);
  await read(page, 'log');
  return { page, ...place };
}

describe('transition', () => {
  test('a component that leaves is gone for the page at once and for the eye after its transition', async () => {
    const page = await fixture.open('motion', SIZE, 'moving');
    const moving = page.locator('#moving');
    // The transitions of this page take an hour: they end when the test says so.
    const finish = (): Promise<void> =>
      moving.evaluate((element) => element.getAnimations().forEach((animation) => animation.finish()));
    await act(page, 'show', true);
    await finish();
    assert.deepEqual(await logged(page), ['done true']);
    await act(page, 'show', false);
    assert.deepEqual(await logged(page), ['gone']);
    assert.equal(await moving.evaluate((element) => (element as HTMLElement).inert), true);
    await finish();
    await moving.waitFor({ state: 'detached' });
    assert.deepEqual(await logged(page), ['done false']);
    await page.close();
  });

  test('under reduced motion nothing moves', async () => {
    const page = await fixture.open('motion', SIZE, 'still');
    await act(page, 'show', true);
    assert.equal(await page.locator('#moving').evaluate((element) => element.getAnimations().length), 0);
    await act(page, 'show', false);
    assert.equal(await page.locator('#moving').count(), 0);
    await page.close();
  });
});

describe('gestures', () => {
  test('a press is long from its duration on, and then it is no click', async () => {
    const { page } = await stoppedOver('#pressed');
    await page.mouse.down();
    await page.clock.runFor(199);
    assert.deepEqual(await logged(page), []);
    await page.clock.runFor(1);
    assert.deepEqual(await logged(page), ['long']);
    await page.mouse.up();
    await page.clock.runFor(1000);
    assert.deepEqual(await logged(page), []);
    await page.close();
  });

  test('a press that ends before is a click, and no long press later', async () => {
    const { page } = await stoppedOver('#pressed');
    await page.mouse.down();
    await page.clock.runFor(199);
    await page.mouse.up();
    assert.deepEqual(await logged(page), ['click']);
    await page.clock.runFor(1000);
    assert.deepEqual(await logged(page), []);
    await page.close();
  });

  test('a press that wanders off is no long press', async () => {
    const { page, x, y } = await stoppedOver('#pressed');
    await page.mouse.down();
    await page.mouse.move(x + 35, y);
    await page.clock.runFor(1000);
    await page.mouse.up();
    assert.deepEqual(await logged(page), ['click']);
    await page.close();
  });

  test('a press that trembles is a long press', async () => {
    const { page, x, y } = await stoppedOver('#pressed');
    await page.mouse.down();
    await page.mouse.move(x + 9, y);
    await page.clock.runFor(200);
    assert.deepEqual(await logged(page), ['long']);
    await page.close();
  });

  test('a double tap is two taps of which the second comes in time', async () => {
    const { page, x, y } = await stoppedOver('#tapped');
    await page.mouse.click(x, y);
    assert.deepEqual(await logged(page), []);
    await page.clock.runFor(500);
    await page.mouse.click(x, y);
    assert.deepEqual(await logged(page), ['double']);
    await page.clock.runFor(1000);
    await page.mouse.click(x, y);
    await page.clock.runFor(501);
    await page.mouse.click(x, y);
    assert.deepEqual(await logged(page), []);
    await page.close();
  });
});

test('a disabled container takes no clicks for what is in it', async () => {
  const page = await fixture.open('motion');
  await read(page, 'log');
  await page.locator('#inside-off').click({ force: true });
  assert.deepEqual(await read(page, 'log'), []);
  await page.close();
});

test('Visibility.None gives up the space, Hidden keeps it', async () => {
  const page = await fixture.open('motion');
  const off = await box(page, '#off');
  assert.equal((await box(page, '#after')).y, off.y + off.height + 20);
  assert.equal(await page.locator('#hidden').isVisible(), false);
  await page.close();
});

test('onSizeChange tells the new size', async () => {
  const page = await fixture.open('motion');
  assert.ok(((await act(page, 'log')) as string[]).includes('size 20'));
  await act(page, 'show', true);
  assert.ok(((await act(page, 'log')) as string[]).includes('size 60'));
  await page.close();
});
