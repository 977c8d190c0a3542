import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { Fixture, act, box } from './harness.js';

let fixture: Fixture;
before(async () => {
  fixture = await Fixture.start('layout.ts');
});
after(async () => {
  await fixture.stop();
});

const right = (found: { x: number; width: number }): number => found.x + found.width;
const bottom = (found: { y: number; height: number }): number => found.y + found.height;

describe('Column and Row', () => {
  test('a column centres on the cross axis, starts at the top, and gives the rest to the weighted child', async () => {
    const page = await fixture.open('column');
    assert.deepEqual(await box(page, '#a'), { x: 130, y: 0, width: 100, height: 40 });
    assert.deepEqual(await box(page, '#b'), { x: 90, y: 50, width: 180, height: 40 });
    assert.deepEqual(await box(page, '#weighted'), { x: 0, y: 100, width: 360, height: 510 });
    assert.deepEqual(await box(page, '#last'), { x: 150, y: 620, width: 60, height: 20 });
    await page.close();
  });

  test('children with a size are never shrunk and may be larger than the parent', async () => {
    const page = await fixture.open('shrink');
    assert.deepEqual(await box(page, '#a'), { x: -25, y: 0, width: 250, height: 80 });
    assert.deepEqual(await box(page, '#b'), { x: 50, y: 80, width: 100, height: 80 });
    await page.close();
  });

  test('SpaceBetween ignores space', async () => {
    const page = await fixture.open('between');
    assert.equal((await box(page, '#a')).x, 0);
    assert.deepEqual(await box(page, '#b'), { x: 125, y: 20, width: 50, height: 20 });
    assert.deepEqual(await box(page, '#c'), { x: 250, y: 10, width: 50, height: 40 });
    await page.close();
  });

  test('a row with a weighted child takes all of the width, and the text in it wraps', async () => {
    const page = await fixture.open('row');
    const row = await box(page, '#row');
    assert.equal(row.width, 360);
    const grow = await box(page, '#grow');
    assert.equal(grow.x, 48);
    assert.equal(grow.width, 360 - 32 - 24 - 40 - 16);
    assert.ok(grow.height > 40, `text wraps: ${grow.height}`);
    assert.equal(right(await box(page, '#end')), 344);
    assert.equal(right(await box(page, '#right')), right(await box(page, '#blankRow')));
    await page.close();
  });

  test('a text beside others is measured with the whole width and overflows the row', async () => {
    const page = await fixture.open('row');
    assert.equal((await box(page, '#wide')).width, 200);
    assert.equal(right(await box(page, '#wide')), right(await box(page, '#overflowing')) + 100);
    await page.close();
  });
});

test('a stack puts its children in the middle, alignContent elsewhere, position from its corner', async () => {
  const page = await fixture.open('stack');
  assert.deepEqual(await box(page, '#centre'), { x: 75, y: 40, width: 50, height: 20 });
  assert.deepEqual(await box(page, '#corner'), { x: 180, y: 90, width: 20, height: 10 });
  assert.deepEqual(await box(page, '#placed'), { x: 5, y: 7, width: 10, height: 10 });
  await page.close();
});

test('a text keeps to maxLines, is as wide as its words, and stands in the middle of its height', async () => {
  const page = await fixture.open('text');
  const one = await box(page, '#one');
  assert.equal(one.width, 200);
  assert.equal(one.height, 20);
  assert.equal((await box(page, '#two')).height, 40);
  const short = await box(page, '#short');
  assert.ok(short.width < 40 && short.height === 20, `${short.width} × ${short.height}`);
  const tall = await box(page, '#tall');
  const run = await box(page, '#tall > span');
  assert.equal(run.y + run.height / 2, tall.y + tall.height / 2);
  assert.equal(await page.getByRole('img', { name: 'unread' }).count(), 1);
  await page.close();
});

test('a text of several lines is as wide as the longest of them, and again so in another width', async () => {
  const page = await fixture.open('text');
  // The first line without the space at which it broke: the width of the same words alone.
  const words = await page.locator('#wrapped > span').evaluate((run) => {
    const text = run.firstChild as Text;
    const range = document.createRange();
    range.setStart(text, 0);
    range.setEnd(text, text.data.indexOf(' '));
    return range.getBoundingClientRect().width;
  });
  const width = (await box(page, '#wrapped')).width;
  assert.ok(width < 190, `narrower than the room of 200: ${width}`);
  assert.equal(width, Math.ceil(words));
  assert.ok((await box(page, '#ragged')).width < 180);
  assert.equal((await box(page, '#tall')).width, 100, 'a given width stays');
  await page.close();
});

test('a list item is as wide as the list and centres its child; it stays a list item when it is clickable', async () => {
  const page = await fixture.open('listItem');
  assert.deepEqual(await box(page, '#item'), { x: 0, y: 0, width: 300, height: 60 });
  assert.deepEqual(await box(page, '#child'), { x: 100, y: 20, width: 100, height: 20 });
  assert.deepEqual(await box(page, '#second'), { x: 0, y: 72, width: 300, height: 48 });
  assert.equal((await box(page, '#full')).width, 300);
  assert.equal(await page.getByRole('list').getByRole('listitem').count(), 2);
  await page.locator('#item').getByRole('button').press('Enter');
  assert.deepEqual(await act(page, 'log'), ['item']);
  await page.close();
});

describe('controls', () => {
  test('have the sizes of the system', async () => {
    const page = await fixture.open('controls');
    const send = await box(page, '#send');
    assert.equal(send.height, 40);
    assert.ok(send.width > 60 && send.width < 90, String(send.width));
    assert.equal((await box(page, '#round')).width, 48);
    const inside = await box(page, '#inside');
    const round = await box(page, '#round');
    assert.equal(inside.x - round.x, 12);
    assert.deepEqual([(await box(page, '#switch')).width, (await box(page, '#switch')).height], [36, 20]);
    const line = await box(page, '#line');
    assert.deepEqual([line.width, line.height], [360, 0.5]);
    assert.deepEqual([(await box(page, '#circle')).width, (await box(page, '#circle')).height], [12, 12]);
    assert.equal(await page.locator('#badge .ark-badge-mark').textContent(), '99+');
    await page.close();
  });

  test('only the innermost listener hears a click, and none of a disabled one', async () => {
    const page = await fixture.open('controls');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('button', { name: 'Open' }).press('Space');
    await page.locator('#off').click({ force: true });
    assert.deepEqual(await act(page, 'log'), ['send', 'row']);
    await page.close();
  });

  test('a toggle writes back through its two-way binding and tells it once', async () => {
    const page = await fixture.open('controls');
    const toggle = page.getByRole('switch');
    assert.equal(await toggle.getAttribute('aria-checked'), 'false');
    await toggle.click();
    assert.equal(await toggle.getAttribute('aria-checked'), 'true');
    assert.deepEqual(await act(page, 'log'), ['on true']);
    assert.equal(((await act(page, 'state')) as { isOn: boolean }).isOn, true);
    await page.close();
  });

  test('stateStyles hold while pressed and no longer', async () => {
    const page = await fixture.open('controls');
    const colour = (): Promise<string> =>
      page.locator('#styled').evaluate((element) => getComputedStyle(element).backgroundColor);
    assert.equal(await colour(), 'rgb(255, 255, 255)');
    const styled = await box(page, '#styled');
    await page.mouse.move(styled.x + 5, styled.y + 5);
    await page.mouse.down();
    await act(page, 'log');
    assert.equal(await colour(), 'rgb(255, 0, 0)');
    await page.mouse.up();
    await act(page, 'log');
    assert.equal(await colour(), 'rgb(255, 255, 255)');
    await page.close();
  });

  test('progress tells how much is done, as a ring from the top on and as a bar from the left on', async () => {
    const page = await fixture.open('controls');
    const drawn = (id: string): Promise<string> =>
      page.locator(id).evaluate((element) => getComputedStyle(element, '::before').backgroundImage);
    assert.equal(await page.locator('#ring[role=progressbar]').getAttribute('aria-valuenow'), '30');
    assert.equal(await page.locator('#ring').getAttribute('aria-valuemax'), '120');
    assert.equal(await drawn('#ring'), 'conic-gradient(rgb(0, 0, 255) 90deg, rgb(0, 255, 0) 0deg)');
    assert.match(await drawn('#bar'), /^linear-gradient\(.*rgb\(0, 0, 255\) 25%, rgb\(0, 255, 0\) 0/);
    assert.deepEqual([(await box(page, '#ring')).width, (await box(page, '#ring')).height], [40, 40]);
    await page.close();
  });

  test('a picture without a name is hidden from assistive technology', async () => {
    const page = await fixture.open('controls');
    assert.equal(await page.locator('#image').getAttribute('aria-hidden'), 'true');
    assert.equal(await page.getByRole('img').count(), 0);
    await page.close();
  });
});

describe('inputs', () => {
  test('are named by their placeholder or accessibilityText and fill the width', async () => {
    const page = await fixture.open('inputs');
    assert.deepEqual(await box(page, '#name'), { x: 16, y: 16, width: 328, height: 40 });
    assert.equal(await page.getByRole('textbox', { name: 'User name' }).count(), 1);
    assert.equal(await page.getByRole('textbox', { name: 'Message' }).count(), 1);
    await page.close();
  });

  test('what is typed goes to onChange and back through the binding; Enter submits and ends editing', async () => {
    const page = await fixture.open('inputs');
    const name = page.getByRole('textbox', { name: 'User name' });
    await name.pressSequentially('an');
    await name.press('Enter');
    assert.deepEqual(await act(page, 'log'), ['change a', 'change an', 'submit 6']);
    assert.equal(await page.locator('#live').textContent(), 'an');
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'BODY');
    await act(page, 'setName', 'bo');
    assert.equal(await name.inputValue(), 'bo');
    await page.close();
  });

  test('a password is hidden until its eye is pressed', async () => {
    const page = await fixture.open('inputs');
    const field = page.locator('#password input');
    assert.equal(await field.getAttribute('type'), 'password');
    await page.getByRole('button', { name: 'Show password' }).click();
    assert.equal(await field.getAttribute('type'), 'text');
    await page.close();
  });

  test('a text area grows with its text up to maxLines, sends on Enter, breaks on Shift+Enter, and keeps the focus', async () => {
    const page = await fixture.open('inputs');
    const area = page.getByRole('textbox', { name: 'Message' });
    assert.equal((await box(page, '#message')).height, 40);
    await area.pressSequentially('a');
    await area.press('Shift+Enter');
    await area.pressSequentially('b');
    assert.equal(await area.inputValue(), 'a\nb');
    assert.equal((await box(page, '#message')).height, 56);
    await area.fill('1\n2\n3\n4\n5');
    assert.equal((await box(page, '#message')).height, 76);
    await act(page, 'log');
    await area.press('Enter');
    assert.deepEqual(await act(page, 'log'), ['send', 'key 2054']);
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'TEXTAREA');
    await page.close();
  });

  test('Enter that ends a composition does not send', async () => {
    const page = await fixture.open('inputs');
    await page.locator('#message textarea').evaluate((field) => {
      field.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'Enter', code: 'Enter', isComposing: true, bubbles: true }),
      );
    });
    assert.deepEqual(await act(page, 'log'), []);
    await page.close();
  });
});

describe('sheets and menus', () => {
  for (const [width, kind] of [
    [360, 'bottom'],
    [700, 'center'],
    [1000, 'popup'],
  ] as const) {
    test(`at ${width} vp a sheet is of the kind ${kind}`, async () => {
      const page = await fixture.open('overlays', { width, height: 640 });
      await page.locator('#open').click();
      await act(page, 'log');
      assert.equal(await page.locator('dialog').getAttribute('data-sheet'), kind);
      const sheet = await box(page, 'dialog');
      if (kind === 'bottom') {
        assert.equal(sheet.width, 360);
        assert.equal(bottom(sheet), 640);
      } else if (kind === 'center') {
        assert.equal(sheet.x + sheet.width / 2, 350);
        assert.ok(Math.abs(sheet.y + sheet.height / 2 - 320) < 1);
      }
      await page.close();
    });
  }

  test('a sheet is a named modal dialog, takes the focus and gives it back; Escape closes it and writes back', async () => {
    const page = await fixture.open('overlays');
    await page.locator('#open').click();
    await act(page, 'log');
    const dialog = page.getByRole('dialog', { name: 'New room' });
    assert.equal(await dialog.getAttribute('aria-modal'), 'true');
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'inside-sheet');
    await page.keyboard.press('Escape');
    assert.deepEqual(await act(page, 'log'), ['gone']);
    assert.equal(await dialog.count(), 0);
    assert.equal(((await act(page, 'state')) as { isOpen: boolean }).isOpen, false);
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'open');
    await page.close();
  });

  test('the scrim closes a sheet, its inside does not', async () => {
    const page = await fixture.open('overlays');
    await page.locator('#open').click();
    await act(page, 'log');
    await page.locator('#sheet-content').click({ position: { x: 5, y: 190 } });
    assert.equal(await page.getByRole('dialog').count(), 1);
    await page.mouse.click(100, 20);
    assert.deepEqual(await act(page, 'log'), ['gone']);
    await page.close();
  });

  test('a content cover is as large as the window; Escape closes it and writes back', async () => {
    const page = await fixture.open('overlays', { width: 700, height: 640 });
    await page.locator('#cover').click();
    await act(page, 'log');
    const cover = await box(page, '#cover-content');
    assert.deepEqual([cover.x, cover.y, cover.width, cover.height], [0, 0, 700, 640]);
    assert.equal(await page.getByRole('dialog').getAttribute('aria-modal'), 'true');
    await page.keyboard.press('Escape');
    assert.deepEqual(await act(page, 'log'), ['uncovered']);
    assert.equal(await page.getByRole('dialog').count(), 0);
    assert.equal(((await act(page, 'state')) as { isCovered: boolean }).isCovered, false);
    await page.close();
  });

  test('a menu opens on a click, is walked with the arrows, and closes after the choice', async () => {
    const page = await fixture.open('overlays');
    await page.locator('#more').click();
    await page.getByRole('menu').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    assert.deepEqual(await act(page, 'log'), ['second']);
    assert.equal(await page.getByRole('menu').count(), 0);
    await page.close();
  });
});
