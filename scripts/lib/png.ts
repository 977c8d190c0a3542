import { deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const RGBA_BYTES = 4;

/** Encodes 8-bit RGBA rows (not premultiplied) as PNG, RFC 2083. */
export function encodePng(width: number, height: number, rgba: Uint8Array): Buffer {
  if (rgba.length !== width * height * RGBA_BYTES) {
    throw new Error(`rgba: expected ${width * height * RGBA_BYTES} bytes, got ${rgba.length}`);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Bit depth 8, colour type 6 (RGBA), deflate, adaptive filters, no interlace.
  header.set([8, 6, 0, 0, 0], 8);
  const rows = filterRows(width * RGBA_BYTES, height, rgba);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(checksum(body), body.length + 4);
  return out;
}

/** Every row is stored as the difference to its better neighbour: gradients shrink to almost nothing. */
function filterRows(rowBytes: number, height: number, rgba: Uint8Array): Buffer {
  const out = Buffer.alloc((rowBytes + 1) * height);
  for (let y = 0; y < height; y++) {
    const row = rgba.subarray(y * rowBytes, (y + 1) * rowBytes);
    const above = y === 0 ? new Uint8Array(rowBytes) : rgba.subarray((y - 1) * rowBytes, y * rowBytes);
    const sub = row.map((value, i) => value - (row[i - RGBA_BYTES] ?? 0));
    const up = row.map((value, i) => value - (above[i] ?? 0));
    const useUp = cost(up) <= cost(sub);
    out[y * (rowBytes + 1)] = useUp ? 2 : 1;
    out.set(useUp ? up : sub, y * (rowBytes + 1) + 1);
  }
  return out;
}

function cost(row: Uint8Array): number {
  return row.reduce((sum, value) => sum + (value < 128 ? value : 256 - value), 0);
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) {
    c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  }
  return c >>> 0;
});

/** zlib.crc32 exists from Node 20.15 and 22.2 on only. */
function checksum(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc = (CRC_TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
