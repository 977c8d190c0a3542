import { join } from 'node:path';
import { ROOT } from './install.mjs';

/** The folder of what `bundleTests` made; set while its tests run. */
export const BUILT_TESTS_VARIABLE = 'PARLEY_BUILT_TESTS';

/** Where `bundleTests` puts the JavaScript of `source`. */
export function builtFile(folder: string, source: string): string {
  return join(folder, source.replace(/\.ts$/, '.mjs'));
}

/**
 * What Node is given to run `source`, a TypeScript file below the root, in a process of its own. In a test run that is what was bundled
 * with the tests: it is up several times as fast.
 */
export function programArgs(source: string): string[] {
  const folder = process.env[BUILT_TESTS_VARIABLE];
  return folder === undefined
    ? ['--import', 'tsx', join(ROOT, source)]
    : ['--enable-source-maps', builtFile(folder, source)];
}
