import { pino } from 'pino';
import { createServer, type ChatServer } from '../../server/src/server.js';
import { Passwords } from '../../server/src/auth/passwords.js';
import { systemRandom } from '../../server/src/ports/ids.js';
import { readSettings, type Settings } from '../../server/src/settings.js';
import type { HubLimits } from '../../server/src/hub/limits.js';
import { ChildServer } from '../../server/test/support/child-server.js';
import { ScaledClock } from '../client/scaled-clock.js';
import { makeDataDir } from './data-dir.js';

/** The real server, over restarts: the data stays, the port changes. */
export interface ServerHost {
  readonly port: number;
  /** Comes back after `stop` or `kill`, with the same data. */
  start(): Promise<void>;
  /** As an operator ends it: `bye`, then close 1012. */
  stop(): Promise<void>;
  /** At once, at whatever it is doing. */
  kill(): Promise<void>;
  /** Open connections; -1 where it cannot be told. */
  connectionCount(): number;
  /** From now on its time passes as fast as ours. */
  slowDown(): void;
  remove(): void;
}

export interface ServerOptions {
  readonly speed: number;
  readonly settings: Partial<Settings>;
  readonly limits: Partial<HubLimits>;
}

/** What no scenario is about must not stand in its way. */
const PLENTY = { messagesPerSecond: 100_000, messageBurst: 100_000, commandsPerSecond: 100_000, commandBurst: 100_000 };

/** In this process, with a clock that runs as fast as the clients'. */
export class LocalServer implements ServerHost {
  private readonly dir = makeDataDir();
  private readonly clock: ScaledClock;
  private server: ChatServer | null = null;
  private currentPort = 0;

  constructor(private readonly options: ServerOptions) {
    this.clock = new ScaledClock(options.speed);
  }

  get port(): number {
    return this.currentPort;
  }

  async start(): Promise<void> {
    const environment = { PORT: '0', DATA_DIR: this.dir.path, LOG_LEVEL: 'silent', AUTH_ATTEMPTS_PER_MINUTE: '100000' };
    const server = await createServer(
      { ...readSettings(environment), ...this.options.settings },
      {
        clock: this.clock,
        random: systemRandom,
        log: pino({ level: 'silent' }),
        // What a hash costs is not what this is about.
        passwords: new Passwords({ memoryKiB: 8, passes: 1 }),
        limits: { ...PLENTY, ...this.options.limits },
      },
    );
    this.currentPort = (await server.listen()).port;
    this.server = server;
  }

  async stop(): Promise<void> {
    const { server } = this;
    this.server = null;
    await server?.close();
  }

  kill(): Promise<void> {
    throw new Error('a server in this process cannot be killed');
  }

  connectionCount(): number {
    return this.server?.connectionCount() ?? 0;
  }

  slowDown(): void {
    this.clock.speed = 1;
  }

  remove(): void {
    this.dir.remove();
  }
}

/** In a process of its own, as it is operated. */
export class ProcessServer implements ServerHost {
  private readonly dir = makeDataDir();
  private child: ChildServer | null = null;

  constructor(private readonly environment: Record<string, string> = {}) {}

  get port(): number {
    return this.child === null ? 0 : Number(new URL(this.child.baseUrl).port);
  }

  /** It, where it runs. */
  get processes(): readonly ChildServer[] {
    return this.child === null ? [] : [this.child];
  }

  async start(): Promise<void> {
    this.child = await ChildServer.start({ DATA_DIR: this.dir.path, ...this.environment });
  }

  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  connectionCount(): number {
    return -1;
  }

  slowDown(): void {
    // Its time is ours.
  }

  remove(): void {
    this.dir.remove();
  }

  private async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const { child } = this;
    this.child = null;
    child?.signal(signal);
    await child?.exit();
  }
}
