import { spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../scripts/lib/install.mjs';
import { programArgs } from '../../scripts/lib/program';
import { PATIENCE_MS } from './patience';

/**
 * Below the ports that systems give away by themselves (Linux: from 32768, others: from 49152). So nobody gets the port of a server
 * that was killed before it is started again.
 */
const FIRST_PORT = 20_000;
const END_OF_PORTS = 32_000;
const MAX_PORT_TRIES = 20;

/** The port is taken: another one will do. */
class PortTakenError extends Error {}

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
    for (let tries = 1; ; tries++) {
      const server = new ServerProcess(randomInt(FIRST_PORT, END_OF_PORTS), settings);
      try {
        await server.launch();
        return server;
      } catch (error) {
        await server.dispose();
        if (!(error instanceof PortTakenError) || tries === MAX_PORT_TRIES) {
          throw error;
        }
      }
    }
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts the process and waits until it says that it listens. Throws with the server's own words where it does not come up. */
  async launch(): Promise<void> {
    const child = spawn(process.execPath, programArgs('server/src/main.ts'), {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
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
    let timer: NodeJS.Timeout | undefined;
    const isUp = await new Promise<boolean>((tell) => {
      child.once('message', () => tell(true));
      child.once('close', () => tell(false)); // After the last of its words.
      timer = setTimeout(() => tell(false), PATIENCE_MS);
    });
    clearTimeout(timer);
    if (!isUp) {
      const says = `the server did not come up:\n${this.output}`;
      throw this.output.includes('PORT: expected a free port') ? new PortTakenError(says) : new Error(says);
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
