import { EventKind, type RoomEvent } from '../../../common/core/src/main/ets/wire/Frames';
import type { RoomRecord } from '../store/store';

/** `room`: the room right after the event, where it is known. */
export interface Heard {
  readonly event: RoomEvent;
  readonly room: RoomRecord | null;
}

/** Must not throw and must not wait; may close the feed. */
export type PublishEvent = (epoch: string, event: RoomEvent, room: RoomRecord | null) => void;

/** Events of one room that wait for the ones before them; what is beyond is read from the store. */
const MAX_EARLY = 256;
/** Of the messages of one page the newest are published, up to this many UTF-16 units of text in all. */
const PAGE_TEXT_UNITS = 64 * 1024;

/** Where the events begin that are published of a page. More would close connections that read at a good pace. */
function firstOfNewest(page: readonly RoomEvent[]): number {
  let units = 0;
  let first = page.length;
  for (; first > 0; first--) {
    units += page[first - 1]?.text.length ?? 0;
    if (units > PAGE_TEXT_UNITS && first < page.length) {
      break;
    }
  }
  return first;
}

/**
 * One room's way to the connections of this process that listen to it: an event that follows the head is published, one
 * above it waits for those before it, one at or below it was seen.
 */
export class Feed {
  private readonly early = new Map<number, Heard>();
  private hasEnded = false;
  private newest: number;

  constructor(
    private life: string,
    private position: number,
    private readonly publish: PublishEvent,
  ) {
    this.newest = position;
  }

  get epoch(): string {
    return this.life;
  }

  /** The newest event that was published here. */
  get head(): number {
    return this.position;
  }

  /** The newest event that is known to be in the log. */
  get known(): number {
    return this.newest;
  }

  get isClosed(): boolean {
    return this.hasEnded;
  }

  /** Nobody listens any more; nothing is published after it. */
  close(): void {
    this.hasEnded = true;
  }

  /** The log is known to reach to `seq`. */
  learn(seq: number): void {
    this.newest = Math.max(this.newest, seq);
  }

  /** What was announced above the head is not in the log. */
  unlearn(): void {
    this.newest = this.position;
  }

  /** Goes on in another life of the log, after event `position`. */
  restart(epoch: string, position: number): void {
    this.life = epoch;
    this.position = position;
    this.newest = position + 1;
    this.early.clear();
  }

  /** Of the same epoch. `isStanding`: nothing is published now; it waits. */
  take(heard: Heard, isStanding: () => boolean): void {
    const { seq } = heard.event;
    if (seq === this.position + 1 && !isStanding()) {
      this.pass(heard);
      this.publishEarly(isStanding);
    } else if (seq > this.position) {
      this.learn(seq);
      if (this.early.size < MAX_EARLY) {
        this.early.set(seq, heard);
      }
    }
  }

  /** Publishes what waited, up to the next hole. */
  publishEarly(isStanding: () => boolean): void {
    while (this.early.size > 0 && !this.hasEnded && !isStanding()) {
      const next = this.early.get(this.position + 1);
      if (next === undefined) {
        break;
      }
      this.early.delete(next.event.seq);
      this.pass(next);
    }
  }

  /**
   * Publishes the events that were read behind the head, up to `lastSeq`: all that changes who is in the room, and of the
   * messages the newest ones that can be pushed at once. Clients see the hole and resume, each at its own pace. What the
   * store keeps no more is passed over in the same way.
   */
  publishPage(page: readonly RoomEvent[], lastSeq: number): void {
    const firstPushed = firstOfNewest(page);
    page.forEach((event, index) => {
      const isNews = !this.hasEnded && event.seq > this.position && event.seq <= lastSeq;
      if (isNews && index < firstPushed && event.kind === EventKind.Message) {
        this.position = event.seq;
      } else if (isNews) {
        this.pass(this.early.get(event.seq) ?? { event, room: null });
      }
    });
    if (page.length === 0) {
      this.position = Math.max(this.position, lastSeq);
    }
    this.learn(this.position);
    this.early.forEach((_, seq) => (seq <= this.position ? this.early.delete(seq) : undefined));
  }

  private pass({ event, room }: Heard): void {
    this.position = event.seq;
    this.learn(event.seq);
    this.publish(this.life, event, room);
  }
}
