/** `npm run check` as a step of `npm test`: the same command, closed by the line that the step reads. */
import { spawnSync } from 'node:child_process';
import { ROOT } from './lib/install.mjs';

const result = spawnSync(process.execPath, ['--import', 'tsx', 'host/src/cli/check.ts'], {
  cwd: ROOT,
  stdio: 'inherit',
});
console.log(result.status === 0 ? '1 passed, 0 failed' : '0 passed, 1 failed');
process.exit(result.status ?? 1);
