import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const BENCH_DIR = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

function versionIn(file: string): string | null {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }).version : null;
}

function isInstalled(): boolean {
  const { dependencies } = JSON.parse(readFileSync(join(BENCH_DIR, 'package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  return Object.entries(dependencies).every(
    ([name, version]) => versionIn(join(BENCH_DIR, 'node_modules', name, 'package.json')) === version,
  );
}

/** The measured libraries in the versions of the lock file. Only the bench needs them, so only the bench installs them. */
export function installPeers(): void {
  if (isInstalled()) {
    return;
  }
  console.log('Installing the measured libraries …');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const result = spawnSync(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: BENCH_DIR,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (result.status !== 0) {
    throw new Error('the measured libraries could not be installed: see the lines above');
  }
}
