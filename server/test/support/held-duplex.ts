import { Duplex } from 'node:stream';

/** A socket whose other side takes what was written only when the test says so; until then it waits in the process. */
export class HeldDuplex extends Duplex {
  /** Every piece as it was handed to the system, in order. */
  readonly written: Buffer[] = [];
  private held: ((error?: Error | null) => void) | null = null;

  /** `isOpen`: takes everything at once. */
  constructor(private isOpen: boolean) {
    super();
  }

  override _read(): void {
    // What the other side says comes by `push`.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.written.push(chunk);
    if (this.isOpen) {
      done();
    } else {
      this.held = done;
    }
  }

  /** What the system held when the socket broke has failed, as with a real one. */
  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.held?.(error ?? new Error('the socket was closed'));
    this.held = null;
    done(error);
  }

  /** From now on what is written is held. */
  hold(): void {
    this.isOpen = false;
  }

  /** The other side reads everything, and goes on to. */
  takeAll(): void {
    this.isOpen = true;
    const { held } = this;
    this.held = null;
    held?.();
  }

  get bytes(): Buffer {
    return Buffer.concat(this.written);
  }
}
