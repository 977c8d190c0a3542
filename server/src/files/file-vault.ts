import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ErrorCode } from '../../../common/core/src/main/ets/wire/Codes';
import { MAX_FILE_BYTES } from '../../../common/core/src/main/ets/wire/Limits';
import { ProtocolError } from '../../../common/core/src/main/ets/wire/ProtocolError';
import { StoreFailure } from '../store/store';
import type { ReadBytes } from './image-header';

const KEPT_FOLDER = 'files';
const INCOMING_FOLDER = 'incoming-files';

/** A file that has arrived whole and is on disk, but not among the kept ones yet. */
export interface IncomingFile {
  readonly sizeBytes: number;
  readonly read: ReadBytes;
  /** Fulfilled when the file would survive a power cut under its id. */
  keep(): Promise<void>;
  discard(): Promise<void>;
}

/** An entry of a folder is only on disk when the folder is. */
async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function readAt(path: string, at: number, length: number): Promise<Buffer> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, at);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Infinity where the file is gone: another process was done with it meanwhile. */
async function modifiedAtMs(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return Infinity;
    }
    throw error;
  }
}

/** Errors of the disk become `StoreFailure`; what the sender did wrong stays what it is. */
async function orStoreFailure<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { syscall } = error as NodeJS.ErrnoException;
    throw syscall === undefined || syscall === 'read'
      ? error
      : new StoreFailure(`files: ${(error as Error).message}`, error);
  }
}

async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.length;) {
    at += (await handle.write(chunk, at)).bytesWritten;
  }
}

/** Writes `body` as it comes: one chunk is in memory, never the file. Throws `too_large` at the first byte too many. */
async function writeBody(handle: FileHandle, body: AsyncIterable<Uint8Array>): Promise<number> {
  let sizeBytes = 0;
  for await (const chunk of body) {
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_FILE_BYTES) {
      throw new ProtocolError(ErrorCode.TooLarge, '', `at most ${MAX_FILE_BYTES} bytes`, 'more');
    }
    await writeAll(handle, chunk);
  }
  await handle.sync();
  return sizeBytes;
}

export interface FileVaultOptions {
  readonly folder: string;
  /** Other processes use the same folder: what is young may be theirs and is left alone. */
  readonly isShared: boolean;
}

/** In a shared folder. No upload takes nearly as long. */
const LEFT_ALONE_MS = 24 * 3_600_000;

/** The contents of files below a folder, each under its id. Which of them mean something is the store's business. */
export class FileVault {
  private readonly folder: string;
  private readonly kept: string;
  private readonly incoming: string;
  private readonly minAgeMs: number;

  constructor({ folder, isShared }: FileVaultOptions) {
    this.folder = folder;
    this.kept = join(folder, KEPT_FOLDER);
    this.incoming = join(folder, INCOMING_FOLDER);
    this.minAgeMs = isShared ? LEFT_ALONE_MS : 0;
  }

  /** Before anything else. Uploads that a crash cut off are gone after it. */
  async prepare(nowMs: number): Promise<void> {
    await orStoreFailure(async () => {
      await mkdir(this.incoming, { recursive: true, mode: 0o700 });
      await mkdir(this.kept, { recursive: true, mode: 0o700 });
      for (const name of await this.leftIn(this.incoming, nowMs)) {
        await rm(join(this.incoming, name), { force: true });
      }
      await syncFolder(this.folder);
    });
  }

  /** Nothing of a body that fails stays. Throws `ProtocolError`, `StoreFailure`, and what `body` throws. */
  async receive(fileId: string, body: AsyncIterable<Uint8Array>): Promise<IncomingFile> {
    const path = join(this.incoming, fileId);
    const discard = (): Promise<void> => rm(path, { force: true });
    const handle = await orStoreFailure(() => open(path, 'wx', 0o600));
    try {
      const sizeBytes = await orStoreFailure(() => writeBody(handle, body));
      return {
        sizeBytes,
        read: (at, length) => readAt(path, at, length),
        keep: () =>
          orStoreFailure(async () => {
            await rename(path, join(this.kept, fileId));
            await syncFolder(this.kept);
          }),
        discard,
      };
    } catch (error) {
      await discard();
      throw error;
    } finally {
      await handle.close();
    }
  }

  /** The caller closes it. */
  open(fileId: string): Promise<FileHandle> {
    return orStoreFailure(() => open(join(this.kept, fileId), 'r'));
  }

  /** Harmless where the file is gone. */
  async remove(fileId: string): Promise<void> {
    await orStoreFailure(() => rm(join(this.kept, fileId), { force: true }));
  }

  /** Those that this process may forget where the store does not know them. */
  keptIds(nowMs: number): Promise<string[]> {
    return orStoreFailure(() => this.leftIn(this.kept, nowMs));
  }

  private async leftIn(folder: string, nowMs: number): Promise<string[]> {
    const names = await readdir(folder);
    if (this.minAgeMs === 0) {
      return names;
    }
    const old: string[] = [];
    for (const name of names) {
      const age = nowMs - (await modifiedAtMs(join(folder, name)));
      if (age > this.minAgeMs) {
        old.push(name);
      }
    }
    return old;
  }
}
