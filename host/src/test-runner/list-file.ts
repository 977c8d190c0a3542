import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** Test files in the folder of `listFile` and below that it does not import: they would never run on any tool chain. */
export function unlistedTests(listFile: string): string[] {
  const dir = path.dirname(listFile);
  const text = readFileSync(listFile, 'utf8');
  const imported = new Set(
    [...text.matchAll(/^import\s+\w+\s+from\s+'([^']+)'/gm)].map((match) => path.resolve(dir, `${match[1] ?? ''}.ets`)),
  );
  return testFilesBelow(dir).filter((file) => file !== listFile && !imported.has(file));
}

/** List.test.ets itself included. */
export function testFilesBelow(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ets'))
    .map((name) => path.join(dir, name))
    .sort();
}
