// `node scripts/run.mjs FILE.ts [arguments]`: installs what is missing, then runs the TypeScript file.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { installMissing, requireNode, ROOT } from './lib/install.mjs';

export function runTypeScript(file, args, withDev) {
  requireNode();
  installMissing(withDev);
  const child = spawn(process.execPath, ['--import', 'tsx', join(ROOT, file), ...args], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  // The child shares the terminal and gets Ctrl-C itself; other signals are passed on.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 128)));
}

if (process.argv[1]?.endsWith('run.mjs')) {
  const [file, ...args] = process.argv.slice(2);
  if (file === undefined) {
    console.error('usage: node scripts/run.mjs FILE.ts [arguments]');
    process.exit(2);
  }
  runTypeScript(file, args, true);
}
