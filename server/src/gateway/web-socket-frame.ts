const FIN = 0x80;
const TEXT = 1;
const BINARY = 2;
const LENGTH_16 = 126;
const LENGTH_64 = 127;

/** The bytes of one whole message from a server: unmasked, in one frame, not compressed. Source: RFC 6455, section 5.2. */
export function serverFrame(payload: Buffer, isBinary: boolean): Buffer {
  const { length } = payload;
  const start = length > 0xffff ? 10 : length > 125 ? 4 : 2;
  const frame = Buffer.allocUnsafe(start + length);
  frame[0] = FIN | (isBinary ? BINARY : TEXT);
  if (start === 2) {
    frame[1] = length;
  } else if (start === 4) {
    frame[1] = LENGTH_16;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = LENGTH_64;
    frame.writeUInt32BE(0, 2);
    frame.writeUInt32BE(length, 6);
  }
  payload.copy(frame, start);
  return frame;
}
