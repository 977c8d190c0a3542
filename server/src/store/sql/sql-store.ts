import type { RoomEvent, RoomFile } from '../../../../common/core/src/main/ets/wire/Frames';
import type { RoomListing } from '../../../../common/core/src/main/ets/wire/HttpBodies';
import type { SearchQuery } from '../../search/search-query';
import {
  type FileRecord,
  type ForgottenEvents,
  type HistoryRecord,
  type ImportedMember,
  type ImportedRoom,
  type KnownUser,
  type LogCommand,
  type LogHead,
  type LogOutcome,
  type NextToken,
  type RefreshOutcome,
  type ResumeRecord,
  type RoomRecord,
  type SearchPosition,
  type SearchRecord,
  type SessionEndings,
  type SessionListing,
  type SessionOwner,
  type SessionRecord,
  type Store,
  StoreFailure,
  type UserListing,
  type UserRecord,
} from '../store';
import type { Dialect } from './dialect';
import type { Driver } from './driver';
import { Files } from './files';
import { LogBatch } from './log-batch';
import { LogLoader } from './log-loader';
import { LogWriter } from './log-writer';
import { People } from './people';
import { Rooms } from './rooms';
import type { Script } from './script';
import { Searcher } from './searcher';
import { EndingLog } from './session-endings';
import { Transfer } from './transfer';

/** The store in SQL: one set of queries, whatever the database. */
export class SqlStore implements Store {
  private readonly people: People;
  private readonly endings: EndingLog;
  private readonly rooms: Rooms;
  private readonly files: Files;
  private readonly searcher: Searcher;
  private readonly loader: LogLoader;
  private readonly writer: LogWriter;
  private readonly transfer: Transfer;

  constructor(
    private readonly driver: Driver,
    dialect: Dialect,
  ) {
    this.endings = new EndingLog(dialect);
    this.people = new People(dialect, this.endings);
    this.rooms = new Rooms(dialect);
    this.files = new Files(dialect);
    this.searcher = new Searcher(dialect);
    this.loader = new LogLoader(dialect);
    this.writer = new LogWriter(dialect);
    this.transfer = new Transfer(dialect, this.writer);
  }

  createUser(user: UserRecord): Promise<boolean> {
    return this.write(() => this.people.create(user));
  }

  findUserByNameKey(nameKey: string): Promise<KnownUser | null> {
    return this.read(() => this.people.byNameKey(nameKey));
  }

  listUsers(after: string, limit: number): Promise<UserListing[]> {
    return this.read(() => this.people.list(after, limit));
  }

  setPasswordHash(userId: string, passwordHash: string): Promise<boolean> {
    return this.write(() => this.people.setPasswordHash(userId, passwordHash));
  }

  disableUser(userId: string): Promise<string[]> {
    return this.write(() => this.people.setDisabled(userId, true));
  }

  async enableUser(userId: string): Promise<void> {
    await this.write(() => this.people.setDisabled(userId, false));
  }

  createSession(session: SessionRecord): Promise<void> {
    return this.write(() => this.people.createSession(session));
  }

  findSession(sessionId: string): Promise<SessionOwner | null> {
    return this.read(() => this.people.session(sessionId));
  }

  findSessionByRefreshHash(refreshHash: string): Promise<SessionOwner | null> {
    return this.read(() => this.people.sessionByHash(refreshHash));
  }

  listSessions(userId: string): Promise<SessionListing[]> {
    return this.read(() => this.people.sessionsOf(userId));
  }

  refreshSession(refreshHash: string, next: NextToken, leewayMs: number): Promise<RefreshOutcome> {
    return this.write(() => this.people.refresh(refreshHash, next, leewayMs));
  }

  deleteSession(sessionId: string): Promise<boolean> {
    return this.write(() => this.people.deleteSession(sessionId));
  }

  deleteSessionsExcept(userId: string, kept: string): Promise<string[]> {
    return this.write(() => this.people.deleteSessionsExcept(userId, kept));
  }

  deleteSessionsExpiredBefore(atMs: number): Promise<void> {
    return this.write(() => this.people.deleteSessionsExpiredBefore(atMs));
  }

  lastSessionEnding(): Promise<number> {
    return this.read(() => this.endings.lastNo());
  }

  sessionEndings(afterNo: number, limit: number): Promise<SessionEndings> {
    return this.read(() => this.endings.after(afterNo, limit));
  }

  commit(commands: readonly LogCommand[]): Promise<LogOutcome[]> {
    return this.write(() => this.apply(commands));
  }

  recordSeen(seenAtMs: ReadonlyMap<string, number>): Promise<void> {
    return this.write(() => this.people.recordSeen(seenAtMs));
  }

  roomsOf(userId: string): Promise<RoomRecord[]> {
    return this.read(() => this.rooms.of(userId));
  }

  roomCountOf(userId: string): Promise<number> {
    return this.read(() => this.rooms.countOf(userId));
  }

  room(roomId: string): Promise<RoomRecord | null> {
    return this.read(() => this.rooms.record(roomId));
  }

  heads(roomIds: readonly string[]): Promise<ReadonlyMap<string, LogHead>> {
    return this.read(() => this.rooms.heads(roomIds));
  }

  isMember(roomId: string, userId: string): Promise<boolean> {
    return this.read(() => this.rooms.isMember(roomId, userId));
  }

  listRooms(userId: string, after: string, limit: number): Promise<RoomListing[]> {
    return this.read(() => this.rooms.list(userId, after, limit));
  }

  history(roomId: string, before: number, limit: number): Promise<HistoryRecord | null> {
    return this.read(() => this.rooms.history(roomId, before, limit));
  }

  eventsAfter(roomId: string, afterSeq: number, limit: number): Promise<ResumeRecord | null> {
    return this.read(() => this.rooms.eventsAfter(roomId, afterSeq, limit));
  }

  addFile(record: FileRecord): Promise<FileRecord> {
    return this.write(() => this.files.add(record));
  }

  findUpload(userId: string, uploadKey: string): Promise<FileRecord | null> {
    return this.read(() => this.files.upload(userId, uploadKey));
  }

  hasFile(fileId: string): Promise<boolean> {
    return this.read(() => this.files.has(fileId));
  }

  async findFile(fileId: string, userId: string): Promise<RoomFile | null> {
    return (await this.read(() => this.files.forMember(fileId, userId)))?.file ?? null;
  }

  deleteUnusedFiles(atMs: number): Promise<string[]> {
    return this.write(() => this.files.deleteUnusedBefore(atMs));
  }

  search(
    userId: string,
    query: SearchQuery,
    before: SearchPosition | null,
    limit: number,
  ): Promise<SearchRecord | null> {
    return this.read(() => this.searcher.search(userId, query, before, limit));
  }

  beginImport(room: ImportedRoom): Promise<boolean> {
    return this.write(() => this.transfer.begin(room));
  }

  importEvents(roomId: string, events: readonly RoomEvent[]): Promise<void> {
    return this.write(() => this.transfer.events(roomId, events));
  }

  finishImport(room: ImportedRoom, headSeq: number, members: readonly ImportedMember[]): Promise<void> {
    return this.write(() => this.transfer.finish(room, headSeq, members));
  }

  cancelImport(roomId: string): Promise<void> {
    return this.write(() => this.transfer.cancel(roomId));
  }

  forgetEvents(beforeMs: number, fromRoomId: string, limit: number): Promise<ForgottenEvents | null> {
    return this.write(() => this.transfer.forget(beforeMs, fromRoomId, limit));
  }

  ping(): Promise<void> {
    return this.read(() => this.rooms.ping());
  }

  check(): Promise<void> {
    return asStoreFailure(this.driver.check());
  }

  close(): Promise<void> {
    return asStoreFailure(this.driver.close());
  }

  private *apply(commands: readonly LogCommand[]): Script<LogOutcome[]> {
    const batch = new LogBatch(yield* this.loader.load(commands));
    const outcomes = commands.map((command) => batch.apply(command));
    yield* this.writer.write(batch);
    return outcomes;
  }

  private read<T>(script: () => Script<T>): Promise<T> {
    return asStoreFailure(this.driver.read(script));
  }

  protected write<T>(script: () => Script<T>): Promise<T> {
    return asStoreFailure(this.driver.transaction(script));
  }
}

async function asStoreFailure<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new StoreFailure((error as Error).message, error);
  }
}
