/** The header of a picture, read by both sides, so that they agree on what a picture is. */

export interface PixelSize {
  readonly widthPx: number;
  readonly heightPx: number;
}

export interface ImageHeader {
  readonly contentType: string;
  /** As the picture is shown, its orientation applied. Null where the header is broken. */
  readonly size: PixelSize | null;
}

/** The pictures that are known by their content, and shown as what they are. */
export const IMAGE_TYPES: string[] = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

/** `length` bytes of the file from `at`. */
export interface ByteRange {
  readonly at: number;
  readonly length: number;
}

/** The longest start that tells one format from the others and holds the size of all but JPEG. */
const HEAD_BYTES: number = 30;
/** Marker, length, and of a frame header the precision and the size. */
const JPEG_SEGMENT_BYTES: number = 10;
/** A camera writes some dozens before the frame header; nobody needs thousands. */
const MAX_JPEG_SEGMENTS: number = 1000;
const MAX_EXIF_ENTRIES: number = 200;
const EXIF_ENTRY_BYTES: number = 12;
const ORIENTATION_TAG: number = 0x0112;
const UPRIGHT: number = 1;
/** With these the picture lies on its side. Source: Exif 2.3, 4.6.4 A, Orientation. */
const FIRST_SIDEWAYS: number = 5;
const LAST_SIDEWAYS: number = 8;

const PNG_START: string = '\x89PNG\r\n\x1a\n';
const JPEG_START: string = '\xff\xd8\xff';
const EXIF_START: string = 'Exif\0\0';

/** Latin-1; shorter where the bytes end before. */
function textAt(view: DataView, at: number, length: number): string {
  let text = '';
  for (let i = at; i < Math.min(at + length, view.byteLength); i++) {
    text += String.fromCharCode(view.getUint8(i));
  }
  return text;
}

function sizeOf(widthPx: number, heightPx: number): PixelSize | null {
  return widthPx > 0 && heightPx > 0 ? { widthPx: widthPx, heightPx: heightPx } : null;
}

/** Source: PNG (W3C), 11.2.1: IHDR comes first and is 13 bytes long. */
function pngSize(head: DataView): PixelSize | null {
  const isHeader = head.byteLength >= 24 && head.getUint32(8) === 13 && textAt(head, 12, 4) === 'IHDR';
  return isHeader ? sizeOf(head.getInt32(16), head.getInt32(20)) : null;
}

function gifSize(head: DataView): PixelSize | null {
  return head.byteLength >= 10 ? sizeOf(head.getUint16(6, true), head.getUint16(8, true)) : null;
}

/** In little-endian order. */
function threeBytes(view: DataView, at: number): number {
  return view.getUint16(at, true) + (view.getUint8(at + 2) << 16);
}

/** Source: RFC 9649 (WebP), 2.5 to 2.7 and 3.4; RFC 6386, 9.1. */
function webpSize(head: DataView): PixelSize | null {
  if (head.byteLength < HEAD_BYTES) {
    return null;
  }
  switch (textAt(head, 12, 4)) {
    case 'VP8X':
      return sizeOf(1 + threeBytes(head, 24), 1 + threeBytes(head, 27));
    case 'VP8L': {
      const bits = head.getUint32(21, true);
      return head.getUint8(20) === 0x2f ? sizeOf(1 + (bits & 0x3fff), 1 + ((bits >>> 14) & 0x3fff)) : null;
    }
    case 'VP8 ':
      return textAt(head, 23, 3) === '\x9d\x01\x2a'
        ? sizeOf(head.getUint16(26, true) & 0x3fff, head.getUint16(28, true) & 0x3fff) : null;
    default:
      return null;
  }
}

/** The orientation in an Exif block, upright where it says none that can be read. Source: TIFF 6.0, section 2. */
function orientationIn(exif: DataView): number {
  const order = textAt(exif, 6, 2);
  const isLittle = order === 'II';
  if (textAt(exif, 0, 6) !== EXIF_START || exif.byteLength < 16 || (!isLittle && order !== 'MM')) {
    return UPRIGHT;
  }
  const directory = 6 + exif.getUint32(10, isLittle);
  if (directory + 2 > exif.byteLength) {
    return UPRIGHT;
  }
  const count = Math.min(exif.getUint16(directory, isLittle), MAX_EXIF_ENTRIES);
  for (let i = 0, at = directory + 2; i < count && at + EXIF_ENTRY_BYTES <= exif.byteLength; i++) {
    if (exif.getUint16(at, isLittle) === ORIENTATION_TAG) {
      return exif.getUint16(at + 8, isLittle);
    }
    at += EXIF_ENTRY_BYTES;
  }
  return UPRIGHT;
}

/** Every SOF marker: C0 to CF without DHT, JPG and DAC. Source: ITU-T T.81, table B.1. */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

enum Step {
  Start,
  Segment,
  Exif,
  Done
}

/**
 * Reads the header piece by piece, from memory as from a disk; pixels are never looked at.
 *
 *     for (let range = reader.wanted(); range !== null; range = reader.wanted()) {
 *       reader.take(bytes.subarray(range.at, range.at + range.length));
 *     }
 */
export class ImageHeaderReader {
  private step: Step = Step.Start;
  private range: ByteRange = { at: 0, length: HEAD_BYTES };
  private found: ImageHeader | null = null;
  private segments: number = 0;
  private orientation: number = UPRIGHT;

  /** The bytes to look at next; null where the header is read. */
  public wanted(): ByteRange | null {
    return this.step === Step.Done ? null : this.range;
  }

  /** Null where the content is none of PNG, JPEG, GIF and WebP. */
  public header(): ImageHeader | null {
    return this.found;
  }

  /** What was `wanted`; fewer bytes only at the end of the file. */
  public take(bytes: Uint8Array): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    switch (this.step) {
      case Step.Start:
        this.takeStart(view);
        break;
      case Step.Segment:
        this.takeSegment(view);
        break;
      case Step.Exif:
        this.orientation = orientationIn(view);
        this.goTo(this.range.at + this.range.length);
        break;
      default:
        break;
    }
  }

  private takeStart(head: DataView): void {
    const start = textAt(head, 0, 12);
    if (start.startsWith(JPEG_START)) {
      this.found = { contentType: 'image/jpeg', size: null };
      this.goTo(2);
      return;
    }
    this.step = Step.Done;
    if (start.startsWith(PNG_START)) {
      this.found = { contentType: 'image/png', size: pngSize(head) };
    } else if (start.startsWith('GIF87a') || start.startsWith('GIF89a')) {
      this.found = { contentType: 'image/gif', size: gifSize(head) };
    } else if (start.startsWith('RIFF') && start.endsWith('WEBP')) {
      this.found = { contentType: 'image/webp', size: webpSize(head) };
    }
  }

  /** From segment to segment, as their lengths say, to the frame header. Source: ITU-T T.81, B.1 and B.2.2. */
  private takeSegment(head: DataView): void {
    const at = this.range.at;
    if (head.byteLength < JPEG_SEGMENT_BYTES || head.getUint8(0) !== 0xff) {
      this.step = Step.Done;
      return;
    }
    const marker = head.getUint8(1);
    if (marker === 0xff) {
      this.goTo(at + 1); // A fill byte before the marker.
      return;
    }
    const length = head.getUint16(2);
    // Start of scan, or the end: a picture without a frame header.
    if (length < 2 || marker === 0xda || marker === 0xd9) {
      this.step = Step.Done;
    } else if (isFrameHeader(marker)) {
      this.step = Step.Done;
      this.found = { contentType: 'image/jpeg', size: this.shown(head.getUint16(7), head.getUint16(5)) };
    } else if (marker === 0xe1 && textAt(head, 4, 6) === EXIF_START) {
      this.step = Step.Exif;
      this.range = { at: at + 4, length: length - 2 };
    } else {
      this.goTo(at + 2 + length);
    }
  }

  private shown(widthPx: number, heightPx: number): PixelSize | null {
    const isSideways = this.orientation >= FIRST_SIDEWAYS && this.orientation <= LAST_SIDEWAYS;
    return isSideways ? sizeOf(heightPx, widthPx) : sizeOf(widthPx, heightPx);
  }

  /** To the next segment, unless there were more than somebody's camera writes. */
  private goTo(at: number): void {
    this.segments++;
    this.step = this.segments > MAX_JPEG_SEGMENTS ? Step.Done : Step.Segment;
    this.range = { at: at, length: JPEG_SEGMENT_BYTES };
  }
}
