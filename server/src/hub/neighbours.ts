import type { Logger } from 'pino';
import type { BusListener, Notice, RoomNotice, UserPresence } from '../bus/bus';
import type { Clock, Timer } from '../ports/clock';
import type { Store } from '../store/store';
import type { LastSeen } from './last-seen';
import type { LiveRooms } from './live-rooms';

export interface NeighboursParts {
  readonly live: LiveRooms;
  readonly lastSeen: LastSeen;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  /** From 0 up to and not including 1. */
  readonly random: () => number;
  readonly closeSession: (sessionId: string) => void;
  readonly closeSessionsOf: (userId: string, exceptSessionId: string) => void;
  /** The sessions of the open connections, each once. */
  readonly openSessions: () => ReadonlySet<string>;
}

/** All heads are compared with the store this often on average, whatever was heard. */
const CHECK_ALL_MS = 60_000;
/** After a look that the store did not answer. */
const LOOK_AGAIN_MS = 1000;

/** What this process does with what it hears from the others, and what it looks for after it could not hear them. */
export class Neighbours implements BusListener {
  private checkTimer: Timer | null = null;
  private lookTimer: Timer | null = null;
  private isLooking = false;
  private mustLookAgain = false;
  private isDisposed = false;

  constructor(private readonly parts: NeighboursParts) {}

  /** Begins to compare the heads from time to time: a safety net for notices that were lost without a trace. */
  start(): void {
    const afterMs = CHECK_ALL_MS * (0.75 + 0.5 * this.parts.random());
    this.checkTimer = this.parts.clock.setTimer(afterMs, () => {
      void this.parts.live.feeds.checkAll();
      this.start();
    });
  }

  onRoom(roomId: string, notice: RoomNotice, processId: string): void {
    const { live } = this.parts;
    switch (notice.kind) {
      case 'event':
        live.feeds.heard(notice.epoch, notice.event);
        break;
      case 'head':
        live.feeds.heardHead(roomId, notice.epoch, notice.seq);
        break;
      case 'typing':
        live.setTypingAbroad(processId, notice.userId, roomId, notice.isTyping);
    }
  }

  onNotice(notice: Notice): void {
    const { live, closeSession, closeSessionsOf } = this.parts;
    switch (notice.kind) {
      case 'member': {
        const { roomId, userId, epoch, seq } = notice;
        live.feeds.heardHead(roomId, epoch, seq);
        // Also where the feed is: it may have begun behind the event, at the news of another process that came first.
        if (live.isConnected(userId) && !live.isInRoom(userId, roomId)) {
          live.feeds.admit(roomId, userId);
        }
        break;
      }
      case 'session-ended':
        closeSession(notice.sessionId);
        break;
      case 'sessions-ended':
        closeSessionsOf(notice.userId, notice.exceptSessionId);
        break;
      case 'missed':
        void live.feeds.checkAll();
        this.look();
    }
  }

  onPresence(processId: string, userId: string, presence: UserPresence | null, lastSeenMs: number): void {
    this.parts.live.setPresenceAbroad(processId, userId, presence, lastSeenMs);
  }

  onGoodbye(processId: string, userIds: readonly string[]): void {
    this.parts.live.processLeaves(processId, userIds);
  }

  onInherited(userIds: readonly string[], lastSeenMs: number): void {
    userIds.forEach((userId) => this.parts.lastSeen.note(userId, lastSeenMs));
  }

  onListening(roomIds: readonly string[]): void {
    void this.parts.live.feeds.check(roomIds);
  }

  onReturn(): void {
    this.look();
  }

  dispose(): void {
    this.isDisposed = true;
    this.checkTimer?.cancel();
    this.lookTimer?.cancel();
  }

  /** Looks in the store for what notices may have told while they were not heard: ended sessions and new memberships. */
  private look(): void {
    this.mustLookAgain = true;
    if (!this.isLooking) {
      this.isLooking = true;
      void this.lookThrough().finally(() => {
        this.isLooking = false;
      });
    }
  }

  private async lookThrough(): Promise<void> {
    while (this.mustLookAgain && !this.isDisposed) {
      this.mustLookAgain = false;
      try {
        await this.endSessions();
        await this.admitNewMembers();
      } catch (error) {
        this.parts.log.warn({ err: error }, 'what was missed could not be read; it is tried again');
        this.lookTimer?.cancel();
        this.lookTimer = this.parts.clock.setTimer(LOOK_AGAIN_MS, () => this.look());
      }
    }
  }

  /** One after the other: after an outage there is no hurry that would be worth a rush on the store. */
  private async endSessions(): Promise<void> {
    for (const sessionId of this.parts.openSessions()) {
      if (!this.isDisposed && (await this.parts.store.findSession(sessionId)) === null) {
        this.parts.closeSession(sessionId);
      }
    }
  }

  private async admitNewMembers(): Promise<void> {
    const { live, store } = this.parts;
    for (const userId of live.connectedIds) {
      const rooms = this.isDisposed ? [] : await store.roomsOf(userId);
      rooms
        .filter(({ roomId }) => live.isConnected(userId) && !live.isInRoom(userId, roomId))
        .forEach(({ roomId }) => live.feeds.admit(roomId, userId));
    }
  }
}
