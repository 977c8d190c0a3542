import type { ServerFrame } from '../../../common/core/src/main/ets/wire/Frames';
import { encodeServerFrames } from '../../../common/core/src/main/ets/wire/ServerFrames';
import type { Connection } from './connection';

/** A frame for many: encoded once for each encoding among its receivers, and not at all where there is none. */
export class EncodedFrame {
  private text: Buffer | null = null;
  private packed: Buffer | null = null;

  constructor(private readonly frame: ServerFrame) {}

  bytesFor(connection: Connection): Buffer {
    if (connection.isBinary) {
      this.packed ??= this.encode(true);
      return this.packed;
    }
    this.text ??= this.encode(false);
    return this.text;
  }

  private encode(isBinary: boolean): Buffer {
    const data = encodeServerFrames([this.frame], isBinary);
    return typeof data === 'string' ? Buffer.from(data, 'utf8') : Buffer.from(data.buffer);
  }
}
