/** Compiles the examples from their source. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundle, pureEts } from '../../../host/src/node/bundle-core.ts';

const here = path.dirname(fileURLToPath(import.meta.url));

/** What `exports` of a file in this folder hands out. */
export async function load(exports) {
  const folder = mkdtempSync(path.join(tmpdir(), 'tea-'));
  try {
    const file = path.join(folder, 'tea.mjs');
    await bundle(exports, here, file, [pureEts()]);
    return await import(pathToFileURL(file).href);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
