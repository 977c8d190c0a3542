import { encode } from '@msgpack/msgpack';
import type { ClientFrame } from '../../../common/core/src/main/ets/wire/Frames';
import { encodeClientFrames } from '../../../common/core/src/main/ets/wire/ClientFrames';
import { FrameClient } from './frame-client';

/** A client that can also send what no client should, over whatever carries it. */
export abstract class CarrierClient extends FrameClient {
  constructor(readonly isBinary: boolean) {
    super();
  }

  /** Sends one message as it is. */
  abstract sendRaw(message: string | Uint8Array): void;
  /** Sends what this carrier must not carry: the wrong kind of message, or text that is not UTF-8. */
  abstract sendWrongKind(): void;
  abstract stopReading(): void;
  abstract startReading(): void;

  override sendFrames(frames: ClientFrame[]): void {
    this.sendRaw(encodeClientFrames(frames, this.isBinary));
  }

  /** Any value in the encoding of this connection. */
  sendValue(value: unknown): void {
    this.sendRaw(this.isBinary ? encode(value) : JSON.stringify(value));
  }

  /** Something that is no value in this encoding. */
  sendNonsense(): void {
    this.sendRaw(this.isBinary ? Uint8Array.of(0xc1) : 'nonsense');
  }

  /** A good ping of exactly `bytes`. */
  sendPingOf(bytes: number, id: number): void {
    const ping = { type: 'ping', id, payload: { sentAtMs: 1 } };
    const sizeWith = (filler: number): Uint8Array =>
      this.isBinary
        ? encode({ ...ping, filler: 'x'.repeat(filler) })
        : Buffer.from(JSON.stringify({ ...ping, filler: 'x'.repeat(filler) }));
    const overhead = sizeWith(bytes - 200).length - (bytes - 200);
    const message = sizeWith(bytes - overhead);
    this.sendRaw(this.isBinary ? message : Buffer.from(message).toString());
  }
}
