import { existsSync } from 'node:fs';
import { postgresPrograms } from '../../server/test/support/postgres-server';
import { installPackages } from './debian';

/** Sees to it that PostgreSQL, Redis and strace are here: by apt where there is apt and root. The tests that need them say what is missing elsewhere. */
export function ensureServices(): void {
  const missing = [
    ...(postgresPrograms() === null ? ['postgresql'] : []),
    ...(existsSync('/usr/bin/redis-server') ? [] : ['redis-server']),
    ...(existsSync('/usr/bin/strace') ? [] : ['strace']),
  ];
  if (missing.length > 0) {
    installPackages(missing);
  }
}
