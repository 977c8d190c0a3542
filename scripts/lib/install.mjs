// Installs what is missing. Plain JavaScript without dependencies: it runs before there are any.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = resolve(fileURLToPath(new URL('../..', import.meta.url)));
const MIN_NODE_MAJOR = 20;

/** Ends the process with a sentence where Node is too old to run anything here. */
export function requireNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < MIN_NODE_MAJOR) {
    console.error(`Parley needs Node ${MIN_NODE_MAJOR} or newer; this is Node ${process.versions.node}.`);
    process.exit(1);
  }
}

/** Packages of the lock file that are not installed in their version. Optional ones (binaries of other systems) do not count. */
function missingPackages(withDev) {
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
  const missing = [];
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (path === '' || entry.link || entry.optional || entry.devOptional || !path.includes('node_modules/')) {
      continue;
    }
    if (entry.dev && !withDev) {
      continue;
    }
    const manifest = join(ROOT, path, 'package.json');
    if (!existsSync(manifest) || JSON.parse(readFileSync(manifest, 'utf8')).version !== entry.version) {
      missing.push(path.replace(/^.*node_modules\//, ''));
    }
  }
  return missing;
}

/** Runs `npm ci --ignore-scripts` where something is missing. `withDev`: the tools of the tests too. */
export function installMissing(withDev) {
  const missing = missingPackages(withDev);
  if (missing.length === 0) {
    return;
  }
  console.log(`Installing packages (${missing.length} missing) …`);
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const result = spawnSync(
    npm,
    ['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: ROOT,
      stdio: 'inherit',
      shell: process.platform === 'win32',
    },
  );
  if (result.status !== 0) {
    console.error('Installing the packages failed: see the lines above. Parley needs the npm registry once.');
    process.exit(1);
  }
}
