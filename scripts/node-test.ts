/** `node-test.ts FOLDER [PART …]`: runs FOLDER/**\/*.test.ts under node:test; a PART keeps the files whose path holds it. */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ROOT } from './lib/install.mjs';

const [folder, ...parts] = process.argv.slice(2);
if (folder === undefined) {
  console.error('usage: node-test.ts FOLDER [PART …]');
  process.exit(2);
}

const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts') && !file.includes('node_modules'))
  .map((file) => relative(ROOT, join(ROOT, folder, file)))
  .filter((file) => parts.length === 0 || parts.some((part) => file.includes(part)))
  .sort();
if (files.length === 0) {
  console.error(`no test file in ${folder}${parts.length === 0 ? '' : ` matches ${parts.join(', ')}`}`);
  console.log('0 passed, 1 failed');
  process.exit(1);
}

const child = spawn(
  process.execPath,
  [
    '--import',
    'tsx',
    '--import',
    join(ROOT, 'proof/leaks/each-file.ts'),
    '--test',
    '--test-concurrency=3',
    // A test that hangs must turn red, not keep the run: the longest file takes about 100 s on a slow machine.
    '--test-timeout=400000',
    `--test-reporter=${join(ROOT, 'scripts/lib/count-reporter.mjs')}`,
    ...files,
  ],
  { cwd: ROOT, stdio: 'inherit', env: { ...process.env, FORCE_COLOR: '0' } },
);
child.on('exit', (code) => process.exit(code ?? 1));
