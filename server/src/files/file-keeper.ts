import type { Logger } from 'pino';
import { ErrorCode } from '../../../common/core/src/main/ets/wire/Codes';
import type { RoomFile } from '../../../common/core/src/main/ets/wire/Frames';
import { ProtocolError } from '../../../common/core/src/main/ets/wire/ProtocolError';
import type { Clock, Timer } from '../ports/clock';
import type { IdMaker } from '../ports/ids';
import { Refusal, refusalOf } from '../refusal';
import type { FileRecord, Store } from '../store/store';
import { kindOf } from './file-kind';
import type { FileVault } from './file-vault';
import { readImageHeader } from './image-header';

export interface FileKeeperParts {
  readonly store: Store;
  readonly vault: FileVault;
  readonly clock: Clock;
  readonly ids: IdMaker;
  readonly log: Logger;
}

export interface Upload {
  readonly userId: string;
  readonly roomId: string;
  /** The sender's own name for this upload: a repeated one gets the first answer. */
  readonly uploadKey: string;
  readonly name: string;
  readonly declaredType: string;
  readonly body: AsyncIterable<Uint8Array>;
}

const HOUR_MS = 3_600_000;
/** A file that no message uses for this long was forgotten by its sender. */
export const UNUSED_FILE_KEPT_MS = 24 * HOUR_MS;
const SWEEP_INTERVAL_MS = HOUR_MS;

function sameRoom(file: FileRecord, roomId: string): RoomFile {
  if (file.roomId !== roomId) {
    throw new Refusal(ErrorCode.IdReused, 'This Idempotency-Key was used for a file in another room.');
  }
  return file.file;
}

/** Files of rooms: takes them in, hands them to members, and forgets those that no message came to use. */
export class FileKeeper {
  private timer: Timer | null = null;
  private isDisposed = false;

  constructor(private readonly parts: FileKeeperParts) {}

  /** Puts the disk and the store in agreement after whatever ended the process before, and starts to sweep. */
  async start(): Promise<void> {
    const { store, vault, clock } = this.parts;
    await vault.prepare(clock.nowMs());
    for (const fileId of await vault.keptIds(clock.nowMs())) {
      if (!(await store.hasFile(fileId))) {
        await vault.remove(fileId);
      }
    }
    await this.sweep();
    this.watch();
  }

  dispose(): void {
    this.isDisposed = true;
    this.timer?.cancel();
  }

  /** The file that was taken in under this key before; null where there is none. */
  async earlier(userId: string, roomId: string, uploadKey: string): Promise<RoomFile | null> {
    const known = await this.parts.store.findUpload(userId, uploadKey);
    return known === null ? null : sameRoom(known, roomId);
  }

  /** The new file, once it is on disk; of two uploads under one key that meet, the first one's file for both. */
  async take(upload: Upload): Promise<RoomFile> {
    const { store, vault, clock, ids } = this.parts;
    const { roomId, userId, uploadKey, name } = upload;
    const fileId = ids.make('f');
    const incoming = await vault.receive(fileId, upload.body);
    try {
      const { sizeBytes } = incoming;
      if (sizeBytes === 0) {
        throw new ProtocolError(ErrorCode.BadField, 'body', 'at least one byte', 'none');
      }
      const kind = kindOf(upload.declaredType, await readImageHeader(incoming.read));
      await incoming.keep();
      const file = { fileId, name, sizeBytes, ...kind };
      const counted = await store.addFile({ file, roomId, userId, uploadKey, createdAtMs: clock.nowMs() });
      if (counted.file.fileId !== fileId) {
        await vault.remove(fileId);
      }
      return sameRoom(counted, roomId);
    } catch (error) {
      await incoming.discard();
      throw error;
    }
  }

  /** For members of its room; anyone else learns only that there is nothing for them. */
  async find(userId: string, fileId: string): Promise<RoomFile> {
    const file = await this.parts.store.findFile(fileId, userId);
    if (file === null) {
      throw refusalOf(ErrorCode.NotFound, 'file');
    }
    return file;
  }

  /** Forgets what no message has used in time. The store first: what it does not know is only bytes. */
  async sweep(): Promise<void> {
    const { store, vault, clock, log } = this.parts;
    const fileIds = await store.deleteUnusedFiles(clock.nowMs() - UNUSED_FILE_KEPT_MS);
    for (const fileId of fileIds) {
      await vault.remove(fileId);
    }
    if (fileIds.length > 0) {
      log.info({ files: fileIds.length }, 'unused files deleted');
    }
  }

  private watch(): void {
    if (this.isDisposed) {
      return;
    }
    this.timer = this.parts.clock.setTimer(SWEEP_INTERVAL_MS, () => {
      this.sweep().catch((error: unknown) => this.parts.log.warn({ err: error }, 'unused files not deleted'));
      this.watch();
    });
  }
}
