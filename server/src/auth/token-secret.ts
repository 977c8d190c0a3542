import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RandomBytes } from '../ports/ids';
import { SettingError } from '../settings';

export const TOKEN_SECRET_FILE = 'token-secret';
const SECRET_BYTES = 32;

/** The secret of a server that was given none: made at its first start, so that tokens outlive restarts. */
export function keptTokenSecret(dataDir: string, random: RandomBytes): string {
  const path = join(dataDir, TOKEN_SECRET_FILE);
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    if (!existsSync(path)) {
      writeFileSync(path, Buffer.from(random(SECRET_BYTES)).toString('base64url'), { mode: 0o600, flag: 'wx' });
    }
    const secret = readFileSync(path, 'utf8').trim();
    if (secret.length >= SECRET_BYTES) {
      return secret;
    }
  } catch (error) {
    throw new SettingError('DATA_DIR', `a folder that can hold ${TOKEN_SECRET_FILE}`, (error as Error).message);
  }
  throw new SettingError(
    'DATA_DIR',
    `a ${TOKEN_SECRET_FILE} of at least ${SECRET_BYTES} characters`,
    `less in ${path}`,
  );
}
