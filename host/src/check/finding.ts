import path from 'node:path';

/** One mistake. `line` and `column` count from 1. */
export interface Finding {
  /** Absolute while rules run; printed relative to the project. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** `group/name`, stable: tests and people refer to it. */
  readonly rule: string;
  readonly message: string;
  /** What to do about it, as an imperative sentence. Empty when the message says it already. */
  readonly mend: string;
}

export function finding(
  file: string,
  at: { line: number; column: number } | number,
  rule: string,
  message: string,
  mend = '',
): Finding {
  const place = typeof at === 'number' ? { line: at, column: 1 } : at;
  return { file, line: place.line, column: place.column, rule, message, mend };
}

/** The order in which a reader works through them: by file, then downwards. The same finding is kept once. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return [...findings]
    .sort(
      (a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column || a.rule.localeCompare(b.rule),
    )
    .filter((one) => {
      const key = `${one.file}:${one.line}:${one.column} ${one.rule} ${one.message}`;
      return seen.size !== seen.add(key).size;
    });
}

export function formatFinding(root: string, one: Finding): string {
  const mend = one.mend === '' ? '' : `\n    ${one.mend}`;
  return `${path.relative(root, one.file)}:${one.line}:${one.column} ${one.rule} ${one.message}${mend}`;
}
