import { readFileSync, statSync } from 'node:fs';
import { AUDIT_TO_STDOUT } from './audit/audit';
import { type TrustedProxies, trustOf } from './gateway/client-address';
import { isAbsolute, relative, resolve, sep } from 'node:path';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** What an operator decides. The environment variables and their defaults are in `readSettings`. */
export interface Settings {
  /** 0 lets the system choose one. */
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
  /** PostgreSQL's address, which may hold a password; null: SQLite in `dataDir`. */
  readonly databaseUrl: string | null;
  /** Redis, which joins several server processes on one PostgreSQL; null: this process is alone. May hold a password. */
  readonly redisUrl: string | null;
  /** Connections to PostgreSQL at most. */
  readonly databasePoolSize: number;
  /** Folder for the files of rooms that all processes share; null: in `dataDir`. */
  readonly filesDir: string | null;
  /** Signs access tokens; null: made once and kept in `dataDir`. */
  readonly tokenSecret: string | null;
  /** Older events are deleted; null: none ever. */
  readonly retentionMs: number | null;
  readonly accessTokenTtlMs: number;
  readonly refreshTokenTtlMs: number;
  readonly heartbeatMs: number;
  readonly presenceGraceMs: number;
  readonly authAttemptsPerMinute: number;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** Folder served at `/`; null serves none. */
  readonly staticDir: string | null;
  /** Web pages elsewhere that may use the server; `*` names all. */
  readonly allowedOrigins: readonly string[];
  /** How long browsers that came by TLS shall come by TLS alone; 0 says nothing of it. */
  readonly hstsMaxAgeS: number;
  /** Proxies whose `X-Forwarded-For` counts: how many in a row, or their networks. 0: none. */
  readonly trustProxy: TrustedProxies;
  /** Connections that carry frames, of one address, in this process. */
  readonly connectionsPerAddress: number;
  /** Whether WebSockets (Socket.IO's too) are packed where a client offers it: less traffic for more of the processor. */
  readonly deflate: boolean;
  /** File of the audit log, `-` for stdout; null: none is kept. */
  readonly auditLog: string | null;
  /** Where `/metrics` and the probes listen apart from everything else; null: nowhere. 0 lets the system choose a port. */
  readonly metricsPort: number | null;
  readonly metricsHost: string;
  /** Between "not ready" and the first `bye`: balancers look in the meantime. */
  readonly drainDelayMs: number;
  /** Over how long connections are told to go; null: as long as it takes to take them in elsewhere. */
  readonly drainSpreadMs: number | null;
  /** A shutdown that takes longer is cut short. */
  readonly drainLimitMs: number;
  /** Base address of an OpenTelemetry collector; null traces nothing. */
  readonly otlpEndpoint: string | null;
  readonly otlpServiceName: string;
  /** The share of traces that are recorded, 0 to 1. */
  readonly otlpRatio: number;
  /** Makes users with a well-known password and rooms to look at. */
  readonly demo: boolean;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** A setting that the server cannot start with. The message is a whole sentence for the operator. */
export class SettingError extends Error {
  constructor(name: string, expected: string, actual: string) {
    super(`${name}: expected ${expected}, got ${actual}.`);
    this.name = 'SettingError';
  }
}

const DAY_S = 24 * 60 * 60;
const MIN_SECRET_LENGTH = 32;
/** A client message id is unique for at least so long. Source: docs/PROTOCOL.md, "Promises". */
const MIN_RETENTION_DAYS = 30;

/** What may stand in a file instead, whose path is in NAME_FILE: who lists processes or reads a container file sees no secret. */
const SECRETS: ReadonlySet<string> = new Set(['TOKEN_SECRET', 'DATABASE_URL', 'REDIS_URL']);

function secretFileText(env: Environment, name: string): string {
  const path = env[`${name}_FILE`]?.trim() ?? '';
  if (path === '') {
    return '';
  }
  try {
    const text = readFileSync(path, 'utf8').trim();
    if (text !== '') {
      return text;
    }
  } catch (error) {
    throw new SettingError(`${name}_FILE`, 'a file that can be read', (error as Error).message);
  }
  throw new SettingError(`${name}_FILE`, 'a file with the secret in it', `an empty one: "${path}"`);
}

/** An empty variable counts as an absent one: that is how shells and container files switch one off. */
function textOf(env: Environment, name: string, fallback: string): string {
  const value = env[name]?.trim() || (SECRETS.has(name) ? secretFileText(env, name) : '');
  return value === '' ? fallback : value;
}

function integerOf(env: Environment, name: string, fallback: number, min: number, max: number): number {
  const text = textOf(env, name, String(fallback));
  const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
  if (!(value >= min && value <= max)) {
    throw new SettingError(name, `a whole number from ${min} to ${max}`, `"${text}"`);
  }
  return value;
}

function secretOf(env: Environment): string | null {
  const secret = textOf(env, 'TOKEN_SECRET', '');
  if (secret !== '' && secret.length < MIN_SECRET_LENGTH) {
    throw new SettingError('TOKEN_SECRET', `at least ${MIN_SECRET_LENGTH} characters`, `${secret.length}`);
  }
  return secret === '' ? null : secret;
}

function databaseUrlOf(env: Environment): string | null {
  const text = textOf(env, 'DATABASE_URL', '');
  if (text === '') {
    return null;
  }
  // Not what was given: it may hold a password.
  if (!/^postgres(ql)?:$/.test(protocolOf(text))) {
    throw new SettingError('DATABASE_URL', 'postgres://user:password@host:port/database', 'something else');
  }
  return text;
}

function protocolOf(text: string): string {
  try {
    return new URL(text).protocol;
  } catch {
    return ''; // Not a URL, so without a protocol: the caller says so.
  }
}

/** Several processes need one store that all of them reach, and one secret by which each knows the tokens of the others. */
function redisUrlOf(env: Environment): string | null {
  const text = textOf(env, 'REDIS_URL', '');
  if (text === '') {
    return null;
  }
  // Not what was given: it may hold a password.
  if (!/^rediss?:$/.test(protocolOf(text))) {
    throw new SettingError('REDIS_URL', 'redis://user:password@host:port/database', 'something else');
  }
  const missing = ['DATABASE_URL', 'TOKEN_SECRET'].find((name) => textOf(env, name, '') === '');
  if (missing !== undefined) {
    throw new SettingError('REDIS_URL', `${missing} beside it`, 'none');
  }
  return text;
}

function retentionOf(env: Environment): number | null {
  return textOf(env, 'RETENTION_DAYS', '') === ''
    ? null
    : 1000 * DAY_S * integerOf(env, 'RETENTION_DAYS', 0, MIN_RETENTION_DAYS, 36_500);
}

function logLevelOf(env: Environment): Settings['logLevel'] {
  const text = textOf(env, 'LOG_LEVEL', 'info');
  const level = LOG_LEVELS.find((known) => known === text);
  if (level === undefined) {
    throw new SettingError('LOG_LEVEL', `one of ${LOG_LEVELS.join(', ')}`, `"${text}"`);
  }
  return level;
}

function staticDirOf(env: Environment): string | null {
  const text = textOf(env, 'STATIC_DIR', '');
  if (text === '') {
    return null;
  }
  if (statSync(text, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new SettingError('STATIC_DIR', 'an existing folder', `"${text}"`);
  }
  return resolve(text);
}

/** Everything below STATIC_DIR is for everyone; the database, the token secret and the files of rooms are for nobody. */
function privateDirOf(name: string, text: string, staticDir: string | null): string {
  const folder = resolve(text);
  const way = staticDir === null ? '..' : relative(staticDir, folder);
  if (!isAbsolute(way) && way.split(sep)[0] !== '..') {
    throw new SettingError(name, 'a folder outside STATIC_DIR', `"${folder}"`);
  }
  return folder;
}

function filesDirOf(env: Environment, staticDir: string | null): string | null {
  const text = textOf(env, 'FILES_DIR', '');
  return text === '' ? null : privateDirOf('FILES_DIR', text, staticDir);
}

function originOf(text: string): string | null {
  try {
    return new URL(text).origin;
  } catch {
    return null; // Not a URL, so not an origin either: the caller says so.
  }
}

function allowedOriginsOf(env: Environment): string[] {
  const origins = textOf(env, 'ALLOWED_ORIGINS', '')
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '');
  origins.forEach((text) => {
    if (text !== '*' && originOf(text) !== text) {
      const expected = '* or origins such as https://chat.example, separated by commas';
      throw new SettingError('ALLOWED_ORIGINS', expected, `"${text}"`);
    }
  });
  return origins;
}

function auditLogOf(env: Environment, staticDir: string | null): string | null {
  const text = textOf(env, 'AUDIT_LOG', '');
  if (text === '' || text === AUDIT_TO_STDOUT) {
    return text === '' ? null : text;
  }
  const way = staticDir === null ? '..' : relative(staticDir, resolve(text));
  if (!isAbsolute(way) && way.split(sep)[0] !== '..') {
    throw new SettingError('AUDIT_LOG', '- or a file outside STATIC_DIR', `"${text}"`);
  }
  return resolve(text);
}

function trustProxyOf(env: Environment): TrustedProxies {
  const text = textOf(env, 'TRUST_PROXY', '0');
  if (/^\d{1,2}$/.test(text)) {
    return Number(text);
  }
  const networks = text.split(',').map((network) => network.trim());
  try {
    trustOf(networks);
  } catch {
    const expected = 'a number of proxies, or networks such as 10.0.0.0/8, separated by commas';
    throw new SettingError('TRUST_PROXY', expected, `"${text}"`);
  }
  return networks;
}

function switchOf(env: Environment, name: string): boolean {
  const text = textOf(env, name, '0');
  if (text !== '0' && text !== '1') {
    throw new SettingError(name, '0 or 1', `"${text}"`);
  }
  return text === '1';
}

function optionalIntegerOf(env: Environment, name: string, min: number, max: number): number | null {
  return textOf(env, name, '') === '' ? null : integerOf(env, name, 0, min, max);
}

function tracingOf(env: Environment): Pick<Settings, 'otlpEndpoint' | 'otlpServiceName' | 'otlpRatio'> {
  const endpoint = textOf(env, 'OTEL_EXPORTER_OTLP_ENDPOINT', '');
  if (endpoint !== '' && !/^https?:\/\/[^/]/.test(endpoint)) {
    throw new SettingError('OTEL_EXPORTER_OTLP_ENDPOINT', 'an address such as http://localhost:4318', `"${endpoint}"`);
  }
  const ratio = textOf(env, 'OTEL_TRACES_SAMPLER_ARG', '1');
  if (!/^(0(\.\d{1,9})?|1(\.0{1,9})?)$/.test(ratio)) {
    throw new SettingError('OTEL_TRACES_SAMPLER_ARG', 'a number from 0 to 1', `"${ratio}"`);
  }
  return {
    otlpEndpoint: endpoint === '' ? null : endpoint,
    otlpServiceName: textOf(env, 'OTEL_SERVICE_NAME', 'parley'),
    otlpRatio: Number(ratio),
  };
}

function drainOf(env: Environment): Pick<Settings, 'drainDelayMs' | 'drainSpreadMs' | 'drainLimitMs'> {
  const drainDelayMs = integerOf(env, 'DRAIN_DELAY_MS', 0, 0, 600_000);
  const drainSpreadMs = optionalIntegerOf(env, 'DRAIN_SPREAD_MS', 0, 600_000);
  const drainLimitMs = integerOf(env, 'DRAIN_LIMIT_MS', 30_000, 1000, 1_800_000);
  const plannedMs = drainDelayMs + (drainSpreadMs ?? 0);
  if (plannedMs >= drainLimitMs) {
    throw new SettingError(
      'DRAIN_LIMIT_MS',
      `more than DRAIN_DELAY_MS + DRAIN_SPREAD_MS (${plannedMs})`,
      `${drainLimitMs}`,
    );
  }
  return { drainDelayMs, drainSpreadMs, drainLimitMs };
}

/**
 * The settings in `env`. Throws `SettingError` for the first one that is wrong.
 *
 * HOST is the loopback address unless set: on it the browser of this machine and the emulator (which sees it as 10.0.2.2)
 * reach the server, and nobody else does. A phone in the same network needs HOST=0.0.0.0.
 */
export function readSettings(env: Environment): Settings {
  const staticDir = staticDirOf(env);
  return {
    port: integerOf(env, 'PORT', 8080, 0, 65_535),
    host: textOf(env, 'HOST', '127.0.0.1'),
    dataDir: privateDirOf('DATA_DIR', textOf(env, 'DATA_DIR', '.data'), staticDir),
    databaseUrl: databaseUrlOf(env),
    redisUrl: redisUrlOf(env),
    databasePoolSize: integerOf(env, 'DATABASE_POOL_SIZE', 10, 1, 1000),
    filesDir: filesDirOf(env, staticDir),
    tokenSecret: secretOf(env),
    retentionMs: retentionOf(env),
    accessTokenTtlMs: 1000 * integerOf(env, 'ACCESS_TOKEN_TTL_S', 3600, 5, 7 * DAY_S),
    refreshTokenTtlMs: 1000 * integerOf(env, 'REFRESH_TOKEN_TTL_S', 30 * DAY_S, 60, 400 * DAY_S),
    heartbeatMs: integerOf(env, 'HEARTBEAT_MS', 25_000, 1000, 600_000),
    presenceGraceMs: integerOf(env, 'PRESENCE_GRACE_MS', 5000, 0, 300_000),
    authAttemptsPerMinute: integerOf(env, 'AUTH_ATTEMPTS_PER_MINUTE', 30, 1, 100_000),
    logLevel: logLevelOf(env),
    staticDir,
    allowedOrigins: allowedOriginsOf(env),
    hstsMaxAgeS: integerOf(env, 'HSTS_MAX_AGE_S', 0, 0, 730 * DAY_S),
    trustProxy: trustProxyOf(env),
    connectionsPerAddress: integerOf(env, 'CONNECTIONS_PER_ADDRESS', 10_000, 1, 1_000_000),
    deflate: switchOf(env, 'WS_DEFLATE'),
    auditLog: auditLogOf(env, staticDir),
    metricsPort: optionalIntegerOf(env, 'METRICS_PORT', 0, 65_535),
    metricsHost: textOf(env, 'METRICS_HOST', '127.0.0.1'),
    ...drainOf(env),
    ...tracingOf(env),
    demo: switchOf(env, 'DEMO'),
  };
}
