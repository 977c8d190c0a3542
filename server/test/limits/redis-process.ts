import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { makeTempDir } from '../support/temp-dir';

export const REDIS_SERVER = '/usr/bin/redis-server';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { readonly port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A Redis of its own on a free port of this machine, that keeps nothing. */
export class RedisProcess {
  private readonly dir = makeTempDir();
  private child: ChildProcess | null = null;

  private constructor(readonly port: number) {}

  static async start(): Promise<RedisProcess> {
    const redis = new RedisProcess(await freePort());
    await redis.restart();
    return redis;
  }

  async restart(): Promise<void> {
    const settings = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    const child = spawn(REDIS_SERVER, [...settings, '--dir', this.dir.path], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.child = child;
    await new Promise<void>((resolve, reject) => {
      child.once('exit', () => reject(new Error('redis-server: expected it to run, got its end')));
      child.stdout.on('data', (text: Buffer) => {
        if (text.includes('Ready to accept connections')) {
          resolve();
        }
      });
    });
  }

  async kill(): Promise<void> {
    const { child } = this;
    if (child?.exitCode === null) {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await gone;
    }
    this.child = null;
  }

  async stop(): Promise<void> {
    await this.kill();
    this.dir.remove();
  }
}
