/** Reading what a picker gave, and writing where one said. The app's own files are not here yet. */
import type fileIo from '@ohos.file.fs';
import type { AsyncCallback } from '@ohos.base';
import type { ReadOptions, WriteOptions } from '@ohos.file.fs';
import { KitError, settle } from './support/business-error.js';
import { loud } from './support/loud.js';
import { deliver, pickedFile, targetName } from './support/picked-files.js';

const NO_ENTRY = 13900002;
const BAD_DESCRIPTOR = 13900008;
const INVALID_ARGUMENT = 13900020;
const READ_ONLY = 0;
const WRITE_ONLY = 1;
const READ_WRITE = 2;

interface Source {
  readonly file: File;
  position: number;
}

/** Written from its start to its end; the user gets it when it is closed. */
interface Target {
  readonly uri: string;
  readonly name: string;
  readonly parts: Uint8Array<ArrayBuffer>[];
}

/** Content and position of each file that is open for reading. */
const open = new Map<number, Source>();
const writing = new Map<number, Target>();
let nextDescriptor = 3;

function badDescriptor(): KitError {
  return new KitError(BAD_DESCRIPTOR, 'Bad file descriptor');
}

function opened(descriptor: number): Source {
  const entry = open.get(descriptor);
  if (entry === undefined) {
    throw badDescriptor();
  }
  return entry;
}

async function openFile(path: string, mode = READ_ONLY): Promise<fileIo.File> {
  if (mode === WRITE_ONLY || mode === READ_WRITE) {
    return openTarget(path);
  }
  if (mode !== READ_ONLY) {
    throw new KitError(INVALID_ARGUMENT, 'Invalid argument: the host knows READ_ONLY, WRITE_ONLY and READ_WRITE');
  }
  const file = pickedFile(path);
  if (file === null) {
    throw new KitError(NO_ENTRY, 'No such file or directory');
  }
  const fd = nextDescriptor++;
  open.set(fd, { file, position: 0 });
  return loud<fileIo.File>('fileIo.File', { fd, path, name: file.name });
}

function openTarget(uri: string): fileIo.File {
  const name = targetName(uri);
  if (name === null) {
    throw new KitError(NO_ENTRY, 'No such file or directory');
  }
  const fd = nextDescriptor++;
  writing.set(fd, { uri, name, parts: [] });
  return loud<fileIo.File>('fileIo.File', { fd, path: uri, name });
}

async function closeFile(file: number | fileIo.File): Promise<void> {
  const fd = typeof file === 'number' ? file : file.fd;
  const target = writing.get(fd);
  if (target !== undefined) {
    writing.delete(fd);
    deliver(target.uri, target.name, target.parts);
    return;
  }
  opened(fd);
  open.delete(fd);
}

async function writeFrom(fd: number, content: ArrayBuffer | string, options: WriteOptions = {}): Promise<number> {
  const target = writing.get(fd);
  if (target === undefined) {
    throw badDescriptor();
  }
  if (options.offset !== undefined) {
    throw new KitError(INVALID_ARGUMENT, 'Invalid argument: the host writes from the start to the end');
  }
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : new Uint8Array(content);
  const part = bytes.slice(0, options.length);
  target.parts.push(part);
  return part.length;
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
type CountCallback = AsyncCallback<number>;

export default loud<typeof fileIo>('fileIo', {
  OpenMode: loud<typeof fileIo.OpenMode>('fileIo.OpenMode', { READ_ONLY, WRITE_ONLY, READ_WRITE }),
  open: ((path: string, second?: number | OpenCallback, third?: OpenCallback) =>
    settle(
      openFile(path, typeof second === 'number' ? second : READ_ONLY),
      typeof second === 'function' ? second : third,
    )) as typeof fileIo.open,
  close: ((file: number | fileIo.File, callback?: AsyncCallback<void>) =>
    settle(closeFile(file), callback)) as typeof fileIo.close,
  stat: ((file: string | number, callback?: AsyncCallback<fileIo.Stat>) =>
    settle(statOf(file), callback)) as typeof fileIo.stat,
  read: ((fd: number, buffer: ArrayBuffer, second?: ReadOptions | CountCallback, third?: CountCallback) =>
    settle(
      readInto(fd, buffer, typeof second === 'function' ? undefined : second),
      typeof second === 'function' ? second : third,
    )) as typeof fileIo.read,
  write: ((fd: number, content: ArrayBuffer | string, second?: WriteOptions | CountCallback, third?: CountCallback) =>
    settle(
      writeFrom(fd, content, typeof second === 'function' ? undefined : second),
      typeof second === 'function' ? second : third,
    )) as typeof fileIo.write,
});
