import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PostgresServer, postgresPrograms } from '../../../../server/test/support/postgres-server';
import { waitMs } from '../../lib/shared-clock';

const START_TIMEOUT_MS = 10_000;
const LOOK_EVERY_MS = 50;

/** What this machine lacks of what several server processes need; null where nothing is missing. */
export function missingServices(): string | null {
  if (postgresPrograms() === null) {
    return 'PostgreSQL';
  }
  return spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status === 0 ? null : 'redis-server';
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

function isListening(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
    socket.once('close', () => done(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** A Redis that keeps nothing, on a free port of the loopback address. */
class Redis {
  private constructor(
    readonly url: string,
    private readonly process: ChildProcess,
    private readonly dir: string,
  ) {}

  static async start(): Promise<Redis> {
    const [port, dir] = [await freePort(), mkdtempSync(join(tmpdir(), 'parley-bench-redis-'))];
    const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', dir];
    const redis = new Redis(`redis://127.0.0.1:${port}`, spawn('redis-server', settings, { stdio: 'ignore' }), dir);
    for (let waitedMs = 0; !(await isListening(port)); waitedMs += LOOK_EVERY_MS) {
      if (waitedMs > START_TIMEOUT_MS) {
        await redis.stop();
        throw new Error(`redis-server: expected an answer on port ${port}, got none in ${waitedMs} ms`);
      }
      await waitMs(LOOK_EVERY_MS);
    }
    return redis;
  }

  async stop(): Promise<void> {
    const exited = new Promise((done) => this.process.once('exit', done));
    this.process.kill('SIGKILL');
    await exited;
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** What both contenders are on: addresses to hand to their servers. */
export interface Services {
  readonly databaseUrls: readonly string[];
  readonly redisUrl: string;
}

/** Starts PostgreSQL with `databases` empty databases, and Redis; stops both, whatever happens. */
export async function withServices<T>(databases: number, work: (services: Services) => Promise<T>): Promise<T> {
  const postgres = await PostgresServer.start();
  try {
    const databaseUrls: string[] = [];
    for (let i = 0; i < databases; i++) {
      databaseUrls.push(await postgres.newDatabase());
    }
    const redis = await Redis.start();
    try {
      return await work({ databaseUrls, redisUrl: redis.url });
    } finally {
      await redis.stop();
    }
  } finally {
    await postgres.stop();
  }
}
