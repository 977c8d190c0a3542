import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Memory that looks like a disk, on Linux. */
const SHARED_MEMORY = '/dev/shm';

/**
 * A folder for a server's data. What is proved is what outlives a process, not a power cut: where there is a file system in
 * memory it goes there, so that a busy disk does not stop every clock of this process in the middle of an fsync.
 */
export function makeDataDir(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(existsSync(SHARED_MEMORY) ? SHARED_MEMORY : tmpdir(), 'parley-proof-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
