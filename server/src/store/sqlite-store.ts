import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'libsql';
import type { RoomListing } from '../../../common/core/src/main/ets/wire/HttpBodies';
import type { RoomFile } from '../../../common/core/src/main/ets/wire/Frames';
import type { SearchQuery } from '../search/search-query';
import { SqliteFiles } from './sqlite-files';
import { SqliteLog } from './sqlite-log';
import { migrate } from './sqlite-migrations';
import { SqliteSearch } from './sqlite-search';
import { SqliteSearcher } from './sqlite-searcher';
import {
  type FileRecord,
  type HistoryRecord,
  type LogCommand,
  type LogOutcome,
  type ResumeRecord,
  type RoomRecord,
  type SearchPosition,
  type SearchRecord,
  type SessionOwner,
  type SessionRecord,
  type Store,
  StoreFailure,
  type UserRecord,
} from './store';

interface UserRow {
  readonly user_id: string;
  readonly name: string;
  readonly name_key: string;
  readonly password_hash: string;
  readonly created_at_ms: number;
}

interface SessionRow {
  readonly session_id: string;
  readonly user_id: string;
  readonly name: string;
  readonly refresh_expires_at_ms: number;
}

interface ListingRow {
  readonly room_id: string;
  readonly name: string;
  readonly member_count: number;
  readonly is_member: number;
}

/** How long a statement waits for a lock that another process (a backup, say) holds. */
const BUSY_TIMEOUT_MS = 2000;
/** `PRAGMA synchronous`: fsync of the log at each commit. Less would acknowledge what a power cut can take back. */
const SYNCHRONOUS_FULL = 2;

const SESSION_COLUMNS =
  's.session_id, s.user_id, u.name, s.refresh_expires_at_ms FROM sessions s JOIN users u ON u.user_id = s.user_id';

function readDurability(db: Database.Database): { journalMode: string; synchronous: number } {
  const { journal_mode: journalMode } = db.prepare('PRAGMA journal_mode').get() as { journal_mode: string };
  const { synchronous } = db.prepare('PRAGMA synchronous').get() as { synchronous: number };
  return { journalMode, synchronous };
}

function openDatabase(path: string): Database.Database {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const db = new Database(path, { timeout: BUSY_TIMEOUT_MS });
  db.prepare('PRAGMA journal_mode = WAL').get();
  db.exec('PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;');
  const { journalMode, synchronous } = readDurability(db);
  if (journalMode !== 'wal' || synchronous !== SYNCHRONOUS_FULL) {
    db.close();
    throw new Error(`expected journal_mode wal and synchronous 2, got ${journalMode} and ${synchronous}`);
  }
  return db;
}

/** SQLite in one file. Commits are synchronous: while one runs, no other command can come between. */
export class SqliteStore implements Store {
  private readonly db: Database.Database;
  private readonly log: SqliteLog;
  private readonly files: SqliteFiles;
  private readonly searcher: SqliteSearcher;
  /** The file's number on its disk. */
  private readonly inode: number;

  /** Throws `StoreFailure` with a sentence that names the file. */
  constructor(private readonly path: string) {
    try {
      this.db = openDatabase(path);
      this.inode = statSync(path).ino;
      migrate(this.db);
      this.files = new SqliteFiles(this.db);
      const index = new SqliteSearch(this.db);
      this.log = new SqliteLog(this.db, this.files, index);
      this.searcher = new SqliteSearcher(index, this.log);
    } catch (error) {
      throw new StoreFailure(`cannot open the database ${path}: ${(error as Error).message}`, error);
    }
  }

  createUser(user: UserRecord): Promise<boolean> {
    return this.run(() => {
      this.refuseLostFile();
      const { changes } = this.db
        .prepare('INSERT INTO users VALUES (?, ?, ?, ?, ?, 0) ON CONFLICT (name_key) DO NOTHING')
        .run(user.userId, user.userName, user.nameKey, user.passwordHash, user.createdAtMs);
      return changes === 1;
    });
  }

  findUserByNameKey(nameKey: string): Promise<UserRecord | null> {
    return this.run(() => {
      const row = this.db.prepare('SELECT * FROM users WHERE name_key = ?').get(nameKey) as UserRow | undefined;
      if (row === undefined) {
        return null;
      }
      return {
        userId: row.user_id,
        userName: row.name,
        nameKey: row.name_key,
        passwordHash: row.password_hash,
        createdAtMs: row.created_at_ms,
      };
    });
  }

  createSession(session: SessionRecord): Promise<void> {
    return this.run(() => {
      this.db
        .prepare('INSERT INTO sessions VALUES (?, ?, ?, ?, ?)')
        .run(session.sessionId, session.userId, session.refreshHash, session.refreshExpiresAtMs, session.createdAtMs);
    });
  }

  findSession(sessionId: string): Promise<SessionOwner | null> {
    return this.run(() => this.sessionWhere('s.session_id = ?', sessionId));
  }

  findSessionByRefreshHash(refreshHash: string): Promise<SessionOwner | null> {
    return this.run(() => this.sessionWhere('s.refresh_hash = ?', refreshHash));
  }

  rotateSession(oldHash: string, newHash: string, refreshExpiresAtMs: number): Promise<boolean> {
    return this.run(() => {
      const { changes } = this.db
        .prepare('UPDATE sessions SET refresh_hash = ?, refresh_expires_at_ms = ? WHERE refresh_hash = ?')
        .run(newHash, refreshExpiresAtMs, oldHash);
      return changes === 1;
    });
  }

  deleteSession(sessionId: string): Promise<void> {
    return this.run(() => {
      this.db.prepare('DELETE FROM sessions WHERE session_id = ?').run(sessionId);
    });
  }

  deleteSessionsExpiredBefore(atMs: number): Promise<void> {
    return this.run(() => {
      this.db.prepare('DELETE FROM sessions WHERE refresh_expires_at_ms < ?').run(atMs);
    });
  }

  commit(commands: readonly LogCommand[]): Promise<LogOutcome[]> {
    return this.run(() => this.transaction(() => commands.map((command) => this.log.apply(command))));
  }

  recordSeen(seenAtMs: ReadonlyMap<string, number>): Promise<void> {
    return this.run(() =>
      this.transaction(() => {
        const update = this.db.prepare('UPDATE users SET last_seen_ms = MAX(last_seen_ms, ?) WHERE user_id = ?');
        seenAtMs.forEach((atMs, userId) => update.run(atMs, userId));
      }),
    );
  }

  roomsOf(userId: string): Promise<RoomRecord[]> {
    return this.run(() => this.log.roomsOf(userId));
  }

  isMember(roomId: string, userId: string): Promise<boolean> {
    return this.run(() => this.log.isMember(roomId, userId));
  }

  listRooms(userId: string, after: string, limit: number): Promise<RoomListing[]> {
    return this.run(() => {
      const rows = this.db
        .prepare(
          'SELECT r.room_id, r.name, ' +
            '(SELECT COUNT(*) FROM members m WHERE m.room_id = r.room_id) AS member_count, ' +
            'EXISTS (SELECT 1 FROM members m WHERE m.room_id = r.room_id AND m.user_id = ?) AS is_member ' +
            'FROM rooms r WHERE r.room_id > ? ORDER BY r.room_id LIMIT ?',
        )
        .all(userId, after, limit) as ListingRow[];
      return rows.map((row) => ({
        roomId: row.room_id,
        name: row.name,
        memberCount: row.member_count,
        isMember: row.is_member === 1,
      }));
    });
  }

  history(roomId: string, before: number, limit: number): Promise<HistoryRecord | null> {
    return this.run(() => {
      const room = this.log.room(roomId);
      if (room === null) {
        return null;
      }
      const newestFirst = this.log.eventsBefore(roomId, before === 0 ? room.head_seq + 1 : before, limit + 1);
      const events = newestFirst.slice(0, limit).reverse();
      return { epoch: room.epoch, events, hasMore: newestFirst.length > limit };
    });
  }

  eventsAfter(roomId: string, afterSeq: number, limit: number): Promise<ResumeRecord | null> {
    return this.run(() => {
      const room = this.log.room(roomId);
      if (room === null) {
        return null;
      }
      return { epoch: room.epoch, headSeq: room.head_seq, events: this.log.eventsAfter(roomId, afterSeq, limit) };
    });
  }

  addFile(record: FileRecord): Promise<FileRecord> {
    return this.run(() => this.transaction(() => this.files.add(record)));
  }

  findUpload(userId: string, uploadKey: string): Promise<FileRecord | null> {
    return this.run(() => this.files.upload(userId, uploadKey));
  }

  hasFile(fileId: string): Promise<boolean> {
    return this.run(() => this.files.has(fileId));
  }

  findFile(fileId: string, userId: string): Promise<RoomFile | null> {
    return this.run(() => this.files.forMember(fileId, userId)?.file ?? null);
  }

  deleteUnusedFiles(atMs: number): Promise<string[]> {
    return this.run(() => this.transaction(() => this.files.deleteUnusedBefore(atMs)));
  }

  search(
    userId: string,
    query: SearchQuery,
    before: SearchPosition | null,
    limit: number,
  ): Promise<SearchRecord | null> {
    return this.run(() => this.searcher.search(userId, query, before, limit));
  }

  close(): Promise<void> {
    return this.run(() => {
      // All in one file again: who copies it while no server runs needs no other.
      this.db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
      this.db.close();
    });
  }

  /** What SQLite says that it does, not what it was asked for. */
  durability(): { readonly journalMode: string; readonly synchronous: number } {
    return readDurability(this.db);
  }

  private sessionWhere(condition: 's.session_id = ?' | 's.refresh_hash = ?', value: string): SessionOwner | null {
    const row = this.db.prepare(`SELECT ${SESSION_COLUMNS} WHERE ${condition}`).get(value) as SessionRow | undefined;
    if (row === undefined) {
      return null;
    }
    return {
      sessionId: row.session_id,
      userId: row.user_id,
      userName: row.name,
      refreshExpiresAtMs: row.refresh_expires_at_ms,
    };
  }

  /** SQLite goes on writing to a file that was removed or replaced: what it calls durable then is gone at the end. */
  private refuseLostFile(): void {
    if (statSync(this.path, { throwIfNoEntry: false })?.ino !== this.inode) {
      throw new Error(`the database ${this.path} was removed or replaced; start the server again`);
    }
  }

  private transaction<T>(work: () => T): T {
    this.refuseLostFile();
    this.db.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.db.exec('COMMIT');
      return result;
    } catch (error) {
      // SQLite ends the transaction itself after some errors (a full disk); a second ROLLBACK would hide the cause.
      if (this.db.inTransaction) {
        this.db.exec('ROLLBACK');
      }
      throw error;
    }
  }

  private run<T>(work: () => T): Promise<T> {
    try {
      return Promise.resolve(work());
    } catch (error) {
      return Promise.reject(new StoreFailure((error as Error).message, error));
    }
  }
}
