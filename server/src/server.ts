import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { type Audit, NO_AUDIT } from './audit/audit';
import type { Registry } from 'prom-client';
import { AccessTokens } from './auth/access-tokens';
import { AuthService } from './auth/auth-service';
import { Passwords } from './auth/passwords';
import { keptTokenSecret } from './auth/token-secret';
import type { Bus } from './bus/bus';
import { openBus } from './bus/open-bus';
import { fillDemo } from './demo/fill-demo';
import { FileKeeper } from './files/file-keeper';
import { FileVault } from './files/file-vault';
import { AddressCounts } from './gateway/address-counts';
import { atMostCloseWait } from './gateway/close-wait';
import { Origins } from './gateway/origins';
import { LineBook } from './gateway/lines/line-book';
import { LineRelay } from './gateway/lines/line-relay';
import { SOCKET_IO_PATH, SocketIoGateway } from './gateway/socket-io-gateway';
import { UpgradeRouter, type UpgradeTarget } from './gateway/upgrade-router';
import { WEB_SOCKET_PATH, WebSocketGateway } from './gateway/web-socket-gateway';
import { createHttpApp, routesOf } from './http/http-app';
import { DEFAULT_HTTP_LIMITS, type HttpLimits } from './http/http-limits';
import { returnWindowMs } from './hub/drain-plan';
import { Hub } from './hub/hub';
import { DEFAULT_HUB_LIMITS, type HubLimits } from './hub/limits';
import { RequestLimits } from './limits/request-limits';
import { RequestsUnderWay } from './http/requests-under-way';
import { UNWATCHED } from './hub/hub-meter';
import { NoticeSockets } from './notices/notice-sockets';
import { NoticeReader } from './notices/notice-stream';
import { ServerMetrics } from './operations/metrics/server-metrics';
import { OperationsServer } from './operations/operations-server';
import { Readiness } from './operations/readiness';
import { addRequestIds } from './operations/request-ids';
import { TracedWork } from './operations/tracing/traced-work';
import { type Clock, pause } from './ports/clock';
import type { Tracing } from './ports/tracing';
import { IdMaker, type RandomBytes } from './ports/ids';
import { openLimitsRedis } from './limits/limits-redis';
import { Retention } from './rooms/retention';
import { type Settings } from './settings';
import { lockDataDir } from './store/data-dir-lock';
import { observedStore } from './store/observed-store';
import { openStore } from './store/open-store';
import type { Store } from './store/store';

/** What the server takes from outside; tests put their own in. */
export interface ServerPorts {
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly log: Logger;
  readonly passwords?: Passwords;
  readonly openStore?: (settings: Settings, log: Logger) => Store | Promise<Store>;
  /** Not started yet. Without it the settings decide. */
  readonly bus?: Bus;
  readonly limits?: Partial<HubLimits>;
  readonly httpLimits?: Partial<HttpLimits>;
  /** Takes note of what matters for safety; without it nobody does. */
  readonly audit?: Audit;
  /** Where limits are counted together with other processes; without it each counts alone. */
  readonly redis?: Redis;
  /** Metrics of the process that go out beside the server's own. */
  readonly processMetrics?: Registry;
}

/** The port is never 0. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface ChatServer {
  /** Starts to listen. The address to use. */
  listen(): Promise<Address>;
  /** Where metrics and probes are served apart from everything else; null where they are not. */
  operationsAddress(): Address | null;
  /** Every HTTP route, as `GET /v1/rooms/:roomId/events`. */
  readonly routes: readonly string[];
  /** Open connections, whatever carries them. */
  connectionCount(): number;
  /** Is not ready any more, finishes what was accepted, says `bye`, closes every connection and the store. */
  close(): Promise<void>;
}

const MINUTE_MS = 60_000;
/** An expired refresh token is told from an unknown one for this long. */
const EXPIRED_SESSIONS_KEPT_MS = 7 * 24 * 60 * MINUTE_MS;

/** The libraries are loaded where traces are wanted, and nowhere else. */
async function openTracing(settings: Settings, log: Logger): Promise<Tracing | null> {
  const { otlpEndpoint: endpoint, otlpServiceName: serviceName, otlpRatio: ratio } = settings;
  if (endpoint === null) {
    return null;
  }
  const { openOtlpTracing } = await import('./operations/tracing/otlp-tracing');
  return openOtlpTracing({ endpoint, serviceName, ratio, log });
}

async function refuseCutOff(bus: Bus): Promise<void> {
  if (!bus.isReady()) {
    throw new Error('expected a way to the other processes, got none');
  }
}

/** Builds the whole object graph. Nothing listens before `listen`. Throws `SettingError` and `StoreFailure`. */
export async function createServer(settings: Settings, ports: ServerPorts): Promise<ChatServer> {
  const { clock, random, log } = ports;
  const ids = new IdMaker(random);
  const secret = settings.tokenSecret ?? keptTokenSecret(settings.dataDir, random);
  mkdirSync(settings.dataDir, { recursive: true, mode: 0o700 });
  const lock = lockDataDir(settings.dataDir);
  const metrics = settings.metricsPort === null ? null : new ServerMetrics(ports.processMetrics ?? null);
  const tracing = await openTracing(settings, log);
  const plainStore = await (ports.openStore ?? openStore)(settings, log);
  const traced = tracing === null ? null : new TracedWork(tracing);
  const store = observedStore(
    plainStore,
    [metrics?.store ?? null, traced].filter((one) => one !== null),
  );
  const passwords = ports.passwords ?? new Passwords();
  await passwords.warmUp();
  await store.deleteSessionsExpiredBefore(clock.nowMs() - EXPIRED_SESSIONS_KEPT_MS);
  if (settings.demo) {
    await fillDemo({ store, passwords, ids, clock });
  }
  const tokens = new AccessTokens(secret, settings.accessTokenTtlMs, clock);
  const auth = new AuthService({ store, tokens, passwords, ids, clock, refreshTtlMs: settings.refreshTokenTtlMs });
  const bus = ports.bus ?? openBus({ redisUrl: settings.redisUrl, ids, clock, log });
  const limits = { ...DEFAULT_HUB_LIMITS, ...ports.limits };
  const { audit = NO_AUDIT } = ports;
  const notices = new NoticeSockets({ auth, store, clock, log, audit, limits });
  const hub = new Hub({
    store,
    bus,
    auth,
    clock,
    ids,
    log,
    meter: metrics?.hub ?? UNWATCHED,
    commandObserver: traced,
    limits,
    audit,
    sessionSockets: notices,
    heartbeatMs: settings.heartbeatMs,
    presenceGraceMs: settings.presenceGraceMs,
  });
  await hub.start();
  const origins = new Origins(settings.allowedOrigins);
  const addresses = new AddressCounts(settings.connectionsPerAddress, settings.trustProxy);
  const limitsRedis = ports.redis ?? (settings.redisUrl === null ? null : openLimitsRedis(settings.redisUrl));
  const requestLimits = new RequestLimits({
    clock,
    log,
    limits,
    authAttemptsPerMinute: settings.authAttemptsPerMinute,
    redis: limitsRedis,
  });
  const lines = new LineBook({ hub, clock, ids, processId: bus.processId });
  const relay = new LineRelay(lines, bus);
  const vault = new FileVault({ folder: settings.filesDir ?? settings.dataDir, isShared: settings.filesDir !== null });
  const files = new FileKeeper({ store, vault, clock, ids, log });
  await files.start();
  const retention =
    settings.retentionMs === null ? null : new Retention({ store, vault, clock, log, keptMs: settings.retentionMs });
  retention?.start();
  const readiness = new Readiness({
    clock,
    log,
    checks: [
      { name: 'store', check: () => store.ping() },
      { name: 'bus', check: () => refuseCutOff(bus) },
    ],
  });
  const app = await createHttpApp({
    readiness,
    auth,
    hub,
    store,
    clock,
    limits: requestLimits,
    audit,
    addresses,
    trustProxy: settings.trustProxy,
    origins,
    lines,
    relay,
    files,
    vault,
    log,
    staticDir: settings.staticDir,
    hstsMaxAgeS: settings.hstsMaxAgeS,
    httpLimits: { ...DEFAULT_HTTP_LIMITS, ...ports.httpLimits },
  });
  const underWay = new RequestsUnderWay();
  underWay.watch(app);
  addRequestIds(app, ids);
  traced?.watch(app);
  metrics?.watch({ app, hub, readiness });
  const { metricsHost, metricsPort } = settings;
  const operations =
    metrics === null || metricsPort === null
      ? null
      : new OperationsServer({ readiness, metrics, host: metricsHost, port: metricsPort });
  const webSockets = new WebSocketGateway(hub, log, settings.deflate);
  const noticeReader = settings.redisUrl === null ? null : new NoticeReader(settings.redisUrl, clock, log);
  const { deflate: deflates } = settings;
  const socketIo = new SocketIoGateway({ hub, notices, noticeReader, clock, log, limits, deflates });
  const upgrades = new Map<string, UpgradeTarget>([
    [WEB_SOCKET_PATH, webSockets],
    [SOCKET_IO_PATH, socketIo],
    [`${SOCKET_IO_PATH}/`, socketIo],
  ]);
  new UpgradeRouter(upgrades, origins, log, addresses, () => hub.isLeaving).attach(app.server);
  bus.start(hub.neighbours, (body, signal) => relay.answer(body, signal));

  return {
    async listen() {
      await operations?.listen();
      await app.listen({ host: settings.host, port: settings.port });
      const { port } = app.server.address() as AddressInfo;
      log.info({ host: settings.host, port, metricsPort: operations?.address?.port }, 'listening');
      return { host: settings.host, port };
    },
    routes: routesOf(app),
    operationsAddress: () => operations?.address ?? null,
    connectionCount: () => hub.connectionCount,
    async close() {
      log.info('shutting down');
      readiness.startDraining();
      await pause(clock, settings.drainDelayMs);
      await hub.drain(settings.drainSpreadMs ?? (bus.isShared ? returnWindowMs(hub.connectionCount) : 0));
      await Promise.all([webSockets.close(), socketIo.close(), lines.close()]);
      await atMostCloseWait(underWay.finished());
      await bus.close();
      files.dispose();
      retention?.dispose();
      await app.close();
      limitsRedis?.disconnect();
      await store.close();
      await operations?.close();
      await tracing?.close();
      lock.release();
      log.info('closed');
    },
  };
}
