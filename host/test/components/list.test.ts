import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { Fixture, act, box, read, settled } from './harness.js';

type DomRow = [id: number, top: number, height: number];
const SPACE = 4;
const VIEWPORT = 540;
const heightOf = (id: number): number => 40 + (((id % 5) + 5) % 5) * 15;

let fixture: Fixture;
before(async () => {
  fixture = await Fixture.start('list.ts');
});
after(async () => {
  await fixture.stop();
});

/** The rows as they stand now: a row that is out of place for the moment is seen, too. */
const dom = async (page: Page): Promise<DomRow[]> => (await read(page, 'dom')) as DomRow[];
const visible = (rows: DomRow[]): DomRow[] =>
  rows.filter(([, top, height]) => top + height > 0.5 && top < VIEWPORT - 0.5);

/** No hole, no overlap, right order, and the viewport is covered. */
function assertWhole(rows: DomRow[], ids: readonly number[]): void {
  const first = rows[0];
  assert.ok(first !== undefined, 'rows are mounted');
  const from = ids.indexOf(first[0]);
  rows.forEach(([id, top, height], at) => {
    assert.equal(id, ids[from + at], `row ${at} of the window`);
    const next = rows[at + 1];
    if (next !== undefined) {
      assert.ok(
        Math.abs(top + height + SPACE - next[1]) < 0.1,
        `row ${id} ends at ${top + height}, next starts at ${next[1]}`,
      );
    }
  });
  const last = rows.at(-1) as DomRow;
  const coversTop = first[1] <= 0.5 || from === 0;
  const coversEnd = last[1] + last[2] >= VIEWPORT - 0.5 || last[0] === ids.at(-1);
  assert.ok(coversTop && coversEnd, `window from ${first[1]} to ${last[1] + last[2]}`);
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_item, index) => index);

test('of 10,000 rows only the visible and cachedCount on each side are mounted', async () => {
  const page = await fixture.open('many');
  const rows = await dom(page);
  assert.equal((await box(page, '#list')).height, VIEWPORT);
  assertWhole(rows, upTo(10_000));
  assert.equal(rows.length, visible(rows).length + 3);
  assert.equal(await read(page, 'mounted'), rows.length);
  await act(page, 'toIndex', 5000, 0);
  const middle = await dom(page);
  assert.equal(middle.length, visible(middle).length + 6);
  assert.equal(await read(page, 'mounted'), middle.length, 'rows that left have disappeared');
  assertWhole(middle, upTo(10_000));
  await page.close();
});

test('scrollToIndex puts its row at the start, in the middle or at the end, however far it is', async () => {
  const page = await fixture.open('many');
  for (const [index, align, expected] of [
    [7001, 0, 0],
    [12, 0, 0],
    [9000, 1, (VIEWPORT - heightOf(9000)) / 2],
    [333, 2, VIEWPORT - heightOf(333)],
  ] as const) {
    await act(page, 'toIndex', index, align);
    const row = (await dom(page)).find(([id]) => id === index);
    assert.ok(
      row !== undefined && Math.abs(row[1] - expected) < 1,
      `row ${index} at ${row?.[1]}, expected ${expected}`,
    );
  }
  await act(page, 'toIndex', 100, 0);
  await act(page, 'scrollBy', 30);
  const before = await dom(page);
  await act(page, 'toIndex', 102, 3);
  assert.deepEqual(await dom(page), before, 'AUTO leaves a row where it is when it is visible');
  await page.close();
});

test('scrollEdge reaches the very end and the very start', async () => {
  const page = await fixture.open('many');
  await act(page, 'edge', 2);
  const end = await dom(page);
  const last = end.at(-1) as DomRow;
  assert.equal(last[0], 9999);
  assert.ok(Math.abs(last[1] + last[2] - VIEWPORT) < 1, `ends at ${last[1] + last[2]}`);
  assert.equal(await read(page, 'isAtEnd'), true);
  assert.deepEqual(await read(page, 'log'), ['start', 'end']);
  await act(page, 'edge', 0);
  const start = await dom(page);
  assert.deepEqual(start[0], [0, 0, 40]);
  assert.equal(await read(page, 'offset'), 0);
  await page.close();
});

test('wherever the reader scrolls, fast or slowly, the rows are whole and the last one can be reached', async () => {
  const page = await fixture.open('many');
  const all = upTo(10_000);
  const list = page.locator('#list');
  for (const share of [0.3, 0.9, 0.1, 0.55, 0.999, 0.002]) {
    await list.evaluate((element, at) => {
      element.scrollTop = element.scrollHeight * at;
    }, share);
    await settled(page);
    assertWhole(await dom(page), all);
  }
  await page.mouse.move(100, 300);
  for (let turn = 0; turn < 30; turn++) {
    await page.mouse.wheel(0, 900);
    assertWhole(await dom(page), all);
  }
  for (let turn = 0; turn < 60; turn++) {
    await page.mouse.wheel(0, -900);
  }
  // A wheel returns before the page has scrolled.
  await page.waitForFunction(() => document.getElementById('list')?.scrollTop === 0);
  await settled(page);
  const rows = await dom(page);
  assertWhole(rows, all);
  assert.deepEqual(rows[0], [0, 0, 40], 'the way up ends at the top of the first row');
  await page.close();
});

test('scrolling one way in small steps moves every row by just these steps', async () => {
  const page = await fixture.open('keeping');
  await act(page, 'toIndex', 150, 0);
  let before = new Map((await dom(page)).map(([id, top]) => [id, top]));
  for (let step = 0; step < 40; step++) {
    await act(page, 'scrollBy', -37);
    const rows = await dom(page);
    for (const [id, top] of rows) {
      const old = before.get(id);
      assert.ok(
        old === undefined || Math.abs(top - old - 37) < 1.01,
        `step ${step}: row ${id} moved by ${top - (old ?? 0)}`,
      );
    }
    before = new Map(rows.map(([id, top]) => [id, top]));
  }
  await page.close();
});

describe('maintainVisibleContentPosition', () => {
  test('rows added above leave what is visible exactly where it is', async () => {
    const page = await fixture.open('keeping');
    await act(page, 'scrollBy', 13);
    const before = visible(await dom(page));
    await act(page, 'prepend', 20);
    assert.deepEqual(visible(await dom(page)), before);
    assertWhole(await dom(page), [...upTo(20).map((at) => at - 20), ...upTo(200)]);
    await page.close();
  });

  test('rows added at the top of a list that stands at the top leave it where it is, too', async () => {
    const page = await fixture.open('keepingTop');
    const before = visible(await dom(page));
    await act(page, 'prepend', 30);
    const now = visible(await dom(page));
    now.forEach(([id, top], at) => {
      assert.equal(id, before[at]?.[0]);
      assert.ok(Math.abs(top - (before[at]?.[1] ?? 0)) < 1, `row ${id} moved to ${top}`);
    });
    await page.close();
  });

  test('without it the place in the list is kept, and other rows are seen there', async () => {
    const page = await fixture.open('shifting');
    assert.equal(visible(await dom(page))[0]?.[0], 100);
    await act(page, 'prepend', 20);
    assert.equal(visible(await dom(page))[0]?.[0], 80);
    await page.close();
  });

  test('rows removed above leave what is visible where it is', async () => {
    const page = await fixture.open('keeping');
    await act(page, 'scrollBy', 13);
    const before = visible(await dom(page));
    await act(page, 'remove', 3);
    await act(page, 'remove', 95);
    assert.deepEqual(visible(await dom(page)), before);
    await page.close();
  });

  test('a row that grows above the viewport pushes nothing', async () => {
    const page = await fixture.open('keeping');
    const before = visible(await dom(page));
    await act(page, 'grow', 98);
    await settled(page);
    assert.deepEqual(visible(await dom(page)), before);
    await page.close();
  });
});

test('a row added at the end and followed is fully visible', async () => {
  const page = await fixture.open('keeping');
  await act(page, 'edge', 2);
  await act(page, 'appendAndFollow');
  const last = (await dom(page)).at(-1) as DomRow;
  assert.equal(last[0], 200);
  assert.ok(Math.abs(last[1] + last[2] - VIEWPORT) < 1);
  await page.close();
});

test('a row added at the end moves nobody who reads further up', async () => {
  const page = await fixture.open('keeping');
  const before = await dom(page);
  await act(page, 'append', 5);
  assert.deepEqual(await dom(page), before);
  await page.close();
});

test('add, delete, move, change and a data set change end in the rows of the source', async () => {
  const page = await fixture.open('few');
  const ids = async (): Promise<number[]> => (await dom(page)).map(([id]) => id);
  await act(page, 'append', 2);
  assert.deepEqual(await ids(), [0, 1, 2, 3, 4]);
  await act(page, 'remove', 1);
  assert.deepEqual(await ids(), [0, 2, 3, 4]);
  await act(page, 'move', 0, 2);
  assert.deepEqual(await ids(), [2, 3, 0, 4]);
  await act(page, 'replace', 1, 77);
  assert.deepEqual(await ids(), [2, 77, 0, 4]);
  await act(
    page,
    'dataset',
    [50, 2, 77, 4, 51],
    [
      { type: 'add', index: 0 },
      { type: 'delete', index: 2 },
      { type: 'add', index: 4 },
    ],
  );
  assert.deepEqual(await ids(), [50, 2, 77, 4, 51]);
  await act(page, 'reload', [4, 50, 99]);
  assert.deepEqual(await ids(), [4, 50, 99]);
  assertWhole(await dom(page), [4, 50, 99]);
  await act(page, 'reload', []);
  assert.deepEqual(await ids(), []);
  assert.equal(await read(page, 'mounted'), 0);
  await page.close();
});

test('several changes told within one frame lead to the same rows as one after another', async () => {
  const page = await fixture.open('few');
  const ids = async (): Promise<number[]> => (await dom(page)).map(([id]) => id);
  await act(page, 'burst');
  assert.deepEqual(await ids(), [-2, -1, 0, 70, 71]);
  assertWhole(await dom(page), [-2, -1, 0, 70, 71]);
  assert.equal(await read(page, 'mounted'), 5);
  await act(page, 'reloadAndAppend');
  assert.deepEqual(await ids(), [8, 9, 10]);
  await page.close();
});

test('a row that stays keeps its element and focus when rows come and go around it', async () => {
  const page = await fixture.open('keeping');
  await page.locator('#row-103').evaluate((element) => {
    (element as HTMLElement).tabIndex = 0;
    (element as HTMLElement).focus();
  });
  await act(page, 'scrollBy', -400);
  await act(page, 'scrollBy', 500);
  await act(page, 'prepend', 5);
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'row-103');
  await page.close();
});

test('a row whose key stays keeps its element through a reload', async () => {
  const page = await fixture.open('few');
  await page.locator('#row-1').evaluate((element) => {
    (element as HTMLElement & { mark?: string }).mark = 'same';
  });
  await act(page, 'reload', [5, 1, 0]);
  assert.equal(
    await page.locator('#row-1').evaluate((element) => (element as HTMLElement & { mark?: string }).mark),
    'same',
  );
  await page.close();
});

test('an empty list shows the first rows that come', async () => {
  const page = await fixture.open('empty');
  await act(page, 'append', 3);
  assert.deepEqual(await dom(page), [
    [0, 0, 40],
    [1, 44, 55],
    [2, 103, 70],
  ]);
  await page.close();
});

test('onScrollIndex counts every item, onReachStart and onReachEnd come once per arrival', async () => {
  const page = await fixture.open('headed');
  assert.deepEqual(await read(page, 'log'), ['start']);
  assert.equal(((await read(page, 'range')) as number[])[0], 0);
  await act(page, 'toIndex', 51, 0);
  assert.equal(((await read(page, 'range')) as number[])[0], 51);
  assert.equal(visible(await dom(page))[0]?.[0], 50);
  await act(page, 'edge', 2);
  await act(page, 'edge', 2);
  await act(page, 'edge', 0);
  assert.deepEqual(await read(page, 'log'), ['end', 'start']);
  assert.equal(await page.locator('#header').evaluate((element) => element.getBoundingClientRect().top), 40);
  await page.close();
});
