/** `npm run test:e2e`: builds the site once, then runs e2e/**\/*.test.ts against it. Arguments keep files whose path holds them. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { buildSite } from './lib/build-site';
import { ROOT } from './lib/install.mjs';

const site = join(ROOT, 'build/e2e-site');
try {
  await buildSite(site);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  console.log('0 passed, 1 failed');
  process.exit(1);
}
const result = spawnSync(
  process.execPath,
  ['--import', 'tsx', join(ROOT, 'scripts/node-test.ts'), 'e2e', ...process.argv.slice(2)],
  { cwd: ROOT, stdio: 'inherit', env: { ...process.env, PARLEY_SITE: site } },
);
process.exit(result.status ?? 1);
