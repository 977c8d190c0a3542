import type Database from 'libsql';
import type { FileRecord } from './store';

interface FileRow {
  readonly file_id: string;
  readonly room_id: string;
  readonly user_id: string;
  readonly upload_key: string;
  readonly name: string;
  readonly content_type: string;
  readonly size_bytes: number;
  readonly width_px: number;
  readonly height_px: number;
  readonly created_at_ms: number;
}

function toRecord(row: FileRow | undefined): FileRecord | null {
  if (row === undefined) {
    return null;
  }
  return {
    file: {
      fileId: row.file_id,
      name: row.name,
      contentType: row.content_type,
      sizeBytes: row.size_bytes,
      widthPx: row.width_px,
      heightPx: row.height_px,
    },
    roomId: row.room_id,
    userId: row.user_id,
    uploadKey: row.upload_key,
    createdAtMs: row.created_at_ms,
  };
}

/** What the store knows of files; their contents are in the vault. Every method runs inside the caller's transaction. */
export class SqliteFiles {
  private readonly insert;
  private readonly selectUpload;
  private readonly selectById;
  private readonly selectForMember;
  private readonly update;
  private readonly deleteUnused;

  constructor(db: Database.Database) {
    this.insert = db.prepare(
      'INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0) ON CONFLICT (user_id, upload_key) DO NOTHING',
    );
    this.selectUpload = db.prepare('SELECT * FROM files WHERE user_id = ? AND upload_key = ?');
    this.selectById = db.prepare('SELECT * FROM files WHERE file_id = ?');
    this.selectForMember = db.prepare(
      'SELECT f.* FROM files f JOIN members m ON m.room_id = f.room_id AND m.user_id = ? WHERE f.file_id = ?',
    );
    this.update = db.prepare('UPDATE files SET is_used = 1 WHERE file_id = ? AND room_id = ? AND user_id = ?');
    this.deleteUnused = db.prepare('DELETE FROM files WHERE is_used = 0 AND created_at_ms < ? RETURNING file_id');
  }

  add(record: FileRecord): FileRecord {
    const { file, roomId, userId, uploadKey, createdAtMs } = record;
    const { fileId, name, contentType, sizeBytes, widthPx, heightPx } = file;
    this.insert.run(fileId, roomId, userId, uploadKey, name, contentType, sizeBytes, widthPx, heightPx, createdAtMs);
    return this.upload(userId, uploadKey) ?? record;
  }

  upload(userId: string, uploadKey: string): FileRecord | null {
    return toRecord(this.selectUpload.get(userId, uploadKey) as FileRow | undefined);
  }

  has(fileId: string): boolean {
    return this.selectById.get(fileId) !== undefined;
  }

  forMember(fileId: string, userId: string): FileRecord | null {
    return toRecord(this.selectForMember.get(userId, fileId) as FileRow | undefined);
  }

  /** False where the file is not one that this user brought into this room. */
  use(fileId: string, roomId: string, userId: string): boolean {
    return this.update.run(fileId, roomId, userId).changes === 1;
  }

  deleteUnusedBefore(atMs: number): string[] {
    return (this.deleteUnused.all(atMs) as { file_id: string }[]).map((row) => row.file_id);
  }
}
