import { accessSync, constants, existsSync, readdirSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pino } from 'pino';
import { TOKEN_SECRET_FILE } from '../auth/token-secret';
import { placeOf } from '../ports/place';
import { lockDataDir } from '../store/data-dir-lock';
import { DATABASE_FILE, openStore } from '../store/open-store';
import { NEWEST_VERSION as NEWEST_POSTGRES_VERSION } from '../store/postgres/postgres-migrations';
import { NEWEST_VERSION as NEWEST_SQLITE_VERSION } from '../store/sqlite/sqlite-migrations';
import { postgresVersion, sqliteVersion } from './database-version';
import { type DoctorCheck, fail, ok, warn } from './doctor-check';
import { redisCheck, sharedFiles } from './doctor-redis';

const MIB = 1024 * 1024;
const FREE_WARN_BYTES = 1024 * MIB;
const FREE_FAIL_BYTES = 100 * MIB;
/** A connection is an open file; a server that people use has thousands. */
const OPEN_FILES_WANTED = 4096;
const CLOCK_SLACK_MS = 2000;
/** Letters and digits at random have more than this many different ones in 32. */
const SECRET_VARIETY = 12;
const OTHERS = 0o077;

function modeOf(path: string): string {
  return (statSync(path).mode & 0o777).toString(8).padStart(4, '0');
}

const folder: DoctorCheck = {
  name: 'data folder',
  look({ settings: { dataDir } }) {
    if (!existsSync(dataDir)) {
      return warn(
        `${dataDir} is not there yet`,
        'Nothing, where no server ran here before: the first start makes it. Else set DATA_DIR.',
      );
    }
    try {
      accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
    } catch {
      return fail(`${dataDir} cannot be written`, `Give it to the user of the server: chown USER ${dataDir}`);
    }
    return (statSync(dataDir).mode & OTHERS) === 0
      ? ok(`${dataDir}, ${modeOf(dataDir)}`)
      : warn(`${dataDir}, ${modeOf(dataDir)}: others may look in`, `chmod 700 ${dataDir}`);
  },
};

const server: DoctorCheck = {
  name: 'server',
  look({ settings: { dataDir } }) {
    if (!existsSync(dataDir)) {
      return ok('none runs on this folder');
    }
    try {
      lockDataDir(dataDir).release();
      return ok('none runs on this folder');
    } catch {
      return ok('one runs on this folder');
    }
  },
};

const secret: DoctorCheck = {
  name: 'token secret',
  look({ settings: { tokenSecret, dataDir } }) {
    if (tokenSecret !== null) {
      return new Set(tokenSecret).size >= SECRET_VARIETY
        ? ok(`from TOKEN_SECRET, ${tokenSecret.length} characters`)
        : fail('TOKEN_SECRET can be guessed', 'Make a new one: openssl rand -base64 48');
    }
    const path = join(dataDir, TOKEN_SECRET_FILE);
    if (!existsSync(path)) {
      return ok('none yet: the first start makes one');
    }
    return (statSync(path).mode & OTHERS) === 0
      ? ok(`${path}, ${modeOf(path)}`)
      : fail(
          `${path}, ${modeOf(path)}: others may read it`,
          `chmod 600 ${path}, and replace it where others could log in here`,
        );
  },
};

const database: DoctorCheck = {
  name: 'database',
  async look({ settings: { dataDir, databaseUrl } }) {
    const path = join(dataDir, DATABASE_FILE);
    const newest = databaseUrl === null ? NEWEST_SQLITE_VERSION : NEWEST_POSTGRES_VERSION;
    const place = databaseUrl === null ? path : placeOf(databaseUrl);
    const isThere = databaseUrl !== null || existsSync(path);
    const version = databaseUrl !== null ? await postgresVersion(databaseUrl) : isThere ? sqliteVersion(path) : 0;
    if (version === 0) {
      return ok(`${place} is empty: the first start makes it`);
    }
    if (version > newest) {
      return fail(
        `${place}, version ${version}: this server knows up to ${newest}`,
        'Use the newer server that wrote it.',
      );
    }
    return version < newest
      ? warn(
          `${place}, version ${version}`,
          `The next start brings it to ${newest}; take a backup first, there is no way back.`,
        )
      : ok(`${place}, version ${version}`);
  },
};

const integrity: DoctorCheck = {
  name: 'integrity',
  async look({ settings }) {
    const { dataDir, databaseUrl } = settings;
    const path = join(dataDir, DATABASE_FILE);
    const isNewest =
      databaseUrl === null
        ? existsSync(path) && sqliteVersion(path) === NEWEST_SQLITE_VERSION
        : (await postgresVersion(databaseUrl)) === NEWEST_POSTGRES_VERSION;
    if (!isNewest) {
      return ok('not looked at: that is for a database of this version');
    }
    const store = await openStore(settings, pino({ level: 'silent' }));
    try {
      await store.check();
      return ok(databaseUrl === null ? 'every page and index' : 'fsync and synchronous commits');
    } catch (error) {
      const mend = 'Stop the server, keep a copy of the folder, and go back to the last backup.';
      return fail((error as Error).message, mend);
    } finally {
      await store.close();
    }
  },
};

const disk: DoctorCheck = {
  name: 'disk space',
  look({ settings: { dataDir } }) {
    const place = [dataDir, dirname(dataDir)].find((path) => existsSync(path)) ?? '/';
    const { bavail, bsize } = statfsSync(place);
    const freeBytes = bavail * bsize;
    const found = `${Math.floor(freeBytes / MIB)} MiB free`;
    const mend = 'Free some, or move DATA_DIR: without space no message is taken in.';
    if (freeBytes < FREE_FAIL_BYTES) {
      return fail(found, mend);
    }
    return freeBytes < FREE_WARN_BYTES ? warn(found, mend) : ok(found);
  },
};

const time: DoctorCheck = {
  name: 'clock',
  look({ settings: { dataDir }, clock }) {
    const nowMs = clock.nowMs();
    const names = existsSync(dataDir) ? readdirSync(dataDir) : [];
    const newestMs = Math.max(0, ...names.map((name) => statSync(join(dataDir, name)).mtimeMs));
    const now = new Date(nowMs).toISOString();
    return newestMs > nowMs + CLOCK_SLACK_MS
      ? fail(
          `${now}, but the data was written at ${new Date(newestMs).toISOString()}`,
          'Set the clock; let NTP keep it.',
        )
      : ok(now);
  },
};

const openFiles: DoctorCheck = {
  name: 'open files',
  look() {
    const path = '/proc/self/limits';
    if (!existsSync(path)) {
      return ok('this system does not tell its limit');
    }
    const limit = /^Max open files\s+(\d+|unlimited)/m.exec(readFileSync(path, 'utf8'))?.[1] ?? 'unlimited';
    return limit !== 'unlimited' && Number(limit) < OPEN_FILES_WANTED
      ? warn(
          `at most ${limit}`,
          `Each connection is one: ulimit -n ${OPEN_FILES_WANTED} or more, or LimitNOFILE= of its unit.`,
        )
      : ok(`at most ${limit}`);
  },
};

const exposure: DoctorCheck = {
  name: 'exposure',
  look({ settings: { demo, allowedOrigins, metricsPort, metricsHost } }) {
    if (demo) {
      return warn('DEMO=1: users with a password that everyone knows', 'DEMO=0 where others reach this server.');
    }
    if (allowedOrigins.includes('*')) {
      return warn('ALLOWED_ORIGINS=*: every web page may use this server', 'Name the origins that may.');
    }
    if (metricsPort !== null && !['127.0.0.1', '::1', 'localhost'].includes(metricsHost)) {
      return warn(
        `METRICS_HOST=${metricsHost}: metrics leave this machine`,
        'Keep the port behind a firewall: they have no password.',
      );
    }
    return ok('nothing that should not be seen');
  },
};

export const DOCTOR_CHECKS: readonly DoctorCheck[] = [
  folder,
  server,
  secret,
  database,
  integrity,
  redisCheck,
  sharedFiles,
  disk,
  time,
  openFiles,
  exposure,
];
