import { pino } from 'pino';
import { decodeSessionTokens, type SessionTokens } from '../../../common/core/src/main/ets/wire/HttpBodies';
import { Passwords } from '../../src/auth/passwords';
import type { Clock } from '../../src/ports/clock';
import { SystemClock } from '../../src/ports/clock';
import { systemRandom } from '../../src/ports/ids';
import { type ChatServer, createServer, type ServerPorts } from '../../src/server';
import { readSettings, type Settings } from '../../src/settings';
import { openStore } from '../../src/store/open-store';
import type { Store } from '../../src/store/store';
import { ApiClient, expectStatus, PASSWORD } from './api-client';
import { SocketClient } from './socket-client';
import { testDatabaseOf } from './test-database';
import { makeTempDir } from './temp-dir';

/** The least that argon2 takes: what a hash costs is not what these tests are about. */
export const CHEAP_PASSWORDS = new Passwords({ memoryKiB: 8, passes: 1 });

export interface Person {
  readonly tokens: SessionTokens;
  readonly api: ApiClient;
  readonly userId: string;
  readonly userName: string;
}

export interface TestServerOptions {
  readonly clock?: Clock;
  readonly settings?: Partial<Settings>;
  readonly ports?: Partial<ServerPorts>;
}

let people = 0;

/** Each look is a request to the server, which gives it time to notice. */
const MAX_LOOKS = 2000;

/** The real server on a port of its own, with a database of its own: of the kind that the run is about (`test-database`). */
export class TestServer {
  private constructor(
    readonly server: ChatServer,
    readonly baseUrl: string,
    private readonly settings: Settings,
    private readonly removeDir: () => void,
  ) {}

  static async start(options: TestServerOptions = {}): Promise<TestServer> {
    const dir = makeTempDir();
    const settings: Settings = {
      ...readSettings({ PORT: '0', DATA_DIR: dir.path, LOG_LEVEL: 'silent', AUTH_ATTEMPTS_PER_MINUTE: '100000' }),
      databaseUrl: await testDatabaseOf(options.settings?.dataDir ?? dir.path),
      ...options.settings,
    };
    const server = await createServer(settings, {
      clock: options.clock ?? new SystemClock(),
      random: systemRandom,
      log: pino({ level: 'silent' }),
      passwords: CHEAP_PASSWORDS,
      ...options.ports,
    });
    const { host, port } = await server.listen();
    return new TestServer(server, `http://${host}:${port}`, settings, dir.remove);
  }

  get dataDir(): string {
    return this.settings.dataDir;
  }

  /** Whether the run is about SQLite, whose files a test can look at. */
  get isInFiles(): boolean {
    return this.settings.databaseUrl === null;
  }

  /** What names its data to another process. */
  get environment(): Record<string, string> {
    return { DATA_DIR: this.settings.dataDir, DATABASE_URL: this.settings.databaseUrl ?? '' };
  }

  /** A second store on the server's data. */
  openStore(): Promise<Store> {
    return openStore(this.settings, pino({ level: 'silent' }));
  }

  get socketUrl(): string {
    return `${this.baseUrl.replace('http', 'ws')}/v1/ws`;
  }

  get api(): ApiClient {
    return new ApiClient(this.baseUrl);
  }

  /** A new user. The name is the given one with a number, so that tests of one server do not meet. */
  async person(name: string): Promise<Person> {
    return this.personOf(JSON.stringify(await this.api.signUp(`${name}_${++people}`)));
  }

  /** The same person with the tokens that refreshing brought. */
  async refreshed({ tokens: old }: Person): Promise<Person> {
    const body = JSON.stringify({ refreshToken: old.refreshToken });
    return this.personOf(expectStatus(await this.api.call('POST', '/v1/auth/refresh', body), 200).text);
  }

  /** The same person in a session of its own. */
  async signedIn({ userName }: Person): Promise<Person> {
    const body = JSON.stringify({ userName, password: PASSWORD });
    return this.personOf(expectStatus(await this.api.call('POST', '/v1/auth/sign-in', body), 200).text);
  }

  open(person: Person): Promise<SocketClient> {
    return SocketClient.open(this.socketUrl, person.tokens.accessToken);
  }

  connect(offers?: string[]): Promise<SocketClient> {
    return SocketClient.connect(this.socketUrl, offers);
  }

  /** Returns once the server noticed every close but those of `count` connections. */
  async untilConnections(count: number): Promise<void> {
    for (let looks = 0; this.server.connectionCount() !== count; looks++) {
      if (looks === MAX_LOOKS) {
        throw new Error(`expected ${count} connections, got ${this.server.connectionCount()}`);
      }
      await this.api.call('GET', '/healthz');
    }
  }

  private personOf(text: string): Person {
    const tokens = decodeSessionTokens(text);
    const api = new ApiClient(this.baseUrl, tokens.accessToken);
    return { tokens, api, userId: tokens.userId, userName: tokens.userName };
  }

  async stop(): Promise<void> {
    await this.server.close();
    this.removeDir();
  }
}
