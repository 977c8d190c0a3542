import { ChildServer } from '../../server/test/support/child-server.js';
import { PostgresServer } from '../../server/test/support/postgres-server.js';
import { RedisServer } from '../../server/test/support/redis-server.js';
import { TcpRelay } from '../../server/test/support/tcp-relay.js';
import { Balancer } from './balancer.js';
import { makeDataDir } from './data-dir.js';
import type { ServerHost } from './server-host.js';

const SIZE = 3;

/** One server process with its own line to Redis. */
interface Member {
  readonly relay: TcpRelay;
  readonly dir: ReturnType<typeof makeDataDir>;
  child: ChildServer | null;
}

/** Three server processes on one PostgreSQL and one Redis, behind a balancer: for the devices one server. */
export class Cluster implements ServerHost {
  private readonly members: Member[] = [];
  private readonly filesDir = makeDataDir();
  private postgres: PostgresServer | null = null;
  private redis: RedisServer | null = null;
  private balancer: Balancer | null = null;
  private databaseUrl = '';

  /** `environment`: settings of every process beside those that join them. */
  constructor(private readonly environment: Record<string, string> = {}) {}

  get port(): number {
    return this.balancer?.port ?? 0;
  }

  /** Those that run. */
  get processes(): readonly ChildServer[] {
    return this.members.flatMap(({ child }) => child ?? []);
  }

  /** Everything at first; later the processes that are not there. */
  async start(): Promise<void> {
    if (this.balancer === null) {
      await this.build();
    }
    await Promise.all(this.members.map((member) => this.startMember(member)));
    this.lead();
  }

  /** All processes, one after the other, as an operator ends them. */
  async stop(): Promise<void> {
    for (const member of this.members) {
      await this.endMember(member, 'SIGTERM');
    }
    await this.redis?.end();
    await this.postgres?.stop();
    await Promise.all(this.members.map(({ relay }) => relay.end()));
    await this.balancer?.close();
    this.balancer = null;
  }

  /** The process with this number, at once, at whatever it is doing. The balancer notices. */
  async killOne(index: number): Promise<void> {
    const member = this.members[index % this.members.length];
    if (member !== undefined) {
      await this.endMember(member, 'SIGKILL');
      this.lead();
    }
  }

  kill(): Promise<void> {
    return this.killOne(0);
  }

  /** Redis forgets all that it knew. */
  async stopRedis(): Promise<void> {
    await this.redis?.stop();
  }

  async startRedis(): Promise<void> {
    await this.redis?.restart();
  }

  /** As after a crash: what was committed is there. */
  async stopPostgres(): Promise<void> {
    await this.postgres?.halt();
  }

  async startPostgres(): Promise<void> {
    await this.postgres?.resume();
  }

  /** No way from this process to Redis, while its clients and its database are with it as before. */
  cutOff(index: number): void {
    this.members[index % this.members.length]?.relay.cut();
  }

  mend(): void {
    this.members.forEach(({ relay }) => relay.mend());
  }

  connectionCount(): number {
    return -1;
  }

  slowDown(): void {
    // Its time is ours.
  }

  remove(): void {
    this.filesDir.remove();
    this.members.forEach(({ dir }) => dir.remove());
  }

  private async build(): Promise<void> {
    const [postgres, redis] = await Promise.all([PostgresServer.start(), RedisServer.start()]);
    this.postgres = postgres;
    this.redis = redis;
    this.databaseUrl = await postgres.newDatabase();
    for (let i = 0; i < SIZE; i++) {
      this.members.push({ relay: await TcpRelay.start(redis.port), dir: makeDataDir(), child: null });
    }
    this.balancer = await Balancer.start();
  }

  private async startMember(member: Member): Promise<void> {
    member.child ??= await ChildServer.start({
      DATA_DIR: member.dir.path,
      FILES_DIR: this.filesDir.path,
      DATABASE_URL: this.databaseUrl,
      DATABASE_POOL_SIZE: '8',
      REDIS_URL: this.redis?.urlAt(member.relay.port) ?? '',
      TOKEN_SECRET: 'a secret that all processes of a cluster share',
      ...this.environment,
    });
  }

  private async endMember(member: Member, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const { child } = member;
    member.child = null;
    child?.signal(signal);
    await child?.exit();
  }

  private lead(): void {
    const living = this.processes.map(({ baseUrl }) => Number(new URL(baseUrl).port));
    this.balancer?.lead(living);
  }
}
