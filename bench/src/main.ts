/** `npm run bench -- realtime [--quick] [--only client,chaos,queue,transports]`. Method and results: docs/bench. */
import { cpus } from 'node:os';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { builtCore, builtPlatform } from '../../host/src/node/node-build';
import { runChaos } from './chaos/run';
import { runClientCpu } from './client-cpu/run';
import { BENCH_DIR, installPeers } from './lib/install';
import { canPin } from './lib/processes';
import { markdownTable, textTable } from './lib/table';
import { runQueue } from './queue/run';
import { plotsOf, type Results, tablesOf, verdictOf, WANTED_LINE } from './report';
import { runTransports } from './transports/run';

const PARTS = ['client', 'chaos', 'queue', 'transports'] as const;
type Part = (typeof PARTS)[number];
const USAGE = `usage: npm run bench -- realtime [--quick] [--only ${PARTS.join(',')}]`;

interface Options {
  readonly isQuick: boolean;
  readonly parts: readonly Part[];
}

/** Null for arguments that nobody can follow. */
function optionsOf(args: readonly string[]): Options | null {
  const [suite, ...rest] = args;
  let isQuick = false;
  let parts: readonly Part[] = PARTS;
  for (let i = 0; i < rest.length; i++) {
    if (rest[i] === '--quick') {
      isQuick = true;
    } else if (rest[i] === '--only') {
      const names = (rest[++i] ?? '').split(',');
      parts = PARTS.filter((part) => names.includes(part));
      if (parts.length !== names.length) {
        return null;
      }
    } else {
      return null;
    }
  }
  return suite === 'realtime' ? { isQuick, parts } : null;
}

async function timed<T>(
  name: Part,
  { parts, isQuick }: Options,
  run: (isQuick: boolean) => Promise<T[]>,
): Promise<T[]> {
  if (!parts.includes(name)) {
    return [];
  }
  const startedAt = Date.now();
  const rows = await run(isQuick);
  console.log(`${name}: ${((Date.now() - startedAt) / 1000).toFixed(0)} s`);
  return rows;
}

/** JSON has no Infinity and no NaN: `never`, and null. */
function plain(_key: string, value: unknown): unknown {
  return value === Infinity ? 'never' : value;
}

/** Only a run of all parts replaces what is there. */
function write({ isQuick, parts }: Options, results: Results): string | null {
  if (parts.length < PARTS.length) {
    return null;
  }
  const dir = resolve(BENCH_DIR, '../docs/bench', isQuick ? 'realtime-quick' : 'realtime');
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  const environment = { node: process.version, cpu: cpus()[0]?.model ?? '', cores: cpus().length, isPinned: canPin };
  const verdict = verdictOf(results);
  writeFileSync(join(dir, 'results.json'), `${JSON.stringify({ environment, verdict, ...results }, plain, 2)}\n`);
  const plots = plotsOf(results);
  plots.forEach((svg, file) => writeFileSync(join(dir, file), svg));
  const page = [
    `# Realtime bench${isQuick ? ', quick' : ''}`,
    '',
    `Written by \`npm run bench -- realtime${isQuick ? ' --quick' : ''}\`; the method is in [../README.md](../README.md).`,
    `Node ${environment.node}, ${environment.cores} cores (${environment.cpu}), processes ${canPin ? 'pinned' : 'not pinned'}.`,
    '',
    ...tablesOf(results).map(markdownTable),
    ...[...plots.keys()].map((file) => `![${file.replace('.svg', '')}](${file})`),
    '',
  ];
  writeFileSync(join(dir, 'README.md'), page.join('\n'));
  return dir;
}

const options = optionsOf(process.argv.slice(2));
if (options === null) {
  console.error(USAGE);
  process.exit(2);
}
installPeers();
await builtCore();
await builtPlatform();
const startedAt = Date.now();
if (!canPin) {
  console.log('Processes are not pinned (no taskset, or one core): expect more noise.');
}
const results: Results = {
  queue: await timed('queue', options, runQueue),
  clientCpu: await timed('client', options, runClientCpu),
  transports: await timed('transports', options, runTransports),
  chaos: await timed('chaos', options, runChaos),
};
tablesOf(results).forEach((table) => console.log(textTable(table)));
const dir = write(options, results);
console.log(`\n${((Date.now() - startedAt) / 1000).toFixed(0)} s in all${dir === null ? '' : `; written to ${dir}`}`);
console.log(WANTED_LINE);
console.log(JSON.stringify(verdictOf(results)));
