import { build, type Plugin } from 'esbuild';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './install.mjs';
import { builtFile } from './program';

const OUTPUT = join(ROOT, 'build/node-tests');

/** What tests start as processes of their own, with `programArgs`. */
const PROGRAMS = ['server/src/main.ts', 'server/test/support/commit-loop.ts'];

/** A module still knows where its source is, and finds by it what lies beside. */
const SOURCE_URLS: Plugin = {
  name: 'source-urls',
  setup({ onLoad }) {
    onLoad({ filter: /\.m?[jt]s$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
      loader: 'ts',
    }));
  },
};

export interface BundledTests {
  readonly folder: string;
  /** In the order of the sources. */
  readonly files: string[];
  /** To be loaded before each. */
  readonly preload: string;
}

/**
 * Test files with what they import of this repository, each once for all of them, in JavaScript. Each file runs in a process of its own: a
 * loader of TypeScript would look at every module again, also at the many of packages, which takes longer than most tests.
 * Two runs at once have names of their own.
 */
export async function bundleTests(name: string, files: readonly string[], preload: string): Promise<BundledTests> {
  const outdir = join(OUTPUT, name);
  rmSync(outdir, { recursive: true, force: true });
  await build({
    entryPoints: [...files, preload, ...PROGRAMS].map((file) => join(ROOT, file)),
    outbase: ROOT,
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: true,
    plugins: [SOURCE_URLS],
    logLevel: 'warning',
  });
  return { folder: outdir, files: files.map((file) => builtFile(outdir, file)), preload: builtFile(outdir, preload) };
}
