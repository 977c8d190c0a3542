import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe } from 'node:test';
import { makeTempDir } from './temp-dir';
import { whereThereIs } from './where-there-is';

const PROGRAM = 'redis-server';

const isThere = spawnSync(PROGRAM, ['--version']).status === 0;

/** A suite that needs Redis. */
export function describeWithRedis(name: string, define: () => void): void {
  whereThereIs(PROGRAM, isThere, () => describe(name, define));
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A real Redis on a free port, without persistence. It can be stopped and started again on the same port. */
export class RedisServer {
  private child: ChildProcess | null = null;

  private constructor(
    readonly port: number,
    private readonly password: string,
    private readonly dir: ReturnType<typeof makeTempDir>,
  ) {}

  static async start(password = ''): Promise<RedisServer> {
    const server = await RedisServer.stopped(password);
    await server.restart();
    return server;
  }

  /** One that does not run yet: its port is free. */
  static async stopped(password = ''): Promise<RedisServer> {
    return new RedisServer(await freePort(), password, makeTempDir());
  }

  get url(): string {
    return this.urlAt(this.port);
  }

  /** The same Redis, by another port that leads to it. */
  urlAt(port: number): string {
    return `redis://${this.password === '' ? '' : `:${this.password}@`}127.0.0.1:${port}`;
  }

  async restart(): Promise<void> {
    const options = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    const secret = this.password === '' ? [] : ['--requirepass', this.password];
    const child = spawn(PROGRAM, [...options, ...secret, '--dir', this.dir.path], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    this.child = child;
    let output = '';
    await new Promise<void>((resolve, reject) => {
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        if (output.includes('Ready to accept connections')) {
          resolve();
        }
      });
      child.once('exit', () => reject(new Error(`${PROGRAM} ended: ${output}`)));
    });
  }

  /** Everything that it knew is gone. */
  async stop(): Promise<void> {
    const { child } = this;
    this.child = null;
    if (child !== null && child.exitCode === null) {
      child.kill('SIGKILL');
      await once(child, 'close');
    }
  }

  async end(): Promise<void> {
    await this.stop();
    this.dir.remove();
  }
}
