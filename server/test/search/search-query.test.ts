import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fold, foldWithPlaces } from '../../src/search/fold';
import { SearchQuery } from '../../src/search/search-query';
import { Dice } from '../support/mutations';

/** The found places of the text, as text; null where it is not found. */
function found(query: string, text: string): string[] | null {
  const places = new SearchQuery(query).placesIn(text);
  return places === null ? null : places.map(({ start, end }) => text.slice(start, end));
}

const CASES: [query: string, text: string, places: string[] | null][] = [
  ['tea', 'Tea at four, or ICED TEA', ['Tea', 'TEA']],
  ['four tea', 'Tea at four?', ['Tea', 'four']],
  ['tea six', 'Tea at four?', null],
  ['привет', 'ПРИВЕТ мир', ['ПРИВЕТ']],
  ['елка', 'Наша Ёлка', ['Ёлка']],
  ['ёлка', 'наша елка', ['елка']],
  ['мой', 'мои друзья', null],
  ['мой', 'мои\u0306 друг', ['мои\u0306']],
  ['下午四点', '今天下午四点喝茶', ['下午四点']],
  ['茶', '今天下午四点喝茶', ['茶']],
  ['ชา', 'ดื่มชาสี่โมง', ['ชา']],
  ['สวัสดี', 'สวัสดีครับ', ['สวัสดี']],
  ['cafe', 'Le Café', ['Café']],
  ['CAFÉ', 'le cafe\u0301!', ['cafe\u0301']],
  ['strasse', 'Hauptstraße 9', ['straße']],
  ['οδος', 'ΟΔΟΣ και οδός', ['ΟΔΟΣ', 'οδός']],
  ['abc', 'ＡＢＣ', ['ＡＢＣ']],
  ['fi', 'of\uFB01ce', ['\uFB01']],
  ['🍵', 'Tea 🍵🍵', ['🍵🍵']],
  ['aa', 'aaa aaaa', ['aa', 'aaaa']],
  ['tea eat', 'teat', ['teat']],
  ['tea tea', 'one tea', ['tea']],
  ['"tea"', 'no tea', null],
  ['%', '100 %', ['%']],
  ['_', 'abc', null],
];

describe('a search', () => {
  CASES.forEach(([query, text, places]) => {
    test(`for ${query} in ${text}: ${places?.join(', ') ?? 'not found'}`, () => {
      assert.deepEqual(found(query, text), places);
    });
  });

  test('names at most 16 places', () => {
    assert.equal(found('a', 'a '.repeat(50))?.length, 16);
  });

  test('has no words where there is only white space or accents', () => {
    assert.deepEqual(new SearchQuery(' \n\u3000 \u0301 ').words, []);
  });

  test('sees one character after the other what it sees in the whole text', () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const dice = new Dice(seed);
    const letters = [
      'a',
      'É',
      'ß',
      'Σ',
      'ς',
      ' ',
      'и',
      '\u0306',
      '\u0301',
      'й',
      'Ё',
      '茶',
      'ี',
      'ส',
      '🍵',
      'İ',
      'ﬁ',
      '각',
      '\u200d',
      'Ⅷ',
    ];
    for (let round = 0; round < 3000; round++) {
      const text = Array.from({ length: dice.below(12) }, () => dice.pick(letters)).join('');
      const { folded, starts, ends } = foldWithPlaces(text);
      assert.equal(folded, fold(text), `seed ${seed}: ${JSON.stringify(text)}`);
      assert.deepEqual([starts.length, ends.length], [folded.length, folded.length]);
    }
  });
});
