import type { FileRecord } from '../store';
import type { Dialect } from './dialect';
import { toFileRecord } from './event-rows';
import { all, first, run, type Script } from './script';
import { statement } from './statement';
import type { FilesTable } from './tables';

function statementsOf({ db }: Dialect) {
  return {
    insert: statement<Omit<FilesTable, 'is_used'>>(db).as((q, p) =>
      q
        .insertInto('files')
        .values({
          file_id: p.file_id,
          room_id: p.room_id,
          user_id: p.user_id,
          upload_key: p.upload_key,
          name: p.name,
          content_type: p.content_type,
          size_bytes: p.size_bytes,
          width_px: p.width_px,
          height_px: p.height_px,
          created_at_ms: p.created_at_ms,
          is_used: 0,
        })
        .onConflict((conflict) => conflict.columns(['user_id', 'upload_key']).doNothing()),
    ),
    upload: statement<{ userId: string; uploadKey: string }>(db).as((q, { userId, uploadKey }) =>
      q.selectFrom('files').selectAll().where('user_id', '=', userId).where('upload_key', '=', uploadKey),
    ),
    byId: statement<{ fileId: string }>(db).as((q, { fileId }) =>
      q.selectFrom('files').select('file_id').where('file_id', '=', fileId),
    ),
    forMember: statement<{ fileId: string; userId: string }>(db).as((q, { fileId, userId }) =>
      q
        .selectFrom('files as f')
        .innerJoin('members as m', 'm.room_id', 'f.room_id')
        .selectAll('f')
        .where('m.user_id', '=', userId)
        .where('f.file_id', '=', fileId),
    ),
    deleteUnused: statement<{ atMs: number }>(db).as((q, { atMs }) =>
      q
        .deleteFrom('files')
        // Literally, for the index that holds unused ones only.
        .where((e) => e('is_used', '=', e.lit(0)))
        .where('created_at_ms', '<', atMs)
        .returning('file_id'),
    ),
  };
}

/** What the store knows of files; their contents are in the vault. */
export class Files {
  private readonly ask;

  constructor(dialect: Dialect) {
    this.ask = statementsOf(dialect);
  }

  *add(record: FileRecord): Script<FileRecord> {
    const { file, roomId, userId, uploadKey, createdAtMs } = record;
    yield* run(this.ask.insert, {
      file_id: file.fileId,
      room_id: roomId,
      user_id: userId,
      upload_key: uploadKey,
      name: file.name,
      content_type: file.contentType,
      size_bytes: file.sizeBytes,
      width_px: file.widthPx,
      height_px: file.heightPx,
      created_at_ms: createdAtMs,
    });
    return (yield* this.upload(userId, uploadKey)) ?? record;
  }

  *upload(userId: string, uploadKey: string): Script<FileRecord | null> {
    const row = yield* first(this.ask.upload, { userId, uploadKey });
    return row === null ? null : toFileRecord(row);
  }

  *has(fileId: string): Script<boolean> {
    return (yield* first(this.ask.byId, { fileId })) !== null;
  }

  *forMember(fileId: string, userId: string): Script<FileRecord | null> {
    const row = yield* first(this.ask.forMember, { fileId, userId });
    return row === null ? null : toFileRecord(row);
  }

  *deleteUnusedBefore(atMs: number): Script<string[]> {
    return (yield* all(this.ask.deleteUnused, { atMs })).map((row) => row.file_id);
  }
}
