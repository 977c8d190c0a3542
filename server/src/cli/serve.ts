import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Logger } from 'pino';
import { type Audit, NO_AUDIT } from '../audit/audit';
import { openAuditLog } from '../audit/audit-log';
import { createLog } from '../operations/log';
import { Shutdown } from '../operations/shutdown';
import { type Clock, SystemClock } from '../ports/clock';
import { systemRandom } from '../ports/ids';
import { createServer } from '../server';
import { type Environment, readSettings, SettingError } from '../settings';
import { StoreFailure } from '../store/store';

/** Why a server could not start, in a sentence for its operator. */
export function sentenceOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (error instanceof SettingError || error instanceof StoreFailure) {
    return message;
  }
  switch (code) {
    case 'EADDRINUSE':
      return `PORT: expected a free port, got one that another program uses (${message}).`;
    case 'EACCES':
      return `PORT: expected a port that this user may open, got one that is reserved (${message}).`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `HOST: expected an address of this machine, got another one (${message}).`;
    default:
      return `The server could not start: ${(error as Error).stack ?? message}`;
  }
}

/** Memory, processor, event loop and garbage collection: of the process, so collected once and not by a server. */
function processMetrics(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}

/** The audit log of the settings; SIGHUP reopens it, after it was rotated. Throws `SettingError`. */
function openAudit(path: string | null, clock: Clock, log: Logger): Audit {
  if (path === null) {
    return NO_AUDIT;
  }
  const audit = openAuditLog(path, clock, (error) => log.error({ err: error }, 'the audit log cannot be written'));
  process.on('SIGHUP', () => audit.reopen());
  return audit;
}

/** Runs a server until a signal ends it. Rejects where it could not start. */
export async function serve(env: Environment): Promise<void> {
  const settings = readSettings(env);
  const clock = new SystemClock();
  const log = createLog(settings.logLevel);
  const server = await createServer(settings, {
    clock,
    random: systemRandom,
    log,
    audit: openAudit(settings.auditLog, clock, log),
    ...(settings.metricsPort === null ? {} : { processMetrics: processMetrics() }),
  });
  const shutdown = new Shutdown({
    clock,
    close: () => server.close(),
    limitMs: settings.drainLimitMs,
    complain: (sentence) => process.stderr.write(`${sentence}\n`),
    exit: (code) => process.exit(code),
  });
  process.on('SIGINT', () => shutdown.onSignal());
  process.on('SIGTERM', () => shutdown.onSignal());
  const address = await server.listen();
  // A parent that started this process with an IPC channel (`npm start`) says the address in its own words.
  process.send?.(address);
}
