/** Reading what a picker gave. The app's own files, and writing, are not here yet. */
import type fileIo from '@ohos.file.fs';
import type { AsyncCallback } from '@ohos.base';
import type { ReadOptions } from '@ohos.file.fs';
import { KitError, settle } from './support/business-error.js';
import { loud } from './support/loud.js';
import { pickedFile } from './support/picked-files.js';

const NO_ENTRY = 13900002;
const BAD_DESCRIPTOR = 13900008;
const INVALID_ARGUMENT = 13900020;
const READ_ONLY = 0;

/** Content and position of each open file. */
const open = new Map<number, { readonly file: File; position: number }>();
let nextDescriptor = 3;

function opened(descriptor: number): { readonly file: File; position: number } {
  const entry = open.get(descriptor);
  if (entry === undefined) {
    throw new KitError(BAD_DESCRIPTOR, 'Bad file descriptor');
  }
  return entry;
}

async function openFile(path: string, mode = READ_ONLY): Promise<fileIo.File> {
  if (mode !== READ_ONLY) {
    throw new KitError(INVALID_ARGUMENT, 'Invalid argument: the host opens files for reading only');
  }
  const file = pickedFile(path);
  if (file === null) {
    throw new KitError(NO_ENTRY, 'No such file or directory');
  }
  const fd = nextDescriptor++;
  open.set(fd, { file, position: 0 });
  return loud<fileIo.File>('fileIo.File', { fd, path, name: file.name });
}

async function closeFile(file: number | fileIo.File): Promise<void> {
  const fd = typeof file === 'number' ? file : file.fd;
  opened(fd);
  open.delete(fd);
}

async function statOf(file: string | number): Promise<fileIo.Stat> {
  const found = typeof file === 'number' ? opened(file).file : pickedFile(file);
  if (found === null) {
    throw new KitError(NO_ENTRY, 'No such file or directory');
  }
  const modified = Math.floor(found.lastModified / 1000);
  return loud<fileIo.Stat>('fileIo.Stat', {
    size: found.size,
    mtime: modified,
    isFile: () => true,
    isDirectory: () => false,
  });
}

async function readInto(fd: number, buffer: ArrayBuffer, options: ReadOptions = {}): Promise<number> {
  const entry = opened(fd);
  const length = options.length ?? buffer.byteLength;
  if (length < 0 || length > buffer.byteLength) {
    throw new KitError(INVALID_ARGUMENT, 'Invalid argument: length');
  }
  const from = options.offset ?? entry.position;
  const bytes = new Uint8Array(await entry.file.slice(from, from + length).arrayBuffer());
  new Uint8Array(buffer).set(bytes);
  if (options.offset === undefined) {
    entry.position += bytes.length;
  }
  return bytes.length;
}

type OpenCallback = AsyncCallback<fileIo.File>;
type ReadCallback = AsyncCallback<number>;

export default loud<typeof fileIo>('fileIo', {
  OpenMode: loud<typeof fileIo.OpenMode>('fileIo.OpenMode', { READ_ONLY }),
  open: ((path: string, second?: number | OpenCallback, third?: OpenCallback) =>
    settle(
      openFile(path, typeof second === 'number' ? second : READ_ONLY),
      typeof second === 'function' ? second : third,
    )) as typeof fileIo.open,
  close: ((file: number | fileIo.File, callback?: AsyncCallback<void>) =>
    settle(closeFile(file), callback)) as typeof fileIo.close,
  stat: ((file: string | number, callback?: AsyncCallback<fileIo.Stat>) =>
    settle(statOf(file), callback)) as typeof fileIo.stat,
  read: ((fd: number, buffer: ArrayBuffer, second?: ReadOptions | ReadCallback, third?: ReadCallback) =>
    settle(
      readInto(fd, buffer, typeof second === 'function' ? undefined : second),
      typeof second === 'function' ? second : third,
    )) as typeof fileIo.read,
});
