import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { BENCH_DIR } from './install';
import type { Options } from './options';
import { canPin } from './processes';
import type { Report, Suite } from './suite';
import { markdownTable } from './table';

/** JSON has no Infinity and no NaN: `never`, and null. */
function plain(_key: string, value: unknown): unknown {
  return value === Infinity ? 'never' : value;
}

/** Tables, plots and figures below docs/bench; returns where. Only a run of all parts replaces what is there: else null. */
export function writeResults({ suite, order }: Options<Suite>, report: Report): string | null {
  if (order.parts.length < suite.parts.length) {
    return null;
  }
  const dir = resolve(BENCH_DIR, '../docs/bench', order.isQuick ? `${suite.name}-quick` : suite.name);
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  const environment = { node: process.version, cpu: cpus()[0]?.model ?? '', cores: cpus().length, isPinned: canPin };
  const { verdict, results, plots, tables } = report;
  writeFileSync(join(dir, 'results.json'), `${JSON.stringify({ environment, verdict, ...results }, plain, 2)}\n`);
  plots.forEach((svg, file) => writeFileSync(join(dir, file), svg));
  const page = [
    `# ${suite.title}${order.isQuick ? ', quick' : ''}`,
    '',
    `Written by \`npm run bench -- ${suite.name}${order.isQuick ? ' --quick' : ''}\`; the method is in [../README.md](../README.md).`,
    `Node ${environment.node}, ${environment.cores} cores (${environment.cpu}), processes ${canPin ? 'pinned' : 'not pinned'}.`,
    '',
    ...tables.map(markdownTable),
    ...[...plots.keys()].map((file) => `![${file.replace('.svg', '')}](${file})`),
    '',
  ];
  writeFileSync(join(dir, 'README.md'), page.join('\n'));
  return dir;
}
