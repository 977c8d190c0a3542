import { postgresPrograms } from '../../server/test/support/postgres-server';
import { installPackages } from './debian';

/** Sees to it that PostgreSQL is here: by apt where there is apt and root. Its suites say what is missing elsewhere. */
export function ensureServices(): void {
  if (postgresPrograms() === null) {
    installPackages(['postgresql']);
  }
}
