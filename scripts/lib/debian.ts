import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

export const isDebian = existsSync('/usr/bin/apt-get');

/** By apt, where there is apt and root; elsewhere nothing happens and the caller looks whether it can go on. */
export function installPackages(packages: readonly string[]): void {
  if (!isDebian || process.getuid?.() !== 0) {
    return;
  }
  console.log(`Installing ${packages.join(', ')} by apt …`);
  // No service is started by it: the tests start their own, on ports of their own.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  spawnSync('apt-get', ['update', '-qq'], { stdio: ['ignore', 'ignore', 'inherit'], env });
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env,
  });
}
