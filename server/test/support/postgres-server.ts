import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { makeTempDir } from './temp-dir';

const DEBIAN_FOLDER = '/usr/lib/postgresql';
const START_TIMEOUT_MS = 20_000;
const LOOK_EVERY_MS = 50;

/** The folder of PostgreSQL's programs; null where it is not installed. */
export function postgresPrograms(): string | null {
  const versions = existsSync(DEBIAN_FOLDER) ? readdirSync(DEBIAN_FOLDER) : [];
  const folders = versions.sort((a, b) => Number(b) - Number(a)).map((version) => join(DEBIAN_FOLDER, version, 'bin'));
  return folders.find((folder) => existsSync(join(folder, 'initdb'))) ?? null;
}

/** PostgreSQL does not run as root: then it runs as its own user. */
function accountOf(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) {
    return {};
  }
  const [uid, gid] = ['-u', '-g'].map((flag) =>
    Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout),
  );
  return { uid: uid ?? NaN, gid: gid ?? NaN };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1000 });
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false; // Not yet: who asks looks again.
  }
}

/** A real PostgreSQL on a free port of the loopback address, with its files in a temporary folder. */
export class PostgresServer {
  private databases = 0;
  private process: ChildProcess | null = null;

  private constructor(
    private readonly programs: string,
    private readonly dataDir: string,
    private readonly port: number,
    private readonly removeDir: () => void,
  ) {}

  static async start(): Promise<PostgresServer> {
    const programs = postgresPrograms();
    if (programs === null) {
      throw new Error(`expected PostgreSQL in ${DEBIAN_FOLDER}, got none`);
    }
    const dir = makeTempDir();
    const account = accountOf();
    if (account.uid !== undefined && account.gid !== undefined) {
      chownSync(dir.path, account.uid, account.gid);
    }
    const dataDir = join(dir.path, 'data');
    const made = spawnSync(
      join(programs, 'initdb'),
      ['-D', dataDir, '-U', 'parley', '--auth=trust', '--no-sync', '--encoding=UTF8', '--locale=C.UTF-8'],
      { ...account, cwd: dir.path, encoding: 'utf8' },
    );
    if (made.status !== 0) {
      throw new Error(`initdb: expected status 0, got ${made.status}: ${made.stderr}`);
    }
    const port = await freePort();
    const settings = `listen_addresses='127.0.0.1'\nport=${port}\nunix_socket_directories=''\nshared_buffers=32MB\nmax_connections=60\n`;
    writeFileSync(join(dataDir, 'postgresql.auto.conf'), settings);
    const server = new PostgresServer(programs, dataDir, port, dir.remove);
    await server.resume();
    return server;
  }

  /** The address of a database. */
  url(database: string): string {
    return `postgres://parley@127.0.0.1:${this.port}/${database}`;
  }

  /** The address of a new, empty database. */
  async newDatabase(): Promise<string> {
    const name = `test_${++this.databases}_${process.pid}`;
    const client = new pg.Client({ connectionString: this.url('postgres') });
    await client.connect();
    await client.query(`CREATE DATABASE ${name}`);
    await client.end();
    return this.url(name);
  }

  /** Starts it, or starts it again after `halt`. */
  async resume(): Promise<void> {
    const child = spawn(join(this.programs, 'postgres'), ['-D', this.dataDir], {
      ...accountOf(),
      cwd: this.dataDir,
      stdio: 'ignore',
    });
    this.process = child;
    for (let waitedMs = 0; !(await answers(this.url('postgres'))); waitedMs += LOOK_EVERY_MS) {
      if (waitedMs > START_TIMEOUT_MS || child.exitCode !== null) {
        throw new Error(`postgres: expected an answer on port ${this.port}, got none in ${waitedMs} ms`);
      }
      await new Promise((done) => setTimeout(done, LOOK_EVERY_MS));
    }
  }

  /** SIGQUIT: ends at once, as after a crash; what was committed is there when it is resumed. */
  async halt(): Promise<void> {
    const child = this.process;
    if (child === null || child.exitCode !== null) {
      return;
    }
    const exited = new Promise((done) => child.once('exit', done));
    child.kill('SIGQUIT');
    await exited;
    this.process = null;
  }

  async stop(): Promise<void> {
    await this.halt();
    this.removeDir();
  }
}
