import type { Logger } from 'pino';
import type { Clock, Timer } from '../ports/clock';
import type { Store } from '../store/store';

export interface EndedSessionsParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  /** Ends the connections of a session here. Harmless where there are none. */
  readonly closeSession: (sessionId: string) => void;
  /** Looks for the session of every connection in the store: too many ended to know which. */
  readonly lookForAll: () => void;
}

/** Twice in a second, which is what PROTOCOL.md promises for an end. */
const LOOK_EVERY_MS = 500;
const PAGE = 1000;

/**
 * Ends the connections of sessions that ended elsewhere: by a command, or at another process from which nothing was heard. What the bus brings
 * is faster; this holds without one. A store that does not answer is asked again, from the same number on.
 */
export class EndedSessions {
  private lastNo = 0;
  private timer: Timer | null = null;
  private isDisposed = false;
  private isFailing = false;

  constructor(private readonly parts: EndedSessionsParts) {}

  /** To be waited for before the first connection: what ended before it needs no end. Rejects with `StoreFailure`. */
  async start(): Promise<void> {
    this.lastNo = await this.parts.store.lastSessionEnding();
    this.lookLater();
  }

  dispose(): void {
    this.isDisposed = true;
    this.timer?.cancel();
  }

  private lookLater(): void {
    if (!this.isDisposed) {
      this.timer = this.parts.clock.setTimer(LOOK_EVERY_MS, () => void this.look());
    }
  }

  private async look(): Promise<void> {
    const { log } = this.parts;
    try {
      for (let isMore = true; isMore && !this.isDisposed;) {
        isMore = await this.readOn();
      }
      this.isFailing = false;
    } catch (error) {
      if (!this.isFailing && !this.isDisposed) {
        log.warn({ err: error }, 'ended sessions could not be read; it is tried again');
      }
      this.isFailing = true;
    }
    this.lookLater();
  }

  private async readOn(): Promise<boolean> {
    const { store, closeSession, lookForAll } = this.parts;
    const { lastNo, sessionIds, isWhole } = await store.sessionEndings(this.lastNo, PAGE);
    if (!isWhole) {
      lookForAll();
    }
    sessionIds.forEach(closeSession);
    this.lastNo = lastNo;
    return sessionIds.length === PAGE;
  }
}
