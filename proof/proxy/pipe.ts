import type { Socket } from 'node:net';
import type { FaultCounts } from './faults.js';
import type { Unit } from './units.js';

/** What is done to the bytes of every connection, from now on until it is changed. All off by default. */
export interface Shape {
  /** Each unit waits for a random time below this; the order stays. */
  delayMs: number;
  /** 0: as fast as it goes. */
  bytesPerSecond: number;
  /** Chances of each message, 0 to 1. */
  duplicate: number;
  reorder: number;
  /** So many of the next messages to the client are cut in the middle. */
  cuts: number;
}

export const NO_SHAPE: Shape = {
  delayMs: 0,
  bytesPerSecond: 0,
  duplicate: 0,
  reorder: 0,
  cuts: 0,
};

export interface PipeOptions {
  readonly from: Socket;
  readonly to: Socket;
  readonly isToClient: boolean;
  readonly shape: Shape;
  readonly counts: FaultCounts;
  readonly random: () => number;
  /** Ends both ways. */
  readonly cutOff: () => void;
}

/** What waits in a pipe before it stops to read. */
const MAX_WAITING_BYTES = 64 * 1024;
const SLICES_PER_SECOND = 20;

/** One direction of a connection: units in, bytes out, in the shape of the moment. */
export class Pipe {
  private waiting: Buffer[] = [];
  private waitingBytes = 0;
  private held: Buffer | null = null;
  private isPumping = false;
  private isEnding = false;
  private isDead = false;
  private isFrozen = false;
  private isStalled = false;
  private timer: NodeJS.Timeout | null = null;
  private wake: () => void = () => undefined;

  constructor(private readonly options: PipeOptions) {}

  push(units: readonly Unit[]): void {
    if (this.isFrozen && units.length > 0) {
      this.options.counts.add('half-open');
      return;
    }
    for (const unit of units) {
      if (unit.isMessage) {
        this.pushMessage(unit.bytes);
      } else {
        this.enqueue(unit.bytes);
      }
    }
    this.pump();
  }

  /** The source has ended: what waits goes out first. */
  end(): void {
    this.isEnding = true;
    this.pump();
  }

  freeze(): void {
    this.isFrozen = true;
    this.waiting = [];
    this.waitingBytes = 0;
    this.options.from.resume();
  }

  /** Reads nothing more until told otherwise: what comes piles up at its source. */
  stall(isStalled: boolean): void {
    this.isStalled = isStalled;
    if (!this.isDead && !this.isFrozen) {
      this.readOrWait();
    }
  }

  destroy(): void {
    this.isDead = true;
    this.waiting = [];
    if (this.timer !== null) {
      clearTimeout(this.timer);
    }
    this.wake();
  }

  private pushMessage(bytes: Buffer): void {
    const { shape, counts, random, isToClient, cutOff } = this.options;
    if (isToClient && shape.cuts > 0 && bytes.length > 1) {
      shape.cuts -= 1;
      counts.add('cut');
      // Straight to the socket: what waits before it is lost with it, as on a real line.
      this.options.to.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), cutOff);
      this.isDead = true;
      return;
    }
    if (this.held !== null) {
      const earlier = this.held;
      this.held = null;
      counts.add('reorder');
      this.enqueue(bytes);
      this.enqueue(earlier);
    } else if (shape.reorder > 0 && random() < shape.reorder) {
      this.held = bytes;
    } else {
      this.enqueue(bytes);
      if (shape.duplicate > 0 && random() < shape.duplicate) {
        counts.add('duplicate');
        this.enqueue(bytes);
      }
    }
  }

  private enqueue(bytes: Buffer): void {
    this.waiting.push(bytes);
    this.waitingBytes += bytes.length;
    this.readOrWait();
  }

  private readOrWait(): void {
    const { from } = this.options;
    if (this.isStalled || this.waitingBytes > MAX_WAITING_BYTES) {
      from.pause();
    } else {
      from.resume();
    }
  }

  private pump(): void {
    if (!this.isPumping) {
      this.isPumping = true;
      this.drain()
        .catch(() => this.options.cutOff())
        .finally(() => (this.isPumping = false));
    }
  }

  private async drain(): Promise<void> {
    const { shape, counts, random, to } = this.options;
    for (let bytes = this.waiting.shift(); bytes !== undefined && !this.isDead; bytes = this.waiting.shift()) {
      if (shape.delayMs > 0) {
        counts.add('delay');
        await this.sleep(random() * shape.delayMs);
      }
      if (shape.bytesPerSecond > 0) {
        await this.writeSlowly(bytes);
      } else {
        await this.write(bytes);
      }
      this.waitingBytes = Math.max(0, this.waitingBytes - bytes.length);
      this.readOrWait();
    }
    if (this.isEnding && !this.isDead && !this.isFrozen) {
      to.end();
    }
  }

  private async writeSlowly(bytes: Buffer): Promise<void> {
    const { shape, counts } = this.options;
    const size = Math.max(1, Math.floor(shape.bytesPerSecond / SLICES_PER_SECOND));
    for (let start = 0; start < bytes.length && !this.isDead; start += size) {
      // The shape may change meanwhile; then the rest goes at once.
      if (shape.bytesPerSecond === 0) {
        return this.write(bytes.subarray(start));
      }
      counts.add('throttle');
      await this.write(bytes.subarray(start, start + size));
      await this.sleep(1000 / SLICES_PER_SECOND);
    }
  }

  private async write(bytes: Buffer): Promise<void> {
    if (this.isDead || this.isFrozen || !this.options.to.writable) {
      return;
    }
    if (!this.options.to.write(bytes)) {
      await new Promise<void>((done) => {
        this.wake = done;
        this.options.to.once('drain', done);
      });
    }
  }

  private sleep(durationMs: number): Promise<void> {
    return new Promise((done) => {
      this.wake = done;
      this.timer = setTimeout(done, durationMs);
    });
  }
}
