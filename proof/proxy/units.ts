/** What a connection carries, cut at the borders that its protocol has. */
export interface Unit {
  readonly bytes: Buffer;
  /** Whether it is one whole message, which may be doubled or change places without breaking the carrier. */
  readonly isMessage: boolean;
}

/** Takes bytes as they come and gives units; what is incomplete waits inside. */
export interface Splitter {
  push(bytes: Buffer): Unit[];
  /** What waits, at the end of the connection. */
  rest(): Buffer;
}

export const EMPTY: Buffer = Buffer.alloc(0);

/** Bytes without borders. */
export class RawSplitter implements Splitter {
  push(bytes: Buffer): Unit[] {
    return [{ bytes, isMessage: false }];
  }

  rest(): Buffer {
    return EMPTY;
  }
}

const FINAL_BIT = 0x80;
const OPCODE_BITS = 0x0f;
const MASK_BIT = 0x80;
const LENGTH_BITS = 0x7f;
const TEXT = 1;
const BINARY = 2;

/** WebSocket frames (RFC 6455, section 5.2). An unfragmented text or binary frame is a message. */
export class FrameSplitter implements Splitter {
  private waiting: Buffer = EMPTY;

  push(bytes: Buffer): Unit[] {
    this.waiting = Buffer.concat([this.waiting, bytes]);
    const units: Unit[] = [];
    for (let size = frameSize(this.waiting); size > 0 && size <= this.waiting.length; size = frameSize(this.waiting)) {
      const frame = this.waiting.subarray(0, size);
      const first = frame[0] ?? 0;
      const opcode = first & OPCODE_BITS;
      units.push({
        bytes: frame,
        isMessage: (first & FINAL_BIT) !== 0 && (opcode === TEXT || opcode === BINARY),
      });
      this.waiting = this.waiting.subarray(size);
    }
    return units;
  }

  rest(): Buffer {
    return this.waiting;
  }
}

/** Header, mask and payload; 0 while the header is incomplete. */
function frameSize(bytes: Buffer): number {
  if (bytes.length < 2) {
    return 0;
  }
  const second = bytes.readUInt8(1);
  const mask = (second & MASK_BIT) === 0 ? 0 : 4;
  const short = second & LENGTH_BITS;
  if (short < 126) {
    return 2 + mask + short;
  }
  if (short === 126) {
    return bytes.length < 4 ? 0 : 4 + mask + bytes.readUInt16BE(2);
  }
  return bytes.length < 10 ? 0 : 10 + mask + Number(bytes.readBigUInt64BE(2));
}
