import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ImageHeader } from '../../../common/core/src/main/ets/wire/ImageHeader';
import { readImageHeader } from '../../src/files/image-header';
import { exif, gif, jpeg, jpegSegment, png, webp } from '../support/images';
import { Dice, mutateBytes } from '../support/mutations';

function headerOf(bytes: Buffer): Promise<ImageHeader | null> {
  return readImageHeader((at, length) => Promise.resolve(bytes.subarray(at, at + length)));
}

/** `type width height`, `type broken`, or `none`. */
async function summary(bytes: Buffer): Promise<string> {
  const header = await headerOf(bytes);
  const { size } = header ?? { size: null };
  const words = size === null ? 'broken' : `${size.widthPx} ${size.heightPx}`;
  return header === null ? 'none' : `${header.contentType.slice(6)} ${words}`;
}

function withByte(bytes: Buffer, at: number, value: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[at] = value;
  return changed;
}

const LARGE = jpegSegment(0xe2, Buffer.alloc(60_000, 0xff));

const CASES: [what: string, bytes: Buffer, expected: string][] = [
  ['PNG', png(640, 480), 'png 640 480'],
  ['GIF', gif(3, 70), 'gif 3 70'],
  ['lossy WebP', webp('VP8 ', 320, 200), 'webp 320 200'],
  ['lossless WebP', webp('VP8L', 16_384, 1), 'webp 16384 1'],
  ['extended WebP', webp('VP8X', 70_000, 2), 'webp 70000 2'],
  ['JPEG', jpeg(800, 600), 'jpeg 800 600'],
  ['progressive JPEG', jpeg(800, 600, [], 0xc2), 'jpeg 800 600'],
  ['arithmetic JPEG', jpeg(800, 600, [], 0xc9), 'jpeg 800 600'],
  ['JPEG behind half a megabyte of other things', jpeg(800, 600, Array(9).fill(LARGE) as Buffer[]), 'jpeg 800 600'],
  ['JPEG behind a Huffman table', jpeg(8, 6, [jpegSegment(0xc4, Buffer.alloc(20, 1))]), 'jpeg 8 6'],
  ['JPEG with fill bytes', jpeg(8, 6, [Buffer.from([0xff, 0xff])]), 'jpeg 8 6'],
  ['JPEG that lies on its side', jpeg(800, 600, [exif(6, 'MM')]), 'jpeg 600 800'],
  ['JPEG that lies on its side, little end first', jpeg(800, 600, [exif(8, 'II')]), 'jpeg 600 800'],
  ['JPEG upside down', jpeg(800, 600, [exif(3, 'MM')]), 'jpeg 800 600'],
  ['JPEG with an orientation that is none', jpeg(800, 600, [exif(9, 'MM')]), 'jpeg 800 600'],
  ['PNG without a width', png(0, 480), 'png broken'],
  ['PNG that is too wide for one', png(2 ** 31, 480), 'png broken'],
  ['PNG that ends early', png(640, 480).subarray(0, 20), 'png broken'],
  ['JPEG that ends in its start', Buffer.from([0xff, 0xd8, 0xff]), 'jpeg broken'],
  ['JPEG without a frame', Buffer.concat([Buffer.from([0xff, 0xd8]), LARGE]), 'jpeg broken'],
  ['JPEG whose pixels come before its frame', jpeg(8, 6, [jpegSegment(0xda, Buffer.alloc(9))]), 'jpeg broken'],
  ['JPEG with a segment shorter than its length', jpeg(8, 6, [Buffer.from([0xff, 0xe1, 0, 0])]), 'jpeg broken'],
  ['PNG whose first chunk has another length', withByte(png(640, 480), 11, 14), 'png broken'],
  ['lossless WebP without its mark', withByte(webp('VP8L', 9, 9), 20, 0x2e), 'webp broken'],
  ['JPEG whose frame has a length that is none', withByte(jpeg(8, 6), 5, 1), 'jpeg broken'],
  ['WebP of no kind', Buffer.concat([webp('VP8 ', 1, 1).subarray(0, 12), Buffer.alloc(28)]), 'webp broken'],
  [
    'WebP without its start code',
    Buffer.concat([webp('VP8 ', 9, 9).subarray(0, 23), Buffer.alloc(17, 9)]),
    'webp broken',
  ],
  ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'none'],
  ['sound in RIFF', Buffer.from('RIFF\0\0\0\0WAVEfmt '), 'none'],
  ['nothing', Buffer.alloc(0), 'none'],
];

describe('the header of an image', () => {
  CASES.forEach(([what, bytes, expected]) => {
    test(`${what}: ${expected}`, async () => {
      assert.equal(await summary(bytes), expected);
    });
  });

  test('is left after a bounded number of looks, however many segments there are', async () => {
    let looks = 0;
    const endless = jpegSegment(0xe2, Buffer.alloc(0));
    await readImageHeader((at, length) => {
      looks++;
      const here = at === 0 ? Buffer.from([0xff, 0xd8, 0xff]) : Buffer.concat([endless, endless, endless]);
      return Promise.resolve(here.subarray(0, length));
    });
    assert.ok(looks > 100 && looks <= 2500, `${looks} looks`);
  });

  test('never throws and never has a size below one, whatever the bytes are', async () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const dice = new Dice(seed);
    const originals = CASES.map(([, bytes]) => bytes).filter((bytes) => bytes.length > 0 && bytes.length < 5000);
    for (let round = 0; round < 3000; round++) {
      const header = await headerOf(Buffer.from(mutateBytes(dice, dice.pick(originals))));
      const { widthPx, heightPx } = header?.size ?? { widthPx: 1, heightPx: 1 };
      assert.ok(widthPx >= 1 && heightPx >= 1, `seed ${seed}, round ${round}: ${widthPx} x ${heightPx}`);
    }
  });
});
