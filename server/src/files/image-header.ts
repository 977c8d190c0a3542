import { type ImageHeader, ImageHeaderReader } from '../../../common/core/src/main/ets/wire/ImageHeader';

/** Bytes of a file from `at`; fewer than `length` only at its end. */
export type ReadBytes = (at: number, length: number) => Promise<Buffer>;

/** What the content says that it is; null where it is none of PNG, JPEG, GIF and WebP. */
export async function readImageHeader(read: ReadBytes): Promise<ImageHeader | null> {
  const reader = new ImageHeaderReader();
  for (let range = reader.wanted(); range !== null; range = reader.wanted()) {
    reader.take(await read(range.at, range.length));
  }
  return reader.header();
}
