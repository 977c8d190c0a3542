import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { contentDisposition, fileNameFrom } from '../../src/files/file-names';

const NAMES: [what: string, header: string | undefined, name: string][] = [
  ['a plain name', 'Tea.jpg', 'Tea.jpg'],
  ['a name in Chinese', '%E8%8C%B6.png', '茶.png'],
  ['a composed letter', 'e%CC%81.txt', 'é.txt'],
  ['none', undefined, 'file'],
  ['an empty one', '', 'file'],
  ['dots alone', '..', 'file'],
  ['a way up', '..%2F..%2Fetc%2Fpasswd', 'passwd'],
  ['a way up as Windows writes it', '..%5C..%5Cboot.ini', 'boot.ini'],
  ['a folder', 'folder%2F', 'file'],
  ['a hidden file', '.htaccess', 'htaccess'],
  ['a line break', 'a%0D%0ASet-Cookie: x.txt', 'aSet-Cookie: x.txt'],
  ['a NUL', 'a.png%00.exe', 'a.png.exe'],
  ['a mark that turns the text around', 'photo%E2%80%AEgpj.exe', 'photogpj.exe'],
  ['spaces around', '%20 a.txt%20', 'a.txt'],
  ['121 letters', `${'n'.repeat(117)}.txt`, `${'n'.repeat(116)}.txt`],
  ['120 letters', `${'n'.repeat(116)}.txt`, `${'n'.repeat(116)}.txt`],
  ['a pair at the cut', `${'n'.repeat(115)}${encodeURIComponent('🍵🍵')}.txt`, `${'n'.repeat(115)}.txt`],
];

describe('the name of a file', () => {
  NAMES.forEach(([what, header, name]) => {
    test(`${what}: "${name.slice(0, 20)}"`, () => {
      assert.equal(fileNameFrom(header), name);
    });
  });

  ['%', '%E8%8C', '%zz', 'a%ED%A0%80'].forEach((header) => {
    test(`${header} is refused`, () => {
      assert.throws(() => fileNameFrom(header), /X-File-Name: expected percent-encoded UTF-8/);
    });
  });
});

describe('Content-Disposition', () => {
  test('has the name for old readers and for new ones', () => {
    assert.equal(
      contentDisposition('Straße (1).png', true),
      'inline; filename="Stra_e (1).png"; filename*=UTF-8\'\'Stra%C3%9Fe%20%281%29.png',
    );
  });

  test('cannot be left by a quotation mark, and holds nothing but printable ASCII', () => {
    const header = contentDisposition('a"; x="b\\c%41\'é🍵.txt', false);
    assert.equal(
      header,
      "attachment; filename=\"a_; x=_b_c_41'___.txt\"; filename*=UTF-8''a%22%3B%20x%3D%22b%5Cc%2541%27%C3%A9%F0%9F%8D%B5.txt",
    );
  });
});
