import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './install.mjs';
import { buildPreview } from '../../host/src/compiler/preview-build';

/** Builds what the server shows at `/`: the demo page, and below `app/` the app compiled for the browser. */
export async function buildSite(outDir: string): Promise<void> {
  const startedAt = Date.now();
  console.log('Building the app for the browser …');
  rmSync(outDir, { recursive: true, force: true });
  mkdirSync(outDir, { recursive: true });
  cpSync(join(ROOT, 'demo'), outDir, { recursive: true });
  await buildPreview(ROOT, join(outDir, 'app'));
  console.log(`Built in ${((Date.now() - startedAt) / 1000).toFixed(1)} s.`);
}
