import { type ChildProcess, spawn } from 'node:child_process';
import { ROOT } from '../../../scripts/lib/install.mjs';
import { programArgs } from '../../../scripts/lib/program';

/** The server as an operator runs it: a process of its own, settings by environment. */
export class ChildServer {
  private output = '';
  private errors = '';
  private readonly watchers = new Set<() => void>();
  private ended: { readonly code: number | null; readonly signal: string | null } | null = null;

  private constructor(private readonly child: ChildProcess) {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.output += text;
      this.wake();
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.errors += text;
    });
    child.on('close', (code, signal) => {
      this.ended = { code, signal };
      this.wake();
    });
  }

  static spawn(env: Record<string, string>): ChildServer {
    const child = spawn(process.execPath, programArgs('server/src/main.ts'), {
      cwd: ROOT,
      env: { PATH: process.env.PATH ?? '', AUTH_ATTEMPTS_PER_MINUTE: '100000', PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new ChildServer(child);
  }

  static async start(env: Record<string, string>): Promise<ChildServer> {
    const server = ChildServer.spawn(env);
    await server.logged('listening');
    return server;
  }

  get baseUrl(): string {
    const line = this.lines.find((one) => one.msg === 'listening');
    return `http://127.0.0.1:${String(line?.port)}`;
  }

  get socketUrl(): string {
    return `${this.baseUrl.replace('http', 'ws')}/v1/ws`;
  }

  /** Where its metrics are, with `METRICS_PORT`. */
  get metricsUrl(): string {
    const line = this.lines.find((one) => one.msg === 'listening');
    return `http://127.0.0.1:${String(line?.metricsPort)}/metrics`;
  }

  get stderr(): string {
    return this.errors;
  }

  get stdout(): string {
    return this.output;
  }

  async logged(message: string): Promise<void> {
    while (!this.lines.some((line) => line.msg === message)) {
      if (this.ended !== null) {
        throw new Error(`expected "${message}", got exit ${this.ended.code}: ${this.errors}`);
      }
      await new Promise<void>((resolve) => this.watchers.add(resolve));
    }
  }

  signal(name: 'SIGTERM' | 'SIGINT' | 'SIGKILL' | 'SIGHUP'): void {
    this.child.kill(name);
  }

  /** The exit code, or the signal that ended it. */
  async exit(): Promise<number | string | null> {
    while (this.ended === null) {
      await new Promise<void>((resolve) => this.watchers.add(resolve));
    }
    return this.ended.signal ?? this.ended.code;
  }

  private get lines(): { readonly msg?: string; readonly port?: number; readonly metricsPort?: number }[] {
    const whole = this.output.slice(0, this.output.lastIndexOf('\n') + 1);
    return whole
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { msg?: string });
  }

  private wake(): void {
    const waiting = [...this.watchers];
    this.watchers.clear();
    waiting.forEach((resolve) => resolve());
  }
}
