import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesBelow } from '../project/source-files.js';

/** The project that this host belongs to. */
export const ROOT: string = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');

/** Node builds, one folder for each state of the sources. */
export const BUILDS_DIR: string = path.join(ROOT, 'build/node');

/** Declarations of the ArkTS modules, at the places of their sources. */
export const TYPES_DIR: string = path.join(ROOT, 'build/types');

export const CORE_DIR: string = path.join(ROOT, 'common/core');
export const PLATFORM_DIR: string = path.join(ROOT, 'common/platform');

/** Every source of core, without `.ets`, below `src/main/ets`. */
export function coreFiles(): string[] {
  const dir = path.join(CORE_DIR, 'src/main/ets');
  return filesBelow(dir, '.ets', '.ts').map((file) => path.relative(dir, file).replace(/\.e?ts$/, ''));
}
