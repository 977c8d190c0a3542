import type { Logger } from 'pino';
import type { RoomEvent } from '../../../common/core/src/main/ets/wire/Frames';
import type { Bus } from '../bus/bus';
import { isMembership } from '../bus/bus-codec';
import type { Clock, Timer } from '../ports/clock';
import type { LogCommand, LogOutcome, RoomRecord, Store } from '../store/store';
import { Feed, type Heard, type PublishEvent } from './feed';

/** What the feeds do with an event whose turn has come. Must not throw and must not wait. */
export interface FeedReader {
  /** `room`: the room right after the event, where it is known; else the one who entered is let in later, by `letIn`. */
  publish: PublishEvent;
  /** The feed of the room stands where `room` does: now the user's connections can enter it. */
  letIn(userId: string, room: RoomRecord): void;
}

export interface FeedsParts {
  readonly store: Store;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Logger;
  readonly reader: FeedReader;
  /** Runs it now, or when no reading of the commit line is under way any more. */
  readonly whenQuiet: (run: () => void) => void;
}

/** How far the log of a room reaches. */
type LogPlace = Pick<RoomRecord, 'roomId' | 'epoch' | 'headSeq'>;

/** A room to compare with the store. */
interface Doubt {
  /** The other processes must hear of the result, too. */
  isNews: boolean;
  /** Users who may have come in. */
  readonly entrants: Set<string>;
}

/** Events of one reading. */
const PAGE = 200;
/** After a reading that failed. */
const READ_AGAIN_MS = 1000;

/**
 * Brings each room's events to the connections of this process in the order of the log, each once, whoever committed
 * them: an event that follows the head is published, one above it waits until the hole was read from the store, one at
 * or below it was seen. A feed begins where the first listener's reading stood, and ends with the last listener.
 */
export class Feeds {
  private readonly feeds = new Map<string, Feed>();
  /** Users who joined without this process knowing the room at that moment. While there are any, the room's feed stands. */
  private readonly entering = new Map<string, Set<string>>();
  /** Rooms whose holes are being read. */
  private readonly busy = new Set<string>();
  private doubtful = new Map<string, Doubt>();
  private isFailing = false;
  private doubtTimer: Timer | null = null;
  private isDisposed = false;

  constructor(private readonly parts: FeedsParts) {}

  has(roomId: string): boolean {
    return this.feeds.has(roomId);
  }

  /** A first connection listens to the room, which was read at the position of `record` and not changed since. */
  open(record: RoomRecord): void {
    const { roomId, epoch, headSeq } = record;
    if (!this.feeds.has(roomId)) {
      const publish: PublishEvent = (...event) => this.parts.reader.publish(...event);
      this.feeds.set(roomId, new Feed(epoch, headSeq, publish));
      this.parts.bus.listen(roomId);
    }
  }

  /** Nobody listens to the room any more. */
  close(roomId: string): void {
    const feed = this.feeds.get(roomId);
    if (feed !== undefined) {
      feed.close();
      this.feeds.delete(roomId);
      this.parts.bus.unlisten(roomId);
    }
  }

  /** This process committed it. Called in the order of its commits. */
  committed({ userId: actorId }: LogCommand, outcome: LogOutcome): void {
    // The first commit's outcome may have been lost on its way from the store: then nobody published it.
    if (outcome.status === 'repeated' && outcome.event !== null) {
      this.mustReach(outcome.event.roomId, outcome.event.seq);
    } else if (outcome.status === 'repeated' && outcome.room !== null) {
      this.admitEverywhere(outcome.room, actorId);
    }
    if (outcome.status !== 'applied') {
      return;
    }
    const { epoch, event, room } = outcome;
    const { roomId, userId, seq } = event;
    this.take(roomId, epoch, { event, room });
    this.parts.bus.announce(roomId, { kind: 'event', epoch, event });
    if (isMembership(event.kind)) {
      this.parts.bus.tellAll({ kind: 'member', roomId, userId, epoch, seq });
    }
  }

  /** Another process committed it. */
  heard(epoch: string, event: RoomEvent): void {
    if (this.feeds.has(event.roomId)) {
      this.parts.whenQuiet(() => {
        if (this.feeds.has(event.roomId)) {
          this.take(event.roomId, epoch, { event, room: null });
        }
      });
    }
  }

  /** The log reaches to `seq`, wherever this was learnt. */
  heardHead(roomId: string, epoch: string, seq: number): void {
    const feed = this.feeds.get(roomId);
    if (feed !== undefined) {
      this.mustReach(roomId, feed.epoch === epoch ? seq : feed.head + 1);
    }
  }

  /** A user of this process has joined a room, and the process does not know the room at that moment. */
  admit(roomId: string, userId: string): void {
    const users = this.entering.get(roomId) ?? new Set<string>();
    this.entering.set(roomId, users);
    users.add(userId);
    this.work(roomId);
  }

  /**
   * Publishes what is between the feeds and rooms that were just read, so that who begins to listen at the rooms' positions
   * has neither gap nor overlap. Only inside a reading of the commit line.
   */
  bringTo(rooms: readonly LogPlace[]): Promise<void> | undefined {
    const behind = rooms.filter(({ roomId, epoch, headSeq }) => {
      const feed = this.feeds.get(roomId);
      return feed !== undefined && (feed.head < headSeq || feed.epoch !== epoch);
    });
    return behind.length === 0 ? undefined : this.catchUp(behind);
  }

  /** Compares the feeds of these rooms with the store, and reads what is missing. */
  async check(roomIds: Iterable<string>): Promise<void> {
    const listened = [...roomIds].filter((roomId) => this.feeds.has(roomId));
    if (listened.length === 0 || this.isDisposed) {
      return;
    }
    try {
      const heads = await this.parts.store.heads(listened);
      heads.forEach(({ epoch, headSeq }, roomId) => this.heardHead(roomId, epoch, headSeq));
    } catch (error) {
      this.failed(error);
      listened.forEach((roomId) => this.lookLater(roomId, false));
    }
  }

  checkAll(): Promise<void> {
    return this.check([...this.feeds.keys()]);
  }

  /** It is not known how far the room's log reaches: a commit failed, and may have been done all the same. */
  doubt({ kind, roomId, userId }: LogCommand): void {
    this.lookLater(roomId, true, kind === 'create' || kind === 'join' ? [userId] : []);
  }

  dispose(): void {
    this.isDisposed = true;
    this.doubtTimer?.cancel();
    this.feeds.forEach((feed) => feed.close());
    this.feeds.clear();
    this.entering.clear();
  }

  private lookLater(roomId: string, isNews: boolean, entrants: Iterable<string> = []): void {
    if (this.isDisposed) {
      return;
    }
    const doubt = this.doubtful.get(roomId) ?? { isNews, entrants: new Set<string>() };
    this.doubtful.set(roomId, doubt);
    doubt.isNews ||= isNews;
    [...entrants].forEach((userId) => doubt.entrants.add(userId));
    this.doubtTimer ??= this.parts.clock.setTimer(READ_AGAIN_MS, () => {
      this.doubtTimer = null;
      const rooms = this.doubtful;
      this.doubtful = new Map();
      void this.resolveDoubts(rooms);
    });
  }

  private async resolveDoubts(rooms: ReadonlyMap<string, Doubt>): Promise<void> {
    try {
      const heads = await this.parts.store.heads([...rooms.keys()]);
      this.isFailing = false;
      rooms.forEach(({ isNews, entrants }, roomId) => {
        const head = heads.get(roomId);
        if (head !== undefined) {
          this.heardHead(roomId, head.epoch, head.headSeq);
        }
        if (head !== undefined && isNews) {
          this.parts.bus.announce(roomId, { kind: 'head', epoch: head.epoch, seq: head.headSeq });
          entrants.forEach((userId) => this.admitEverywhere({ roomId, ...head }, userId));
        }
        this.work(roomId);
      });
    } catch (error) {
      this.failed(error);
      rooms.forEach(({ isNews, entrants }, roomId) => this.lookLater(roomId, isNews, entrants));
    }
  }

  /** The user may be in the room, and no connection knows it. Harmless for one who is not. */
  private admitEverywhere({ roomId, epoch, headSeq }: LogPlace, userId: string): void {
    this.parts.bus.tellAll({ kind: 'member', roomId, userId, epoch, seq: headSeq });
    this.admit(roomId, userId);
  }

  private take(roomId: string, epoch: string, heard: Heard): void {
    const feed = this.feeds.get(roomId);
    if (feed === undefined) {
      this.parts.reader.publish(epoch, heard.event, heard.room);
    } else if (feed.epoch !== epoch) {
      this.mustReach(roomId, feed.head + 1);
    } else {
      feed.take(heard, () => this.entering.has(roomId));
      this.mustReach(roomId, feed.known);
    }
  }

  private mustReach(roomId: string, seq: number): void {
    const feed = this.feeds.get(roomId);
    if (feed !== undefined && seq > feed.head) {
      feed.learn(seq);
      this.work(roomId);
    }
  }

  private work(roomId: string): void {
    if (this.busy.has(roomId) || this.isDisposed) {
      return;
    }
    this.busy.add(roomId);
    void this.fill(roomId);
  }

  /** Reads until there is no hole and nobody waits to enter. */
  private async fill(roomId: string): Promise<void> {
    try {
      while (!this.isDisposed) {
        const feed = this.feeds.get(roomId);
        if (this.entering.has(roomId)) {
          await this.letInWaiting(roomId);
        } else if (feed !== undefined && feed.head < feed.known) {
          await this.readPage(roomId, feed);
        } else {
          break;
        }
      }
    } catch (error) {
      this.failed(error);
      this.lookLater(roomId, false);
    } finally {
      // In the same turn as the last look: what is heard later begins anew.
      this.busy.delete(roomId);
    }
  }

  private async letInWaiting(roomId: string): Promise<void> {
    const room = await this.parts.store.room(roomId);
    const feed = this.feeds.get(roomId);
    while (room !== null && feed?.isClosed === false && !this.isAt(feed, room)) {
      const isThere = await this.readPage(roomId, feed, room.headSeq);
      if (!isThere || feed.head > room.headSeq) {
        return; // The room is gone, or a reading of the commit line brought the feed further: it must be read again.
      }
    }
    await this.quietly(() => {
      const current = this.feeds.get(roomId);
      if (room !== null && current !== undefined && !this.isAt(current, room)) {
        return;
      }
      const users = this.entering.get(roomId) ?? new Set();
      this.entering.delete(roomId);
      users.forEach((userId) => {
        if (room?.members.some((member) => member.userId === userId) === true) {
          this.parts.reader.letIn(userId, room);
        }
      });
      current?.publishEarly(() => this.entering.has(roomId));
    });
  }

  private isAt(feed: Feed, room: RoomRecord): boolean {
    return feed.epoch === room.epoch && feed.head === room.headSeq;
  }

  /** Publishes the next events of the log, up to about `lastSeq`. False where there is no such room any more. */
  private async readPage(roomId: string, feed: Feed, lastSeq = Number.MAX_SAFE_INTEGER): Promise<boolean> {
    const expected = feed.known;
    const limit = Math.min(PAGE, Math.max(1, lastSeq - feed.head));
    const read = await this.parts.store.eventsAfter(roomId, feed.head, limit);
    await this.quietly(() => {
      if (read === null) {
        feed.unlearn();
      } else if (read.epoch !== feed.epoch) {
        // Another life of the log: its newest event tells the clients, and they read the room anew.
        feed.restart(read.epoch, Math.max(0, read.headSeq - 1));
      } else {
        feed.publishPage(read.events, read.headSeq);
        feed.publishEarly(() => this.entering.has(roomId));
        if (read.headSeq < expected && feed.known === expected) {
          // Announced, and not in the store: asking again at once would not help.
          feed.unlearn();
          this.lookLater(roomId, false);
        }
      }
    });
    return read !== null;
  }

  private async catchUp(rooms: readonly LogPlace[]): Promise<void> {
    for (const { roomId, epoch, headSeq } of rooms) {
      let feed = this.feeds.get(roomId);
      if (feed !== undefined && feed.epoch !== epoch) {
        feed.restart(epoch, Math.max(0, headSeq - 1));
      }
      while (feed !== undefined && feed.head < headSeq) {
        const { head }: Feed = feed;
        const read = await this.parts.store.eventsAfter(roomId, head, Math.min(PAGE, headSeq - head));
        // Not what is early beyond the position: it comes after the reading.
        feed.publishPage(read?.events ?? [], headSeq);
        this.mustReach(roomId, feed.known);
        feed = feed.head > head && !feed.isClosed ? feed : undefined;
      }
    }
  }

  private quietly(run: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.parts.whenQuiet(() => {
        try {
          run();
          resolve();
        } catch (error) {
          reject(error as Error);
        }
      });
    });
  }

  /** Told once for each time that the store is away. */
  private failed(error: unknown): void {
    if (!this.isFailing) {
      this.isFailing = true;
      this.parts.log.warn({ err: error }, 'rooms could not be read; they are tried again');
    }
  }
}
