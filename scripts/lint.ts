/** Layout (prettier), lint (eslint) and types (tsc) of the Node sources. The `.ets` files are `npm run check`'s. */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { writeDeclarations } from '../host/src/node/declarations';
import { ROOT } from './lib/install.mjs';

interface Tool {
  readonly name: string;
  readonly args: readonly string[];
  readonly mend: string;
}

/** The slowest first, so that no core waits for it at the end. */
const TOOLS: readonly Tool[] = [
  { name: 'eslint', args: ['node_modules/eslint/bin/eslint.js', '--max-warnings=0', '.'], mend: 'npx eslint --fix .' },
  { name: 'tsc tools', args: ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.tools.json'], mend: '' },
  { name: 'tsc server', args: ['node_modules/typescript/bin/tsc', '-p', 'server'], mend: '' },
  {
    name: 'prettier',
    args: ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.'],
    mend: 'npx prettier --write .',
  },
];

/** Whether the tool has nothing to say. Its output is kept together: another one runs at the same time. */
async function passes(tool: Tool): Promise<boolean> {
  const child = spawn(process.execPath, tool.args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => output.push(chunk));
  }
  const code = await new Promise<number | null>((done, fail) => child.on('error', fail).on('close', done));
  process.stdout.write(Buffer.concat(output));
  if (code !== 0) {
    console.log(`FAILED ${tool.name}${tool.mend === '' ? '' : ` (to mend: ${tool.mend})`}`);
  }
  return code === 0;
}

let failed = 0;
const waiting = [...TOOLS];
async function work(): Promise<void> {
  for (let tool = waiting.shift(); tool !== undefined; tool = waiting.shift()) {
    failed += (await passes(tool)) ? 0 : 1;
  }
}
// What imports ArkTS modules needs their declarations, which no fresh clone has.
writeDeclarations();
await Promise.all(Array.from({ length: Math.max(1, availableParallelism()) }, work));
console.log(`${TOOLS.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
