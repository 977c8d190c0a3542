import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { Fixture, act, box, read, settled } from './harness.js';

let fixture: Fixture;
before(async () => {
  fixture = await Fixture.start('navigation.ts');
});
after(async () => {
  await fixture.stop();
});

describe('Navigation', () => {
  test('Auto splits at 600 vp of its own width and tells the mode', async () => {
    const page = await fixture.open('auto', { width: 1000, height: 640 });
    assert.deepEqual(await act(page, 'log'), ['mode 1']);
    assert.equal((await box(page, '#root-body')).width, 300);
    await act(page, 'width', 599);
    assert.deepEqual(await act(page, 'log'), ['mode 0']);
    assert.equal((await box(page, '#root-body')).width, 599);
    await act(page, 'width', 600);
    assert.deepEqual(await act(page, 'log'), ['mode 1']);
    await page.close();
  });

  test('Stack shows the page over everything, with its title bar of 56 vp, and the bar comes back after it', async () => {
    const page = await fixture.open('stack');
    await act(page, 'log');
    await page.locator('#go').click();
    await settled(page);
    assert.deepEqual(await box(page, '#page-a'), { x: 0, y: 0, width: 360, height: 640 });
    assert.equal((await box(page, '#page-a .ark-destination-content')).y, 56);
    const body = await box(page, '#body-a');
    assert.equal(body.y, 56 + 40);
    assert.ok(body.height > 500);
    assert.equal(await page.locator('#go').isVisible(), false);
    await page.getByRole('button', { name: 'Back' }).click();
    await settled(page);
    assert.equal(await page.locator('#go').isVisible(), true);
    const log = (await act(page, 'log')) as string[];
    assert.ok(log.includes('bar false') && log.includes('bar true'), log.join(', '));
    await page.close();
  });

  test('Split keeps the bar beside the page, shows nothing on an empty stack, and no back arrow on the first page', async () => {
    const page = await fixture.open('split', { width: 1000, height: 640 });
    assert.equal(await page.getByRole('region').count(), 0);
    await act(page, 'push', 'a', 1);
    const first = await box(page, '#page-a');
    assert.deepEqual([first.x, first.width], [301, 699]);
    assert.equal(await page.locator('#go').isVisible(), true);
    assert.equal(await page.getByRole('button', { name: 'Back' }).count(), 0);
    await act(page, 'push', 'b', 2);
    assert.equal(await page.getByRole('button', { name: 'Back' }).count(), 1);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    assert.deepEqual(await act(page, 'names'), ['a'], 'back never empties a split view');
    await page.close();
  });

  test('the lifecycle of a page comes in the order of the platform', async () => {
    const page = await fixture.open('stack');
    await act(page, 'log');
    await act(page, 'push', 'a', 1);
    assert.deepEqual(await act(page, 'log'), [
      'a onWillAppear',
      'ready a 1',
      'a onAppear',
      'a onWillShow',
      'a onShown',
      'bar false',
    ]);
    await act(page, 'push', 'b', 2);
    assert.deepEqual(await act(page, 'log'), [
      'b onWillAppear',
      'ready b 2',
      'b onAppear',
      'a onWillHide',
      'b onWillShow',
      'a onHidden',
      'b onShown',
    ]);
    await act(page, 'pop', { ok: 1 });
    assert.deepEqual(await act(page, 'log'), [
      'popped b {"ok":1}',
      'b onWillHide',
      'a onWillShow',
      'b onHidden',
      'a onShown',
      'b onWillDisappear',
      'b onDisAppear',
    ]);
    await page.close();
  });

  test('a page under others lives on with what was typed into it', async () => {
    const page = await fixture.open('stack');
    await act(page, 'push', 'a', 1);
    await page.getByRole('textbox', { name: 'Field a' }).fill('kept');
    await act(page, 'push', 'b', 2);
    assert.equal(await page.getByRole('textbox', { name: 'Field a' }).count(), 0, 'hidden from assistive technology');
    await act(page, 'pop');
    assert.equal(await page.getByRole('textbox', { name: 'Field a' }).inputValue(), 'kept');
    await page.close();
  });

  test('a page lets back pass or uses it up, and a dialog page lets the one below show through', async () => {
    const page = await fixture.open('stack');
    await act(page, 'push', 'locked', 1);
    await page.keyboard.press('Escape');
    await settled(page);
    assert.deepEqual(await act(page, 'names'), ['locked']);
    await act(page, 'push', 'dialog', 1);
    assert.equal(await page.locator('#page-locked').isVisible(), true);
    await page.keyboard.press('Escape');
    await settled(page);
    assert.deepEqual(await act(page, 'names'), ['locked']);
    await page.close();
  });

  test('the browser goes back page by page and then leaves', async () => {
    const page = await fixture.open('stack');
    await act(page, 'push', 'a', 1);
    await act(page, 'push', 'b', 2);
    await page.evaluate(() => history.back());
    await page.waitForFunction(() => document.querySelector('#page-b') === null);
    assert.deepEqual(await act(page, 'names'), ['a']);
    await page.evaluate(() => history.back());
    await page.waitForFunction(() => document.querySelector('#page-a') === null);
    assert.deepEqual(await act(page, 'names'), []);
    await page.close();
  });

  test('names that no builder makes come from the route table', async () => {
    const page = await fixture.open('stack');
    await act(page, 'push', 'route', 7);
    assert.equal(await page.getByRole('region', { name: 'Page route' }).count(), 1);
    assert.equal(await page.getByRole('heading', { name: 'Page route' }).count(), 1);
    await page.close();
  });

  test('replace, hideTitleBar and hideNavBar', async () => {
    const page = await fixture.open('hiddenBar');
    await act(page, 'push', 'a', 1);
    await act(page, 'replace', 'bare');
    assert.deepEqual(await act(page, 'names'), ['bare']);
    assert.equal((await box(page, '#page-bare .ark-destination-content')).y, 0);
    await page.keyboard.press('Escape');
    assert.deepEqual(await act(page, 'names'), ['bare'], 'without a bar there is nothing behind the last page');
    await page.close();
  });

  test('the focus goes into a new page and comes back with the old one', async () => {
    const page = await fixture.open('stack');
    await page.locator('#go').focus();
    await page.keyboard.press('Enter');
    await settled(page);
    assert.equal(await page.evaluate(() => document.activeElement?.classList.contains('ark-nav-page')), true);
    await page.keyboard.press('Escape');
    await settled(page);
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'go');
    await page.close();
  });
});

describe('Tabs', () => {
  test('at the bottom: bar of 56 vp below, one panel shown, the others alive', async () => {
    const page = await fixture.open('bottomTabs');
    assert.deepEqual(await box(page, '.ark-tab-bar'), { x: 0, y: 584, width: 360, height: 56 });
    assert.deepEqual(await box(page, '#content-Chats'), { x: 0, y: 0, width: 360, height: 584 });
    assert.equal(await page.locator('#content-People').isVisible(), false);
    await page.getByRole('tab', { name: 'People!' }).click();
    assert.equal(await page.locator('#content-People').isVisible(), true);
    assert.equal(await page.getByRole('tab', { name: 'People!' }).getAttribute('aria-selected'), 'true');
    assert.equal(await page.getByRole('tabpanel').count(), 1);
    await act(page, 'tab', 2);
    assert.deepEqual(await act(page, 'log'), ['tab 1', 'tab 2']);
    assert.equal(await act(page, 'tabIndex'), 2, 'written back');
    await act(page, 'setTab', 0);
    assert.equal(await page.locator('#content-Chats').isVisible(), true);
    await page.close();
  });

  test('vertical: a rail at the side, walked with the arrows', async () => {
    const page = await fixture.open('railTabs', { width: 800, height: 640 });
    const rail = await box(page, '.ark-tab-bar');
    assert.deepEqual([rail.x, rail.width, rail.height], [0, 56, 640]);
    assert.deepEqual(await box(page, '#content-Chats'), { x: 56, y: 0, width: 744, height: 640 });
    await page.getByRole('tab', { name: 'Chats' }).focus();
    await page.keyboard.press('ArrowDown');
    assert.deepEqual(await act(page, 'log'), ['tab 1']);
    await page.close();
  });
});

describe('toasts and dialogs', () => {
  test('a toast is announced and goes by itself, after its duration', async () => {
    const page = await fixture.openStopped('stack');
    const toast = page.getByRole('status');
    await read(page, 'toast');
    assert.equal(await toast.textContent(), 'Saved');
    await page.clock.runFor(1999);
    assert.equal(await toast.count(), 1);
    await page.clock.runFor(1);
    assert.equal(await toast.count(), 0);
    await page.close();
  });

  test('an alert answers with its button, and with cancel on Escape', async () => {
    const page = await fixture.open('stack');
    await act(page, 'log');
    await act(page, 'alert');
    await page.getByRole('alertdialog', { name: 'Leave?' }).getByRole('button', { name: 'Leave' }).click();
    await act(page, 'alert');
    await page.keyboard.press('Escape');
    assert.deepEqual(await act(page, 'log'), ['leave', 'cancelled']);
    assert.equal(await page.getByRole('alertdialog').count(), 0);
    await page.close();
  });
});
