import type { RoomFile } from '../../../common/core/src/main/ets/wire/Frames';
import type { FileVault } from '../files/file-vault';
import type { Clock } from '../ports/clock';
import type { Store } from '../store/store';
import { PART_BYTES, printLine } from './room-lines';

export interface ExportParts {
  readonly store: Store;
  readonly vault: FileVault;
  readonly clock: Clock;
}

/** Events of one reading. */
const PAGE = 500;

async function* fileLines(vault: FileVault, userId: string, file: RoomFile): AsyncGenerator<string> {
  yield printLine({ kind: 'file', userId, ...file });
  const handle = await vault.open(file.fileId);
  try {
    const buffer = Buffer.alloc(PART_BYTES);
    for (let at = 0; at < file.sizeBytes;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
      if (bytesRead === 0) {
        throw new Error(`file ${file.fileId}: expected ${file.sizeBytes} bytes, got ${at}`);
      }
      yield printLine({ kind: 'part', fileId: file.fileId, data: buffer.toString('base64', 0, bytesRead) });
      at += bytesRead;
    }
  } finally {
    await handle.close();
  }
}

/**
 * The lines of a room up to where its log ends when it is called; people may go on talking. Throws where there is no such room.
 * Source of the format: `room-lines`.
 */
export async function* exportRoom({ store, vault, clock }: ExportParts, roomId: string): AsyncGenerator<string> {
  const room = await store.room(roomId);
  if (room === null) {
    throw new Error(`room ${roomId}: expected a room of this server, got none`);
  }
  const { name, headSeq, members, createdAtMs } = room;
  const exportedAtMs = clock.nowMs();
  yield printLine({ kind: 'room', format: 'parley.room', version: 1, roomId, name, createdAtMs, exportedAtMs });
  const named = new Set<string>();
  const user = (userId: string, userName: string): string => {
    const isNew = !named.has(userId);
    named.add(userId);
    return isNew ? printLine({ kind: 'user', userId, userName }) : '';
  };
  const kept = new Set<string>();
  let events = 0;
  for (let after = 0; after < headSeq;) {
    const page = (await store.eventsAfter(roomId, after, PAGE))?.events ?? [];
    const wanted = page.filter(({ seq }) => seq <= headSeq);
    for (const event of wanted) {
      const { file } = event;
      yield user(event.userId, event.userName);
      if (file !== undefined && !kept.has(file.fileId)) {
        kept.add(file.fileId);
        yield* fileLines(vault, event.userId, file);
      }
      yield printLine({ kind: 'event', event });
      events++;
    }
    after = wanted.at(-1)?.seq ?? headSeq;
  }
  for (const { userId, userName, joinedSeq } of members) {
    yield user(userId, userName) + printLine({ kind: 'member', userId, joinedSeq });
  }
  yield printLine({ kind: 'end', headSeq, events, files: kept.size });
}
