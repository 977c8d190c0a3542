import type { Logger } from 'pino';
import type { FileVault } from '../files/file-vault';
import type { Clock, Timer } from '../ports/clock';
import type { Store } from '../store/store';

export interface RetentionParts {
  readonly store: Store;
  readonly vault: FileVault;
  readonly clock: Clock;
  readonly log: Logger;
  /** What is older is deleted. */
  readonly keptMs: number;
}

const EVERY_MS = 3_600_000;
/** Events of one transaction: bounds how long others wait for it. */
const STEP = 500;

/** Deletes old events, every hour, a few at a time. A room keeps its head, so that its numbers never come again. */
export class Retention {
  private timer: Timer | null = null;
  private isDisposed = false;

  constructor(private readonly parts: RetentionParts) {}

  /** The first time at once. */
  start(): void {
    this.sweep().catch((error: unknown) => this.parts.log.warn({ err: error }, 'old events not deleted'));
    this.timer = this.parts.clock.setTimer(EVERY_MS, () => this.start());
  }

  /** Fulfilled when nothing old is left, or when it is disposed of. */
  async sweep(): Promise<void> {
    const { store, vault, clock, log, keptMs } = this.parts;
    const beforeMs = clock.nowMs() - keptMs;
    let [events, files, roomId] = [0, 0, ''];
    while (!this.isDisposed) {
      const forgotten = await store.forgetEvents(beforeMs, roomId, STEP);
      if (forgotten === null) {
        break;
      }
      for (const fileId of forgotten.fileIds) {
        await vault.remove(fileId);
      }
      events += forgotten.events;
      files += forgotten.fileIds.length;
      roomId = forgotten.roomId;
    }
    if (events > 0) {
      log.info({ events, files }, 'old events deleted');
    }
  }

  dispose(): void {
    this.isDisposed = true;
    this.timer?.cancel();
  }
}
