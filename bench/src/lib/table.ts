/** A table for the terminal, and the same one for a Markdown page. */
export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** One sentence below the table: what counts as what. */
  readonly note: string;
}

/** The first column left, the others right. */
export function textTable({ title, head, rows, note }: Table): string {
  const lines = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  const print = (line: readonly string[]): string =>
    widths
      .map((width, column) => {
        const cell = line[column] ?? '';
        return column === 0 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ');
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  return ['', title, '', print(head), rule, ...rows.map(print), '', note].join('\n');
}

export function markdownTable({ title, head, rows, note }: Table): string {
  const print = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = print(head.map((_, column) => (column === 0 ? '---' : '---:')));
  return [`## ${title}`, '', print(head), rule, ...rows.map(print), '', note, ''].join('\n');
}

/** Three significant digits, never in powers of ten; `never` for what did not happen in finite time, `–` for no figure. */
export function figure(value: number): string {
  if (Number.isNaN(value)) {
    return '–';
  }
  if (!Number.isFinite(value)) {
    return 'never';
  }
  const magnitude = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
  return value.toFixed(Math.max(0, 2 - magnitude));
}

/** Never rounded up to 100 %. */
export function percent(share: number): string {
  const floored = Math.floor(share * 10_000) / 100;
  return Number.isNaN(share) ? '–' : `${share === 1 ? 100 : floored} %`;
}
