/** `npm start`: builds the app for the browser, starts the server with the demo rooms, and says where to look. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { buildSite } from './lib/build-site';
import { ROOT } from './lib/install.mjs';
import { readSettings } from '../server/src/settings';

const SITE = join(ROOT, 'build/site');

try {
  readSettings({ ...process.env, STATIC_DIR: '' }); // a wrong setting is told before the build, not after it
  await buildSite(SITE);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}

const server = spawn(process.execPath, ['--import', 'tsx', join(ROOT, 'server/src/main.ts')], {
  cwd: ROOT,
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  env: { LOG_LEVEL: 'warn', DEMO: '1', ...process.env, STATIC_DIR: SITE },
});
server.on('message', (message) => {
  const { host, port } = message as { readonly host: string; readonly port: number };
  // Both the loopback address and "every address" are reached as localhost from this machine.
  const name = ['127.0.0.1', '0.0.0.0', '::', '::1'].includes(host) ? 'localhost' : host;
  console.log(`Parley runs at http://${name}:${port}. Ctrl-C ends it.`);
});
// The server shares the terminal and gets Ctrl-C itself; this process ends when the server has drained.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => server.kill('SIGTERM'));
server.on('exit', (code, signal) => {
  if (signal !== null) {
    console.error(`The server was ended by ${signal}.`);
  }
  process.exit(code ?? 1);
});
