import { pino } from 'pino';
import { RedisBus } from '../../src/bus/redis-bus';
import type { Clock } from '../../src/ports/clock';
import { SystemClock } from '../../src/ports/clock';
import { IdMaker, systemRandom } from '../../src/ports/ids';
import type { HubLimits } from '../../src/hub/limits';
import { readSettings, type Settings } from '../../src/settings';
import { openStore } from '../../src/store/open-store';
import type { Store } from '../../src/store/store';
import type { ServerPorts } from '../../src/server';
import { RedisServer } from './redis-server';
import { TcpRelay } from './tcp-relay';
import { makeTempDir } from './temp-dir';
import { testDatabaseOf } from './test-database';
import { type Person, TestServer } from './test-server';
import { until } from './until';

export interface ClusterOptions {
  readonly size?: number;
  readonly clock?: Clock;
  readonly settings?: Partial<Settings>;
  readonly limits?: Partial<HubLimits>;
  /** The settings name Redis, too: notices come, and limits are counted together. */
  readonly namesRedis?: boolean;
}

/** One process of a community: a server with its own way to Redis. */
export interface Member {
  readonly server: TestServer;
  readonly bus: RedisBus;
  /** Its line to Redis. */
  readonly relay: TcpRelay;
}

const SECRET = 'a secret that all processes of the test know';
const QUIET = pino({ level: 'silent' });

/** Several servers in this process, on one store and one Redis: what several server processes are to each other. */
export class Cluster {
  readonly members: Member[] = [];

  private constructor(
    readonly redis: RedisServer,
    /** What all processes keep; a look at it from outside. */
    readonly store: Store,
    private readonly databaseUrl: string | null,
    private readonly options: ClusterOptions,
    private readonly dir: ReturnType<typeof makeTempDir>,
  ) {}

  static async start(options: ClusterOptions = {}): Promise<Cluster> {
    const redis = await RedisServer.start();
    const dir = makeTempDir();
    const databaseUrl = await testDatabaseOf(dir.path);
    const settings = { ...readSettings({ DATA_DIR: dir.path }), databaseUrl };
    const cluster = new Cluster(redis, await openStore(settings, QUIET), databaseUrl, options, dir);
    for (let index = 0; index < (options.size ?? 2); index++) {
      await cluster.add();
    }
    return cluster;
  }

  async add(): Promise<Member> {
    const { settings, limits, namesRedis = false, clock = new SystemClock() } = this.options;
    const relay = await TcpRelay.start(this.redis.port);
    const processId = new IdMaker(systemRandom).make('p');
    const url = this.redis.urlAt(relay.port);
    const bus = new RedisBus({ url, processId, clock, log: QUIET });
    const server = await TestServer.start({
      clock,
      settings: {
        tokenSecret: SECRET,
        databaseUrl: this.databaseUrl,
        filesDir: this.dir.path,
        ...(namesRedis && { redisUrl: url }),
        ...settings,
      },
      ports: { bus, ...this.storePort(), ...(limits === undefined ? {} : { limits }) },
    });
    const member = { server, bus, relay };
    this.members.push(member);
    await this.joined();
    return member;
  }

  /**
   * On PostgreSQL each process has connections of its own. On SQLite they have one object, as if they shared its file, and
   * the test closes it.
   */
  private storePort(): Pick<ServerPorts, 'openStore'> {
    const { store } = this;
    const shared = new Proxy(store, {
      get: (target, name) => {
        const value: unknown = name === 'close' ? () => Promise.resolve() : Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    return this.databaseUrl === null ? { openStore: () => shared } : {};
  }

  /** Every process reaches the others. */
  async joined(): Promise<void> {
    await until(() => this.members.every(({ bus }) => bus.isReady()), 'all processes to reach Redis');
  }

  member(index: number): Member {
    const member = this.members[index];
    if (member === undefined) {
      throw new Error(`expected process ${index}, got ${this.members.length} of them`);
    }
    return member;
  }

  server(index: number): TestServer {
    return this.member(index).server;
  }

  /** A new user, who may use any of the servers. */
  person(name: string): Promise<Person> {
    return this.server(0).person(name);
  }

  /** One process says good-bye and ends. */
  async retire(index: number): Promise<void> {
    const { server, relay } = this.member(index);
    this.members.splice(index, 1);
    await server.stop();
    await relay.end();
  }

  async end(): Promise<void> {
    await Promise.all(this.members.map(({ server }) => server.stop()));
    await Promise.all(this.members.map(({ relay }) => relay.end()));
    await this.store.close();
    await this.redis.end();
    this.dir.remove();
  }
}
