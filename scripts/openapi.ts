/** `openapi.ts`: writes docs/openapi.json, the document of the HTTP API, from the schemas of the server's routes. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { format } from 'prettier';
import { OPENAPI_PATH } from '../server/src/http/openapi';
import { SystemClock } from '../server/src/ports/clock';
import { systemRandom } from '../server/src/ports/ids';
import { createServer } from '../server/src/server';
import { readSettings } from '../server/src/settings';
import { ROOT } from './lib/install.mjs';

const FILE = 'docs/openapi.json';

const dataDir = mkdtempSync(join(tmpdir(), 'parley-openapi-'));
const settings = readSettings({ PORT: '0', DATA_DIR: dataDir });
const ports = { clock: new SystemClock(), random: systemRandom, log: pino({ level: 'silent' }) };
const server = await createServer(settings, ports);
try {
  const { host, port } = await server.listen();
  const answer = await fetch(`http://${host}:${port}${OPENAPI_PATH}`);
  const text = await format(await answer.text(), { parser: 'json', printWidth: 120 });
  writeFileSync(join(ROOT, FILE), text);
  console.log(`${FILE}: ${Buffer.byteLength(text)} bytes`);
} finally {
  await server.close();
  rmSync(dataDir, { recursive: true, force: true });
}
