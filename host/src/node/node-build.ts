import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { filesBelow } from '../project/source-files.js';
import { BUILDS_DIR, CORE_DIR, PLATFORM_DIR, ROOT } from './paths.js';

/** A build that nobody has made or used for so long is removed. */
const KEEP_MS = 24 * 60 * 60_000;

/** What of the tree decides about the build of core, and what about platform's beside the core that it is built on. */
const CORE_INPUTS = [CORE_DIR, path.join(ROOT, 'host/src/node'), path.join(ROOT, 'host/src/compiler')];
const PLATFORM_INPUTS = [PLATFORM_DIR, path.join(ROOT, 'host/src')];

let core: Promise<string> | undefined;

/** The file that Node imports for `@parley/core`, built when the sources have changed since; one for a process. */
export function builtCore(): Promise<string> {
  core ??= built('core', fingerprint(CORE_INPUTS), async (dir) => {
    const { bundleCore } = await import('./bundle-core.js');
    await bundleCore(path.join(dir, 'core.mjs'));
  });
  return core;
}

/** The same for `@parley/platform`; it imports the one `core.mjs`, so that classes of core are the same in both. */
export async function builtPlatform(): Promise<string> {
  const coreFile = await builtCore();
  return built('platform', fingerprint(PLATFORM_INPUTS, coreFile), async (dir) => {
    const { bundlePlatform } = await import('./bundle-platform.js');
    await bundlePlatform(path.join(dir, 'platform.mjs'), coreFile);
  });
}

async function built(name: string, key: string, build: (dir: string) => Promise<void>): Promise<string> {
  const dir = path.join(BUILDS_DIR, `${name}-${key}`);
  const file = path.join(dir, `${name}.mjs`);
  if (!existsSync(file)) {
    mkdirSync(BUILDS_DIR, { recursive: true });
    removeOld();
    const made = mkdtempSync(path.join(BUILDS_DIR, 'making-'));
    try {
      await build(made);
      renameSync(made, dir);
    } catch (error) {
      rmSync(made, { recursive: true, force: true });
      // Another process was faster: the folder is there, and holds the same.
      if (!existsSync(file)) {
        throw error;
      }
    }
  }
  return file;
}

/** `base`: what it is built on, by its name. */
function fingerprint(inputs: readonly string[], base = ''): string {
  const hash = createHash('sha256').update(path.basename(path.dirname(base)));
  const files = new Set(inputs.flatMap((dir) => filesBelow(dir, '.ets', '.ts', '.json5')));
  for (const file of [...files, path.join(ROOT, 'package-lock.json')]) {
    hash.update(path.relative(ROOT, file)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex').slice(0, 16);
}

function removeOld(): void {
  for (const entry of readdirSync(BUILDS_DIR)) {
    const dir = path.join(BUILDS_DIR, entry);
    const found = statSync(dir, { throwIfNoEntry: false });
    if (found !== undefined && Date.now() - found.mtimeMs > KEEP_MS) {
      rmSync(dir, { recursive: true, force: true });
    }
  }
}
