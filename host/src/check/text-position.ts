import { existsSync, readFileSync } from 'node:fs';

export interface Position {
  readonly line: number;
  readonly column: number;
}

/**
 * Where the first of `needles` stands in a project file that JSON5 has parsed without positions. The start of the file
 * when none is found: a missing key has no place of its own.
 */
export function positionOf(file: string, ...needles: readonly string[]): Position {
  if (existsSync(file)) {
    const text = readFileSync(file, 'utf8');
    for (const needle of needles) {
      const at = needle === '' ? -1 : text.indexOf(needle);
      if (at >= 0) {
        return positionAt(text, at);
      }
    }
  }
  return { line: 1, column: 1 };
}

export function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}
