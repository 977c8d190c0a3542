import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SearchQuery } from '../../src/search/search-query';
import type { Store } from '../../src/store/store';
import { message } from './log-commands';

/** What every store promises about its search. Ann, Bo and Cy are there. */
export function searchContract(store: () => Store, room: (members: string[]) => Promise<string>): void {
  test('finds messages of the own rooms only, by parts of words in any script, the newest first', async () => {
    const own = await room(['u_ann']);
    const others = await room(['u_bo']);
    const texts = [
      'Grüner Tee um vier',
      '100%_sicher',
      'ชาเขียวหนึ่งถ้วย',
      '会議は緑茶の後',
      'grüner TEE um fünf',
      'Kaffee',
      'Laufwerk C:\\ ist voll',
    ];
    await store().commit(texts.map((text, i) => message(own, 'u_ann', `c_find_${i}`, text)));
    await store().commit([message(others, 'u_bo', 'c_find_0', 'Grüner Tee geheim')]);
    const find = async (words: string): Promise<string[] | undefined> =>
      (await store().search('u_ann', new SearchQuery(words), null, 50))?.hits.map(({ event }) => event.text);
    assert.deepEqual(await find('GRUNER tee'), ['grüner TEE um fünf', 'Grüner Tee um vier']);
    assert.deepEqual(await find('0%_s'), ['100%_sicher']);
    assert.deepEqual(await find('0%_x'), []);
    assert.deepEqual(await find('c:\\ voll'), ['Laufwerk C:\\ ist voll']);
    assert.deepEqual(await find('เขียว'), ['ชาเขียวหนึ่งถ้วย']);
    assert.deepEqual(await find('緑茶'), ['会議は緑茶の後']);
    assert.deepEqual(await find('um fün grü tee ner TEE'), ['grüner TEE um fünf']);
    assert.deepEqual(await find('geheim'), []);
  });

  test('goes on with a search where a page ended, and knows no position in rooms of others', async () => {
    const own = await room(['u_cy']);
    const others = await room(['u_bo']);
    await store().commit(Array.from({ length: 7 }, (_, i) => message(own, 'u_cy', `c_page_${i}`, `lemonade ${i}`)));
    const seen: string[] = [];
    for (let before: { roomId: string; seq: number } | null = null; ;) {
      const page: Awaited<ReturnType<Store['search']>> = await store().search(
        'u_cy',
        new SearchQuery('lemonade'),
        before,
        3,
      );
      seen.push(...(page?.hits.map(({ event }) => event.text) ?? []));
      before = page?.next ?? null;
      if (before === null) {
        break;
      }
    }
    assert.deepEqual(
      seen,
      [6, 5, 4, 3, 2, 1, 0].map((i) => `lemonade ${i}`),
    );
    assert.equal(await store().search('u_cy', new SearchQuery('lemonade'), { roomId: others, seq: 1 }, 3), null);
  });
}
