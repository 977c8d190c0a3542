import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { Fixture, act, box } from './harness.js';

const SIZE = { width: 360, height: 640 };
let fixture: Fixture;
before(async () => {
  fixture = await Fixture.start('motion.ts');
});
after(async () => {
  await fixture.stop();
});

describe('transition', () => {
  test('a component that leaves is gone for the page at once and for the eye after its transition', async () => {
    const page = await fixture.open('motion', SIZE, 'moving');
    await act(page, 'show', true);
    await page.waitForFunction(() => document.querySelector('#moving')?.getAnimations().length === 0);
    await act(page, 'log');
    // Watched from inside the page: from here, a busy machine could look when the transition is over.
    const wasInert = await page.locator('#moving').evaluateHandle((element) => {
      const seen = { inert: false };
      new MutationObserver(() => {
        seen.inert ||= (element as HTMLElement).inert && element.isConnected;
      }).observe(element, { attributes: true, attributeFilter: ['inert'] });
      return seen;
    });
    await act(page, 'show', false);
    assert.ok(((await act(page, 'log')) as string[]).includes('gone'));
    await page.waitForFunction(() => document.querySelector('#moving') === null);
    assert.deepEqual(await wasInert.jsonValue(), { inert: true });
    assert.deepEqual(await act(page, 'log'), ['done false']);
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
  test('a long press is no click, and a short one is no long press', async () => {
    const page = await fixture.open('motion');
    await page.locator('#pressed').click();
    assert.deepEqual(
      ((await act(page, 'log')) as string[]).filter((line) => !line.startsWith('size')),
      ['click'],
    );
    await page.locator('#pressed').click({ delay: 300 });
    assert.deepEqual(await act(page, 'log'), ['long']);
    await page.close();
  });

  test('a press that wanders off is no long press', async () => {
    const page = await fixture.open('motion');
    const at = await box(page, '#pressed');
    await act(page, 'log');
    await page.mouse.move(at.x + 5, at.y + 5);
    await page.mouse.down();
    await page.mouse.move(at.x + 40, at.y + 5);
    await page.waitForTimeout(300);
    await page.mouse.up();
    assert.deepEqual(await act(page, 'log'), ['click']);
    await page.close();
  });

  test('a double tap needs two taps', async () => {
    const page = await fixture.open('motion');
    await act(page, 'log');
    await page.locator('#tapped').dblclick();
    assert.deepEqual(await act(page, 'log'), ['double']);
    await page.close();
  });
});

test('a disabled container takes no clicks for what is in it', async () => {
  const page = await fixture.open('motion');
  await act(page, 'log');
  await page.locator('#inside-off').click({ force: true });
  assert.deepEqual(await act(page, 'log'), []);
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
