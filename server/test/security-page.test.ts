import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import ts from 'typescript';

const PAGE = readFileSync(new URL('../../docs/SECURITY.md', import.meta.url), 'utf8');

/** Every text in the code of a file: names of tests, and of the rows that tests are made of. Parts of templates for themselves. */
function textsIn(path: string): string[] {
  const source = readFileSync(new URL(path, import.meta.url), 'utf8');
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) {
      texts.push(node.text.trim());
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, source, ts.ScriptTarget.Latest));
  return texts;
}

const ROWS = PAGE.split('\n')
  .filter((line) => line.startsWith('|') && !/^\| (threat|---)/.test(line) && !line.startsWith('|---'))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, threat = '', stops = '', shown = '']) => ({ threat, stops, shown }));

describe('docs/SECURITY.md', () => {
  test('has a threat table worth the name', () => {
    assert.ok(ROWS.length > 25);
    ROWS.forEach(({ threat, stops }) => assert.ok(threat !== '' && stops !== '', threat));
  });

  ROWS.forEach(({ threat, shown }) => {
    test(`names tests that exist: ${threat}`, () => {
      const named = [...shown.matchAll(/`([\w./-]+\.ts)` "([^"]+)"/g)];
      assert.ok(named.length > 0, 'names no test');
      named.forEach(([, file = '', name = '']) => {
        const texts = textsIn(file);
        assert.ok(
          texts.some((text) => text === name || (name.length >= 20 && text.endsWith(name))),
          `${file} has no ${JSON.stringify(name)}`,
        );
      });
    });
  });
});
