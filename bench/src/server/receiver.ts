import { DeliveryLog, type DeliveryReport } from '../lib/delivery';
import { indexIn, textOf } from './texts';

/** The messages of one round in one room, as bytes to look for. */
export class RoomRound {
  readonly needles: readonly Buffer[];

  constructor(
    readonly round: number,
    readonly room: number,
    readonly count: number,
  ) {
    this.needles = Array.from({ length: count }, (_, index) => Buffer.from(textOf(round, room, index)));
  }
}

/** Nothing shorter holds a text. */
const STRAY_LENGTH = 100;
const NO_ROUND = new RoomRound(-1, -1, 0);

/**
 * Checks one receiver's messages. The message that is due is looked for as it is, all of its 100 bytes: that is cheap.
 * Only what is not found so is read.
 */
export class Receiver {
  private round = NO_ROUND;
  private log = new DeliveryLog(0);
  private next = 0;

  /** `onTaken` is called for each message that the round still missed. */
  constructor(private readonly onTaken: () => void) {}

  begin(round: RoomRound): void {
    this.round = round;
    this.log = new DeliveryLog(round.count);
    this.next = 0;
  }

  /** Whether the payload held a message of the bench; a frame can hold several. */
  take(bytes: Buffer, start: number, end: number, atMs: number): boolean {
    const { needles } = this.round;
    let from = start;
    let needle = needles[this.next];
    while (needle !== undefined && end - from >= needle.length) {
      // A search beyond the end of the payload is rare and costs less than a view of the payload for each message.
      const found = bytes.indexOf(needle, from);
      if (found < 0 || found + needle.length > end) {
        break;
      }
      this.log.take(this.next++, atMs);
      this.onTaken();
      from = found + needle.length;
      needle = needles[this.next];
    }
    return this.takeStray(bytes, from, end, atMs) || from > start;
  }

  /** When each message of the round first arrived. */
  get arrivedAtMs(): Float64Array {
    return this.log.arrivedAtMs;
  }

  report(): DeliveryReport {
    return this.log.report();
  }

  /** What is left when nothing more is in its turn: a chat message there came too early, too late, twice or from nowhere. */
  private takeStray(bytes: Buffer, start: number, end: number, atMs: number): boolean {
    if (end - start < STRAY_LENGTH) {
      return false;
    }
    const index = indexIn(bytes.toString('latin1', start, end), this.round.round, this.round.room);
    if (index === null) {
      return false;
    }
    const before = this.log.count();
    this.log.take(index, atMs);
    if (this.log.count() > before) {
      this.next = Math.max(this.next, index + 1);
      this.onTaken();
    }
    return true;
  }
}
