import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { AccessTokens } from './auth/access-tokens';
import { AuthService } from './auth/auth-service';
import { Passwords } from './auth/passwords';
import { keptTokenSecret } from './auth/token-secret';
import { fillDemo } from './demo/fill-demo';
import { FileKeeper } from './files/file-keeper';
import { FileVault } from './files/file-vault';
import { atMostCloseWait } from './gateway/close-wait';
import { Origins } from './gateway/origins';
import { LineBook } from './gateway/lines/line-book';
import { SOCKET_IO_PATH, SocketIoGateway } from './gateway/socket-io-gateway';
import { UpgradeRouter, type UpgradeTarget } from './gateway/upgrade-router';
import { WEB_SOCKET_PATH, WebSocketGateway } from './gateway/web-socket-gateway';
import { createHttpApp } from './http/http-app';
import { RequestsUnderWay } from './http/requests-under-way';
import { Hub } from './hub/hub';
import { DEFAULT_HUB_LIMITS, type HubLimits } from './hub/limits';
import { UNWATCHED } from './hub/hub-meter';
import { SlidingWindows, TokenBuckets } from './hub/rate-limiter';
import { ServerMetrics } from './operations/metrics/server-metrics';
import { OperationsServer } from './operations/operations-server';
import { Readiness } from './operations/readiness';
import { addRequestIds } from './operations/request-ids';
import { TracedWork } from './operations/tracing/traced-work';
import { type Clock, pause } from './ports/clock';
import type { Tracing } from './ports/tracing';
import { IdMaker, type RandomBytes } from './ports/ids';
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
  readonly limits?: Partial<HubLimits>;
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
  const limits = { ...DEFAULT_HUB_LIMITS, ...ports.limits };
  const hub = new Hub({
    store,
    auth,
    clock,
    ids,
    log,
    meter: metrics?.hub ?? UNWATCHED,
    commandObserver: traced,
    limits,
    heartbeatMs: settings.heartbeatMs,
    presenceGraceMs: settings.presenceGraceMs,
  });
  const origins = new Origins(settings.allowedOrigins);
  const attempts = new SlidingWindows(clock, settings.authAttemptsPerMinute, MINUTE_MS);
  const lines = new LineBook({ hub, clock, ids });
  const vault = new FileVault({ folder: settings.filesDir ?? settings.dataDir, isShared: settings.filesDir !== null });
  const files = new FileKeeper({ store, vault, clock, ids, log });
  await files.start();
  const retention =
    settings.retentionMs === null ? null : new Retention({ store, vault, clock, log, keptMs: settings.retentionMs });
  retention?.start();
  const readiness = new Readiness({ clock, log, checks: [{ name: 'store', check: () => store.ping() }] });
  const app = await createHttpApp({
    readiness,
    auth,
    hub,
    store,
    clock,
    attempts,
    origins,
    lines,
    files,
    vault,
    uploads: new TokenBuckets(clock, limits.uploadsPerSecond, limits.uploadBurst),
    searches: new TokenBuckets(clock, limits.searchesPerSecond, limits.searchBurst),
    log,
    staticDir: settings.staticDir,
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
  const webSockets = new WebSocketGateway(hub, log);
  const socketIo = new SocketIoGateway(hub, log, limits.helloTimeoutMs);
  const upgrades = new Map<string, UpgradeTarget>([
    [WEB_SOCKET_PATH, webSockets],
    [SOCKET_IO_PATH, socketIo],
    [`${SOCKET_IO_PATH}/`, socketIo],
  ]);
  new UpgradeRouter(upgrades, origins, log, () => hub.isLeaving).attach(app.server);

  return {
    async listen() {
      await operations?.listen();
      await app.listen({ host: settings.host, port: settings.port });
      const { port } = app.server.address() as AddressInfo;
      log.info({ host: settings.host, port }, 'listening');
      return { host: settings.host, port };
    },
    operationsAddress: () => operations?.address ?? null,
    connectionCount: () => hub.connectionCount,
    async close() {
      log.info('shutting down');
      readiness.startDraining();
      await pause(clock, settings.drainDelayMs);
      await hub.drain(settings.drainSpreadMs ?? 0);
      await Promise.all([webSockets.close(), socketIo.close(), lines.close()]);
      await atMostCloseWait(underWay.finished());
      files.dispose();
      retention?.dispose();
      await app.close();
      await store.close();
      await operations?.close();
      await tracing?.close();
      lock.release();
      log.info('closed');
    },
  };
}
