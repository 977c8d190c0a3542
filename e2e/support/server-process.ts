import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../scripts/lib/install.mjs';

const START_TIMEOUT_MS = 20_000;
const POLL_MS = 50;

async function freePort(): Promise<number> {
  return await new Promise((done, fail) => {
    const probe = createServer();
    probe.on('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => done(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** The real server as its own process, on a free port with an empty data folder, so that a test can kill it. */
export class ServerProcess {
  readonly dataDir = mkdtempSync(join(tmpdir(), 'parley-e2e-'));
  private child: ChildProcess | null = null;
  private output = '';

  private constructor(
    readonly port: number,
    private readonly settings: Record<string, string>,
  ) {}

  static async start(settings: Record<string, string> = {}): Promise<ServerProcess> {
    const server = new ServerProcess(await freePort(), settings);
    await server.launch();
    return server;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts the process and waits until it answers. Throws with the server's own words where it does not come up. */
  async launch(): Promise<void> {
    const child = spawn(process.execPath, ['--import', 'tsx', join(ROOT, 'server/src/main.ts')], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        PORT: String(this.port),
        HOST: '127.0.0.1',
        DATA_DIR: this.dataDir,
        STATIC_DIR: process.env['PARLEY_SITE'] ?? join(ROOT, 'build/e2e-site'),
        LOG_LEVEL: 'warn',
        AUTH_ATTEMPTS_PER_MINUTE: '1000', // every account of a test signs up from this one address
        ...this.settings,
      },
    });
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.output = (this.output + chunk.toString()).slice(-8000);
      });
    }
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (Date.now() < deadline && child.exitCode === null) {
      if (await this.isHealthy()) {
        return;
      }
      await new Promise((done) => setTimeout(done, POLL_MS));
    }
    throw new Error(`the server did not come up:\n${this.output}`);
  }

  private async isHealthy(): Promise<boolean> {
    try {
      return (await fetch(`${this.origin}/healthz`)).ok;
    } catch {
      return false; // not listening yet: the caller asks again until its deadline
    }
  }

  /** Ends the process: SIGKILL leaves it no chance to clean up. Resolves with the exit code, null after a kill. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    const child = this.child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) {
      return child?.exitCode ?? null;
    }
    const exited = new Promise<number | null>((done) => child.once('exit', (code) => done(code)));
    child.kill(signal);
    return await exited;
  }

  async dispose(): Promise<void> {
    await this.end('SIGKILL');
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}
