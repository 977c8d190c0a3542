import { type Logger, pino } from 'pino';
import type { Clock } from '../ports/clock';
import { SlidingWindows } from '../limits/buckets';
import { SettingError } from '../settings';
import { AUDIT_TO_STDOUT, type Audit, type AuditEvent } from './audit';

const MINUTE_MS = 60_000;
/** Ids, addresses, codes and patterns of routes look like this; what does not came from outside, and is not kept. */
const PLAIN = /^[\w:./*%-]{0,100}$/;
const OTHER = '?';

type Destination = ReturnType<typeof pino.destination>;

/**
 * One JSON object a line, always with the same fields: `log` (`audit`, to tell it from other lines on stdout), `atMs`, `event`, `outcome`, `userId`, `sessionId`, `roomId`, `address`,
 * `detail`. Lines are only added. Each is written before `record` returns: what happened right before a crash is what one
 * wants to read. A limit that goes on refusing the same one is told once a minute, so that a flood does not fill the disk.
 */
export class AuditLog implements Audit {
  private readonly log: Logger;
  private readonly destination: Destination;
  private readonly limited: SlidingWindows;

  /** `path`: a file, or `AUDIT_TO_STDOUT`, which leads to `standardFd`. Throws where it cannot be opened. */
  constructor(
    path: string,
    private readonly clock: Clock,
    private readonly onFailure: (error: Error) => void,
    standardFd: 1 | 2 = 1,
  ) {
    const dest = path === AUDIT_TO_STDOUT ? standardFd : path;
    this.destination = pino.destination({ dest, append: true, sync: true, mkdir: true, mode: 0o600 });
    // A disk that is full must not end the server: who runs it is told.
    this.destination.on('error', (error: Error) => this.onFailure(error));
    const formatters = { level: () => ({ log: 'audit' }) };
    this.log = pino({ base: null, timestamp: false, level: 'info', formatters }, this.destination);
    this.limited = new SlidingWindows(clock, 1, MINUTE_MS);
  }

  record(event: AuditEvent): void {
    const { userId = '', sessionId = '', roomId = '', address = '', detail = '' } = event;
    if (event.event === 'limited' && this.limited.take(`${userId} ${address} ${detail}`) > 0) {
      return;
    }
    const fields = { userId, sessionId, roomId, address, detail };
    const plain = Object.entries(fields).map(([name, value]) => [name, PLAIN.test(value) ? value : OTHER]);
    const line = { atMs: this.clock.nowMs(), event: event.event, outcome: event.outcome };
    this.log.info({ ...line, ...(Object.fromEntries(plain) as typeof fields) });
  }

  /** Goes on in a new file of the same name: the old one was moved away. */
  reopen(): void {
    this.destination.reopen();
  }

  close(): void {
    this.destination.end();
  }
}

/** Throws `SettingError` where the file cannot be one. */
export function openAuditLog(
  path: string,
  clock: Clock,
  onFailure: (error: Error) => void,
  standardFd: 1 | 2 = 1,
): AuditLog {
  try {
    return new AuditLog(path, clock, onFailure, standardFd);
  } catch (error) {
    throw new SettingError('AUDIT_LOG', 'a file that can be written', (error as Error).message);
  }
}
