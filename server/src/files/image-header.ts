/** Bytes of a file from `at`; fewer than `length` only at its end. */
export type ReadBytes = (at: number, length: number) => Promise<Buffer>;

export interface PixelSize {
  readonly widthPx: number;
  readonly heightPx: number;
}

export interface ImageHeader {
  readonly contentType: string;
  /** As the image is shown, its orientation applied. Null where the header is broken. */
  readonly size: PixelSize | null;
}

/** The longest start that tells one format from the others and holds the size of all but JPEG. */
const HEAD_BYTES = 30;
/** A camera writes some dozens before the frame header; nobody needs thousands. */
const MAX_JPEG_SEGMENTS = 1000;
const MAX_EXIF_ENTRIES = 200;
const EXIF_ENTRY_BYTES = 12;
const ORIENTATION_TAG = 0x0112;
/** From this value on the image lies on its side. Source: Exif 2.3, 4.6.4 A, Orientation. */
const FIRST_SIDEWAYS_ORIENTATION = 5;

function sizeOf(widthPx: number, heightPx: number): PixelSize | null {
  return widthPx > 0 && heightPx > 0 ? { widthPx, heightPx } : null;
}

/** Source: PNG (W3C), 11.2.1: IHDR comes first and is 13 bytes long. */
function pngSize(head: Buffer): PixelSize | null {
  const isHeader = head.length >= 24 && head.readUInt32BE(8) === 13 && head.toString('latin1', 12, 16) === 'IHDR';
  return isHeader ? sizeOf(head.readInt32BE(16), head.readInt32BE(20)) : null;
}

function gifSize(head: Buffer): PixelSize | null {
  return head.length >= 10 ? sizeOf(head.readUInt16LE(6), head.readUInt16LE(8)) : null;
}

/** Source: RFC 9649 (WebP), 2.5 to 2.7 and 3.4; RFC 6386, 9.1. */
function webpSize(head: Buffer): PixelSize | null {
  if (head.length < HEAD_BYTES) {
    return null;
  }
  switch (head.toString('latin1', 12, 16)) {
    case 'VP8X':
      return sizeOf(1 + head.readUIntLE(24, 3), 1 + head.readUIntLE(27, 3));
    case 'VP8L': {
      const bits = head.readUInt32LE(21);
      return head[20] === 0x2f ? sizeOf(1 + (bits & 0x3fff), 1 + ((bits >>> 14) & 0x3fff)) : null;
    }
    case 'VP8 ': {
      const isKeyFrame = head.readUIntBE(23, 3) === 0x9d012a;
      return isKeyFrame ? sizeOf(head.readUInt16LE(26) & 0x3fff, head.readUInt16LE(28) & 0x3fff) : null;
    }
    default:
      return null;
  }
}

/** The orientation in an Exif block, 1 (upright) where it says none that can be read. */
function orientationIn(exif: Buffer): number {
  const order = exif.toString('latin1', 6, 8);
  if (exif.toString('latin1', 0, 6) !== 'Exif\0\0' || exif.length < 16 || (order !== 'II' && order !== 'MM')) {
    return 1;
  }
  const tiff = exif.subarray(6);
  const short = (at: number): number => (order === 'II' ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const directory = order === 'II' ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  if (directory + 2 > tiff.length) {
    return 1;
  }
  const count = Math.min(short(directory), MAX_EXIF_ENTRIES);
  for (let index = 0; index < count; index++) {
    const entry = directory + 2 + index * EXIF_ENTRY_BYTES;
    if (entry + EXIF_ENTRY_BYTES > tiff.length) {
      return 1;
    }
    if (short(entry) === ORIENTATION_TAG) {
      return short(entry + 8);
    }
  }
  return 1;
}

/** Every SOF marker: C0 to CF without DHT, JPG and DAC. Source: ITU-T T.81, table B.1. */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/** From segment to segment, as their lengths say, to the frame header; pixels are never looked at. */
async function jpegSize(read: ReadBytes): Promise<PixelSize | null> {
  let orientation = 1;
  let at = 2;
  for (let segments = 0; segments < MAX_JPEG_SEGMENTS; segments++) {
    const head = await read(at, 10);
    const marker = head[1] ?? 0;
    if (head.length < 10 || head[0] !== 0xff) {
      return null;
    }
    if (marker === 0xff) {
      at += 1; // A fill byte before the marker.
      continue;
    }
    const length = head.readUInt16BE(2);
    // Start of scan, or the end: an image without a frame header.
    if (length < 2 || marker === 0xda || marker === 0xd9) {
      return null;
    }
    if (isFrameHeader(marker)) {
      const size = sizeOf(head.readUInt16BE(7), head.readUInt16BE(5));
      const isSideways = orientation >= FIRST_SIDEWAYS_ORIENTATION && orientation <= 8;
      return size !== null && isSideways ? { widthPx: size.heightPx, heightPx: size.widthPx } : size;
    }
    if (marker === 0xe1 && head.toString('latin1', 4, 8) === 'Exif') {
      orientation = orientationIn(await read(at + 4, length - 2));
    }
    at += 2 + length;
  }
  return null;
}

/** What the content says that it is; null where it is none of PNG, JPEG, GIF and WebP. */
export async function readImageHeader(read: ReadBytes): Promise<ImageHeader | null> {
  const head = await read(0, HEAD_BYTES);
  const start = head.toString('latin1', 0, 12);
  if (start.startsWith('\x89PNG\r\n\x1a\n')) {
    return { contentType: 'image/png', size: pngSize(head) };
  }
  if (start.startsWith('\xff\xd8\xff')) {
    return { contentType: 'image/jpeg', size: await jpegSize(read) };
  }
  if (start.startsWith('GIF87a') || start.startsWith('GIF89a')) {
    return { contentType: 'image/gif', size: gifSize(head) };
  }
  if (start.startsWith('RIFF') && start.endsWith('WEBP')) {
    return { contentType: 'image/webp', size: webpSize(head) };
  }
  return null;
}
