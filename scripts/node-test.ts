/**
 * `node-test.ts FOLDER [--on postgres] [PART …]`: runs FOLDER/**\/*.test.ts under node:test; a PART keeps the files whose path
 * holds it. `--on postgres` gives the servers of the tests a PostgreSQL that runs as long as they do.
 */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { postgresPrograms, PostgresServer } from '../server/test/support/postgres-server';
import { TEST_POSTGRES_VARIABLE } from '../server/test/support/test-database';
import { bundleTests } from './lib/bundle-tests';
import { ROOT } from './lib/install.mjs';
import { BUILT_TESTS_VARIABLE } from './lib/program';

const { values: options, positionals } = parseArgs({ options: { on: { type: 'string' } }, allowPositionals: true });
const [folder, ...parts] = positionals;
if (folder === undefined || (options.on ?? 'postgres') !== 'postgres') {
  console.error('usage: node-test.ts FOLDER [--on postgres] [PART …]');
  process.exit(2);
}
const isCi = (process.env.CI ?? '') !== '';
if (options.on !== undefined && postgresPrograms() === null) {
  console.log(`PostgreSQL is not installed: the tests of ${folder} on it are skipped`);
  console.log(`0 passed, ${isCi ? 1 : 0} failed`);
  process.exit(isCi ? 1 : 0);
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

const GATE = 'proof/leaks/each-file.ts';
const bundled = await bundleTests(options.on === undefined ? folder : `${folder}-${options.on}`, files, GATE);
const database = options.on === undefined ? null : await PostgresServer.start();
const child = spawn(
  process.execPath,
  [
    '--enable-source-maps',
    '--import',
    bundled.preload,
    '--test',
    '--test-concurrency=3',
    // A test that hangs must turn red, not keep the run: the longest file takes about 100 s on a slow machine.
    '--test-timeout=400000',
    `--test-reporter=${join(ROOT, 'scripts/lib/count-reporter.mjs')}`,
    ...bundled.files,
  ],
  {
    cwd: ROOT,
    stdio: 'inherit',
    env: {
      ...process.env,
      FORCE_COLOR: '0',
      [BUILT_TESTS_VARIABLE]: bundled.folder,
      ...(database === null ? {} : { [TEST_POSTGRES_VARIABLE]: database.url('postgres') }),
    },
  },
);
child.on('exit', (code) => {
  void Promise.resolve(database?.stop()).finally(() => process.exit(code ?? 1));
});
