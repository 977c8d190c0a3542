import { serverFrame } from './web-socket-frame';

/** Something that keeps what it has to write until the end of the turn. */
export interface TurnMember {
  /** Writes what waits. Called once for each `joinTurn`. Must not throw. */
  endTurn(): void;
}

/**
 * What all WebSockets of a gateway share while one turn of the event loop lasts: an event for many is framed once, frames
 * for many are joined once, and everyone writes when the turn ends. A turn is a callback of the event loop with all
 * promises that it settled: a batch of the commit line, say, with every event in it.
 */
export class TurnWriter {
  private members: TurnMember[] = [];
  private readonly framed = [new Framed(false), new Framed(true)] as const;
  private joinedFrames: readonly Buffer[] = [];
  private joinedBytes: Buffer | null = null;

  /** `endTurn` of `member` is called when the turn ends. */
  joinTurn(member: TurnMember): void {
    if (this.members.push(member) === 1) {
      process.nextTick(() => this.endTurn());
    }
  }

  /** The frame that holds `payload`. */
  frameOf(payload: Buffer, isBinary: boolean): Buffer {
    return this.framed[isBinary ? 1 : 0].of(payload);
  }

  /** All in one piece. Members of one room mostly have the same frames one after the other: they share the bytes. */
  join(frames: readonly Buffer[]): Buffer {
    if (this.joinedBytes === null || !areSame(this.joinedFrames, frames)) {
      this.joinedFrames = frames;
      this.joinedBytes = Buffer.concat(frames);
    }
    return this.joinedBytes;
  }

  private endTurn(): void {
    const { members } = this;
    this.members = [];
    for (const member of members) {
      member.endTurn();
    }
    // What was shared is not kept: the largest event would stay for as long as nothing else happens.
    this.framed.forEach((framed) => framed.forget());
    this.joinedFrames = [];
    this.joinedBytes = null;
  }
}

/** Whether both hold the very same frames. */
function areSame(some: readonly Buffer[], others: readonly Buffer[]): boolean {
  if (some.length !== others.length) {
    return false;
  }
  for (let i = some.length - 1; i >= 0; i--) {
    if (some[i] !== others[i]) {
      return false;
    }
  }
  return true;
}

/** Remembers the payload that was framed last: an event reaches its receivers one right after the other. */
class Framed {
  private payload: Buffer | null = null;
  private frame: Buffer | null = null;

  constructor(private readonly isBinary: boolean) {}

  of(payload: Buffer): Buffer {
    if (this.payload !== payload || this.frame === null) {
      this.payload = payload;
      this.frame = serverFrame(payload, this.isBinary);
    }
    return this.frame;
  }

  forget(): void {
    this.payload = null;
    this.frame = null;
  }
}
