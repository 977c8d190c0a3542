import { createHash, randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

const ACCEPT_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const NOTHING: Buffer = Buffer.alloc(0);
const FIN = 0x80;
const MASKED = 0x80;
const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;
const PING = 9;
const PONG = 10;
const NO_STATUS = 1005;
const ABNORMAL = 1006;

/** Told where the payload of each text or binary message lies: `bytes[start]` to `bytes[end - 1]`, valid during the call. */
export type OnPayload = (bytes: Buffer, start: number, end: number) => void;

export interface RawWebSocketOptions {
  readonly port: number;
  readonly path: string;
  /** Offered subprotocol; empty for none. */
  readonly protocol: string;
  readonly onPayload: OnPayload;
  readonly onClose: (code: number) => void;
}

/** Every socket reads into it, and what it read is looked at before the next one does: no stream, no memory for each piece. */
const READ_BUFFER = Buffer.alloc(64 * 1024);

function acceptOf(key: string): string {
  return createHash('sha1')
    .update(key + ACCEPT_GUID)
    .digest('base64');
}

/** One whole frame of a client (RFC 6455, section 5.2), masked with `mask`. */
export function clientFrame(opcode: number, payload: Buffer, mask: Buffer): Buffer {
  const { length } = payload;
  const extra = length > 0xffff ? 8 : length > 125 ? 2 : 0;
  const start = 6 + extra;
  const frame = Buffer.allocUnsafe(start + length);
  frame[0] = FIN | opcode;
  frame[1] = MASKED | (extra === 8 ? 127 : extra === 2 ? 126 : length);
  if (extra === 8) {
    frame.writeBigUInt64BE(BigInt(length), 2);
  } else if (extra === 2) {
    frame.writeUInt16BE(length, 2);
  }
  mask.copy(frame, 2 + extra);
  for (let i = 0; i < length; i++) {
    frame[start + i] = (payload[i] as number) ^ (mask[i & 3] as number);
  }
  return frame;
}

/**
 * Splits what a server sends into messages and copies nothing: a load generator that shares its core with hundreds of
 * receivers can afford no more. Throws at frames that no server of the bench sends: masked, fragmented, compressed.
 */
export class ServerFrameReader {
  private rest = NOTHING;

  constructor(
    private readonly onPayload: OnPayload,
    private readonly onControl: (opcode: number, payload: Buffer) => void,
  ) {}

  take(chunk: Buffer): void {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    let at = 0;
    while (bytes.length - at >= 2) {
      const [first, second] = [bytes[at] as number, bytes[at + 1] as number];
      const extra = second === 127 ? 8 : second === 126 ? 2 : 0;
      const start = at + 2 + extra;
      if (second > 127 || (first & 0xf0) !== FIN) {
        throw new Error(`a frame: expected a whole, plain and unmasked one, got ${first.toString(16)} ${second}`);
      }
      if (bytes.length < start) {
        break;
      }
      const length =
        extra === 0 ? second : extra === 2 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
      const end = start + length;
      if (bytes.length < end) {
        break;
      }
      const opcode = first & 0x0f;
      if (opcode === TEXT || opcode === BINARY) {
        this.onPayload(bytes, start, end);
      } else {
        this.onControl(opcode, bytes.subarray(start, end));
      }
      at = end;
    }
    // A copy: the reader of the socket uses the memory again.
    this.rest = at === bytes.length ? NOTHING : Buffer.from(bytes.subarray(at));
  }
}

/**
 * A WebSocket client that does just enough: the cheapest receiver there is, the same for every contender. Its mask is
 * random but one for all its frames, which is fine on loopback and nowhere else.
 */
export class RawWebSocket {
  private readonly mask = randomBytes(4);
  private readonly reader: ServerFrameReader;
  private closeCode = ABNORMAL;

  private constructor(
    private readonly socket: Socket,
    { onPayload, onClose }: RawWebSocketOptions,
  ) {
    this.reader = new ServerFrameReader(onPayload, (opcode, payload) => this.control(opcode, payload));
    socket.on('close', () => onClose(this.closeCode));
  }

  /** Rejects where the server does not switch to a WebSocket. */
  static open(options: RawWebSocketOptions): Promise<RawWebSocket> {
    const { port, path, protocol } = options;
    const key = randomBytes(16).toString('base64');
    return new Promise((done, fail) => {
      let take = (chunk: Buffer): void => {
        head = Buffer.concat([head, chunk]);
        const blank = head.indexOf('\r\n\r\n');
        if (blank < 0) {
          return;
        }
        const text = head.toString('latin1', 0, blank);
        if (!text.startsWith('HTTP/1.1 101 ') || !text.includes(acceptOf(key))) {
          fail(new Error(`a handshake: expected 101 with the right key, got ${text.split('\r\n', 1)[0]}`));
          socket.destroy();
          return;
        }
        socket.off('error', fail);
        socket.off('close', end);
        socket.on('error', () => undefined); // The close that follows tells it.
        const opened = new RawWebSocket(socket, options);
        take = (bytes) => opened.reader.take(bytes);
        done(opened);
        take(head.subarray(blank + 4));
      };
      let head = NOTHING;
      const end = (): void => fail(new Error('a handshake: expected an answer, got the end of the connection'));
      const onread = {
        buffer: READ_BUFFER,
        callback(count: number): boolean {
          take(READ_BUFFER.subarray(0, count));
          return true;
        },
      };
      const socket = connect({ port, host: '127.0.0.1', noDelay: true, onread });
      socket.on('error', fail);
      socket.on('close', end);
      const offer = protocol === '' ? '' : `Sec-WebSocket-Protocol: ${protocol}\r\n`;
      socket.write(
        `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
          `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n${offer}\r\n`,
      );
    });
  }

  /** All in one write. */
  send(texts: readonly string[]): void {
    const frames = texts.map((text) => clientFrame(TEXT, Buffer.from(text, 'utf8'), this.mask));
    this.socket.write(frames.length === 1 ? (frames[0] as Buffer) : Buffer.concat(frames));
  }

  destroy(): void {
    this.socket.destroy();
  }

  private control(opcode: number, payload: Buffer): void {
    if (opcode === PING) {
      this.socket.write(clientFrame(PONG, payload, this.mask));
    } else if (opcode === CLOSE) {
      this.closeCode = payload.length >= 2 ? payload.readUInt16BE(0) : NO_STATUS;
      this.socket.end(clientFrame(CLOSE, payload.subarray(0, 2), this.mask));
    }
  }
}
