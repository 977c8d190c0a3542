import type {
  AdvancedHttpClient,
  ChatService,
  Core,
  FakeNetwork,
  LogLevel,
  MemoryHttpCacheStore,
  MemoryKeyValueStore,
  MemoryOutboxStore,
  Platform,
  SessionAuth,
  SessionService,
  TimelineRow,
} from '../../host/src/node/load-core.js';
import type { ClientHistory } from '../history/history.js';
import { transportsOf, type Carrier } from './carriers.js';
import { pause } from './pause.js';
import { Recorder } from './recorder.js';
import { ScaledClock } from './scaled-clock.js';
import type { FaultProxy } from '../proxy/fault-proxy.js';
import { ConnectionWatch } from './connection-watch.js';

const PASSWORD = 'correct horse battery';
const KEPT_LOG_LINES = 60;
/** Before a page is asked for again that did not come. */
const RETRY_MS = 20;

export interface DeviceOptions {
  readonly core: Core;
  readonly platform: Platform;
  readonly userName: string;
  readonly seed: number;
  readonly speed: number;
  readonly carrier: Carrier;
  /** The only way to the server. Closed with the device. */
  readonly proxy: FaultProxy;
}

/** The real chat of one user, as on a device: real sockets through a proxy, real time that runs faster, stores in memory. */
export class Device {
  readonly clock: ScaledClock;
  readonly network: FakeNetwork;
  readonly proxy: FaultProxy;
  readonly recorder: Recorder;
  readonly watch: ConnectionWatch;
  private readonly settings: MemoryKeyValueStore;
  private readonly secrets: MemoryKeyValueStore;
  private readonly outbox: MemoryOutboxStore;
  private readonly kept: MemoryHttpCacheStore;
  private readonly logLines: string[] = [];
  private lives = 0;
  private http: AdvancedHttpClient;
  private sessions: SessionService;
  private service: ChatService;

  constructor(private readonly options: DeviceOptions) {
    const { core, speed, proxy } = options;
    this.clock = new ScaledClock(speed);
    this.network = new core.FakeNetwork();
    this.proxy = proxy;
    this.recorder = new Recorder(core);
    this.watch = new ConnectionWatch();
    this.settings = new core.MemoryKeyValueStore();
    this.secrets = new core.MemoryKeyValueStore();
    this.outbox = new core.MemoryOutboxStore();
    this.kept = new core.MemoryHttpCacheStore();
    const auth = new core.SessionAuth();
    this.http = this.makeHttp(auth);
    this.sessions = this.makeSessions(auth);
    this.service = this.makeChat();
  }

  get name(): string {
    return this.options.userName;
  }

  get chat(): ChatService {
    return this.service;
  }

  get isConnected(): boolean {
    return this.service.connection() === this.options.core.ConnectionState.Connected;
  }

  /** A fault meets an open line, or it meets nothing. */
  async connected(): Promise<void> {
    await this.watch.until(() => this.isConnected);
  }

  /** The last lines of the log, newest last. */
  get log(): readonly string[] {
    return this.logLines;
  }

  /** How often its tokens were replaced. */
  get renewals(): number {
    return Math.max(0, this.secrets.writes - 1);
  }

  async signUp(): Promise<void> {
    await this.unhurried(() => this.sessions.signUp(this.proxy.url, this.name, PASSWORD));
    this.service.start();
  }

  /** Time goes at its own pace meanwhile: what comes before the faults may take as long as the machine needs. */
  async unhurried<T>(work: () => Promise<T>): Promise<T> {
    this.clock.speed = 1;
    try {
      return await work();
    } finally {
      this.clock.speed = this.options.speed;
    }
  }

  /** The app was killed, and is opened again: what is stored is all that is left. */
  async restart(): Promise<void> {
    const roomIds = [...this.recorder.views.keys()];
    this.service.dispose();
    this.http.dispose();
    const auth = new this.options.core.SessionAuth();
    this.http = this.makeHttp(auth);
    this.sessions = this.makeSessions(auth);
    this.service = this.makeChat();
    if (!(await this.sessions.restore())) {
      throw new Error(`${this.name}: the session was not stored`);
    }
    this.service.start();
    await this.watch.until(() => roomIds.every((roomId) => this.service.room(roomId) !== null));
    await Promise.all(roomIds.map((roomId) => this.open(roomId)));
  }

  /** Shows the room, as often as it takes: the page is read over a line that breaks. */
  async open(roomId: string): Promise<void> {
    this.recorder.view(roomId);
    while (!this.service.timeline(roomId).isLoaded) {
      await this.service.openRoom(roomId).catch(() => pause(RETRY_MS));
    }
  }

  send(roomId: string, text: string): void {
    const clientId = this.service.sendMessage(roomId, text);
    this.recorder.view(roomId).sent.push({ clientId, text, isRetried: false });
  }

  /** What its user does about messages that say that they failed. */
  retryFailed(): void {
    for (const [roomId, view] of this.recorder.views) {
      for (const row of this.rows(roomId).filter(
        ({ delivery }) => delivery === this.options.core.DeliveryState.Failed,
      )) {
        view.sent.filter(({ clientId }) => clientId === row.clientId).forEach((one) => (one.isRetried = true));
        this.service.retryMessage(roomId, row.clientId);
      }
    }
  }

  /** Whether everything sent is shown as sent, and every room is shown up to the given seq. */
  isSettled(heads: ReadonlyMap<string, number>): boolean {
    return (
      this.isConnected &&
      [...this.recorder.views.keys()].every((roomId) => {
        const rows = this.rows(roomId);
        const last = rows.at(-1);
        return this.recorder.confirmedCount(rows) === rows.length && last?.seq === heads.get(roomId);
      })
    );
  }

  /** Own messages that are not confirmed. */
  unconfirmedCount(): number {
    return [...this.recorder.views.keys()].reduce((sum, roomId) => {
      const rows = this.rows(roomId);
      return sum + rows.length - this.recorder.confirmedCount(rows);
    }, 0);
  }

  rows(roomId: string): TimelineRow[] {
    return this.service.timeline(roomId).rows;
  }

  history(): ClientHistory {
    this.recorder.finish(this.service);
    return { name: this.name, userId: this.service.me().userId, rooms: this.recorder.views };
  }

  /** What is left of the chat after its end, empty for nothing. */
  dispose(): string[] {
    this.service.dispose();
    this.http.dispose();
    const left: string[] = [];
    if (this.clock.pendingTimers() > 0) {
      left.push(`${this.name}: ${this.clock.pendingTimers()} timers`);
    }
    if (this.network.handlerCount() > 0) {
      left.push(`${this.name}: ${this.network.handlerCount()} network handlers`);
    }
    return left;
  }

  private makeHttp(auth: SessionAuth): AdvancedHttpClient {
    const { core, platform, seed } = this.options;
    this.lives += 1;
    const logger = this.logger();
    return core.apiHttpClient(
      {
        clock: this.clock,
        random: new core.SeededRandom(seed * 1000 + 500 + this.lives),
        logger,
        http: new platform.KitHttp(),
        network: this.network,
        cache: new core.HttpCache(this.clock, logger, this.kept),
      },
      auth,
    );
  }

  private makeSessions(auth: SessionAuth): SessionService {
    const sessions = new this.options.core.SessionService({
      clock: this.clock,
      http: this.http,
      settings: this.settings,
      secrets: this.secrets,
      logger: this.logger(),
    });
    auth.bind(sessions);
    return sessions;
  }

  private makeChat(): ChatService {
    const { core, platform, carrier, seed } = this.options;
    const transports = transportsOf(carrier, { core, platform, clock: this.clock, logger: this.logger() });
    const chat = new core.ChatService({
      clock: this.clock,
      random: new core.SeededRandom(seed * 1000 + this.lives),
      transports: transports.map((transport) => this.watch.around(transport)),
      http: this.http,
      settings: this.settings,
      outbox: this.outbox,
      network: this.network,
      logger: this.logger(),
      sessions: this.sessions,
    });
    this.recorder.watch(chat);
    const { ChatEventKind } = core;
    for (const kind of [ChatEventKind.ConnectionChanged, ChatEventKind.RoomsChanged, ChatEventKind.TimelineChanged]) {
      chat.subscribe(kind, () => this.watch.changed());
    }
    return chat;
  }

  private logger(): { log(level: LogLevel, area: string, text: string): void } {
    return {
      log: (level, area, text) => {
        this.logLines.push(`${level} ${area}: ${text}`);
        this.logLines.splice(0, this.logLines.length - KEPT_LOG_LINES);
      },
    };
  }
}
