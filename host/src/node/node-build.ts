import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { filesBelow } from '../project/source-files.js';
import { BUILDS_DIR, CORE_DIR, PLATFORM_DIR, ROOT } from './paths.js';

/** A build that nobody has made or used for so long is removed. */
const KEEP_MS = 24 * 60 * 60_000;

/** What of the tree decides about the build of core, and of platform on top of it. */
const CORE_INPUTS = [CORE_DIR, path.join(ROOT, 'host/src/node'), path.join(ROOT, 'host/src/test-runner')];
const PLATFORM_INPUTS = [...CORE_INPUTS, PLATFORM_DIR, path.join(ROOT, 'host/src')];

/** The file that Node imports for `@parley/core`, built when the sources have changed since. */
export async function builtCore(): Promise<string> {
  return built('core', CORE_INPUTS, async (dir) => {
    const { bundleCore } = await import('./bundle-core.js');
    await bundleCore(path.join(dir, 'core.mjs'));
  });
}

/** The same for `@parley/platform`; it imports the one `core.mjs`, so that classes of core are the same in both. */
export async function builtPlatform(): Promise<string> {
  const core = await builtCore();
  return built('platform', PLATFORM_INPUTS, async (dir) => {
    const { bundlePlatform } = await import('./bundle-platform.js');
    await bundlePlatform(path.join(dir, 'platform.mjs'), core);
  });
}

async function built(name: string, inputs: readonly string[], build: (dir: string) => Promise<void>): Promise<string> {
  const dir = path.join(BUILDS_DIR, `${name}-${fingerprint(inputs)}`);
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

function fingerprint(inputs: readonly string[]): string {
  const hash = createHash('sha256');
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
