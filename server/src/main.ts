import { type Logger, pino } from 'pino';
import { type Audit, NO_AUDIT } from './audit/audit';
import { openAuditLog } from './audit/audit-log';
import { type Clock, SystemClock } from './ports/clock';
import { systemRandom } from './ports/ids';
import { type ChatServer, createServer } from './server';
import { readSettings, SettingError } from './settings';
import { StoreFailure } from './store/store';

function sentenceOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'EADDRINUSE':
      return `PORT: expected a free port, got one that another program uses (${message}).`;
    case 'EACCES':
      return `PORT: expected a port that this user may open, got one that is reserved (${message}).`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `HOST: expected an address of this machine, got another one (${message}).`;
    default:
      return error instanceof SettingError || error instanceof StoreFailure
        ? message
        : `The server could not start: ${(error as Error).stack ?? message}`;
  }
}

/** The first signal closes cleanly; a second one ends at once: whoever sends it does not want to wait. */
function closeOnSignals(server: ChatServer): void {
  let isClosing = false;
  function onSignal(): void {
    if (isClosing) {
      process.exit(1);
    }
    isClosing = true;
    server.close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`The server did not close cleanly: ${(error as Error).stack ?? String(error)}\n`);
        process.exit(1);
      },
    );
  }
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
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

async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const log = pino({ level: settings.logLevel, base: null });
  const clock = new SystemClock();
  const audit = openAudit(settings.auditLog, clock, log);
  const server = await createServer(settings, { clock, random: systemRandom, log, audit });
  closeOnSignals(server);
  const address = await server.listen();
  // A parent that started this process with an IPC channel (`npm start`) says the address in its own words.
  process.send?.(address);
}

main().catch((error: unknown) => {
  process.stderr.write(`${sentenceOf(error)}\n`);
  process.exit(1);
});
