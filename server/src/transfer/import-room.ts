import type { RoomEvent } from '../../../common/core/src/main/ets/wire/Frames';
import { nameKey } from '../auth/names';
import type { Passwords } from '../auth/passwords';
import type { FileVault, IncomingFile } from '../files/file-vault';
import type { Clock } from '../ports/clock';
import type { IdMaker } from '../ports/ids';
import type { ImportedMember, ImportedRoom, Store } from '../store/store';
import { LineError, parseLine, type RoomLine } from './room-lines';

export interface ImportParts {
  readonly store: Store;
  readonly vault: FileVault;
  readonly passwords: Passwords;
  readonly ids: IdMaker;
  readonly clock: Clock;
}

export interface ImportReport {
  readonly roomId: string;
  readonly name: string;
  readonly events: number;
  readonly files: number;
  /** Users whom this server did not know: they cannot sign in until someone sets their password. */
  readonly newUsers: readonly string[];
}

type Of<K extends RoomLine['kind']> = Extract<RoomLine, { kind: K }>;
type FileLine = Of<'file'>;

/** Events of one transaction. */
const STEP = 500;
const SECRET_BYTES = 32;

/** Walks through the lines of one room. Nobody sees the room before its last line. */
class RoomImport {
  private room: ImportedRoom | null = null;
  private readonly userIds = new Map<string, string>();
  /** The ids that files have here, by those in the lines. */
  private readonly fileIds = new Map<string, string>();
  private readonly members: ImportedMember[] = [];
  private readonly newUsers: string[] = [];
  private waiting: RoomEvent[] = [];
  private lastSeq = 0;
  private events = 0;
  private lineNo = 0;
  private nobodysHash: string | null = null;
  private end: Of<'end'> | null = null;

  constructor(private readonly parts: ImportParts) {}

  async run(texts: AsyncIterable<string>): Promise<ImportReport> {
    const lines = this.parsed(texts)[Symbol.asyncIterator]();
    try {
      for (let next = await lines.next(); next.done !== true; next = await lines.next()) {
        const line = next.value;
        if (line.kind === 'file') {
          await this.file(line, lines);
        } else {
          await this.take(line);
        }
      }
      return await this.finish();
    } catch (error) {
      await this.undo();
      throw error;
    }
  }

  private async *parsed(texts: AsyncIterable<string>): AsyncGenerator<RoomLine> {
    for await (const text of texts) {
      this.lineNo++;
      if (this.end !== null && text.trim() !== '') {
        throw this.wrong('nothing after the line "end"', 'another line');
      }
      if (text.trim() !== '') {
        yield parseLine(text, this.lineNo);
      }
    }
  }

  private async take(line: Exclude<RoomLine, FileLine>): Promise<void> {
    if ((this.room === null) !== (line.kind === 'room')) {
      throw this.wrong('the line "room" first, and once', `"${line.kind}"`);
    }
    switch (line.kind) {
      case 'room':
        return this.begin(line);
      case 'user':
        return this.user(line);
      case 'part':
        throw this.wrong('a part right after its file', 'one elsewhere');
      case 'event':
        return this.event(line.event);
      case 'member':
        this.members.push({ userId: this.userIdOf(line.userId), joinedSeq: line.joinedSeq });
        return;
      case 'end':
        return this.checkEnd(line);
    }
  }

  private async begin({ roomId, name, createdAtMs }: Of<'room'>): Promise<void> {
    const { store, ids } = this.parts;
    const room = { roomId, name, nameKey: nameKey(name), epoch: ids.make('e'), createdAtMs };
    if (!(await store.beginImport(room))) {
      throw this.wrong('a room whose id and name are free here', `${roomId} "${name}"`);
    }
    this.room = room;
  }

  /** People are told apart by their names: whoever has the name here is the same person. */
  private async user({ userId, userName }: Of<'user'>): Promise<void> {
    const { store, passwords, ids, clock } = this.parts;
    const key = nameKey(userName);
    const known = await store.findUserByNameKey(key);
    if (known !== null) {
      this.userIds.set(userId, known.userId);
      return;
    }
    this.nobodysHash ??= await passwords.hash(ids.secret('s', SECRET_BYTES));
    const own = ids.make('u');
    const createdAtMs = clock.nowMs();
    await store.createUser({ userId: own, userName, nameKey: key, passwordHash: this.nobodysHash, createdAtMs });
    this.userIds.set(userId, own);
    this.newUsers.push(userName);
  }

  private async file(line: FileLine, lines: AsyncIterator<RoomLine>): Promise<void> {
    const { store, vault, ids, clock } = this.parts;
    const { roomId } = this.knownRoom();
    const userId = this.userIdOf(line.userId);
    const fileId = ids.make('f');
    const incoming: IncomingFile = await vault.receive(fileId, this.content(line, lines));
    await incoming.keep();
    this.fileIds.set(line.fileId, fileId);
    const { name, contentType, sizeBytes, widthPx, heightPx } = line;
    const file = { fileId, name, contentType, sizeBytes, widthPx, heightPx };
    await store.addFile({ file, roomId, userId, uploadKey: fileId, createdAtMs: clock.nowMs() });
  }

  private async *content({ fileId, sizeBytes }: FileLine, lines: AsyncIterator<RoomLine>): AsyncGenerator<Buffer> {
    for (let taken = 0; taken < sizeBytes;) {
      const next = await lines.next();
      if (next.done === true || next.value.kind !== 'part' || next.value.fileId !== fileId) {
        throw this.wrong(`${sizeBytes} bytes of file ${fileId}`, `${taken}`);
      }
      const bytes = Buffer.from(next.value.data, 'base64');
      taken += bytes.length;
      if (bytes.length === 0 || taken > sizeBytes) {
        throw this.wrong(`${sizeBytes} bytes of file ${fileId}`, bytes.length === 0 ? 'an empty part' : 'more');
      }
      yield bytes;
    }
  }

  private async event(event: RoomEvent): Promise<void> {
    const { roomId } = this.knownRoom();
    // The first one need not be 1: older ones may have been forgotten.
    if (this.lastSeq !== 0 && event.seq !== this.lastSeq + 1) {
      throw this.wrong(`event ${this.lastSeq + 1}`, `${event.seq}`);
    }
    this.lastSeq = event.seq;
    this.events++;
    const { file, ...rest } = event;
    const own = { ...rest, roomId, userId: this.userIdOf(event.userId) };
    this.waiting.push(file === undefined ? own : { ...own, file: { ...file, fileId: this.fileIdOf(file.fileId) } });
    if (this.waiting.length >= STEP) {
      await this.flush();
    }
  }

  private checkEnd(end: Of<'end'>): void {
    const { headSeq, events, files } = end;
    if (events !== this.events || files !== this.fileIds.size) {
      throw this.wrong(`${events} events and ${files} files`, `${this.events} and ${this.fileIds.size}`);
    }
    if (this.lastSeq !== 0 && headSeq !== this.lastSeq) {
      throw this.wrong(`headSeq ${this.lastSeq}`, `${headSeq}`);
    }
    this.end = end;
  }

  /** Only now: a line that is wrong may come last. */
  private async finish(): Promise<ImportReport> {
    if (this.end === null) {
      throw new LineError(this.lineNo + 1, 'expected the line "end", got the end of the input');
    }
    const room = this.knownRoom();
    const { roomId, name } = room;
    await this.flush();
    await this.parts.store.finishImport(room, this.end.headSeq, this.members);
    return { roomId, name, events: this.events, files: this.fileIds.size, newUsers: this.newUsers };
  }

  private async flush(): Promise<void> {
    const events = this.waiting;
    this.waiting = [];
    if (events.length > 0) {
      await this.parts.store.importEvents(this.knownRoom().roomId, events);
    }
  }

  private async undo(): Promise<void> {
    if (this.room === null) {
      return;
    }
    await this.parts.store.cancelImport(this.room.roomId);
    for (const fileId of this.fileIds.values()) {
      await this.parts.vault.remove(fileId);
    }
  }

  private knownRoom(): ImportedRoom {
    if (this.room === null) {
      throw this.wrong('the line "room" first', 'another line');
    }
    return this.room;
  }

  private userIdOf(userId: string): string {
    const own = this.userIds.get(userId);
    if (own === undefined) {
      throw this.wrong(`a line "user" before the first one about ${userId}`, 'none');
    }
    return own;
  }

  private fileIdOf(fileId: string): string {
    const own = this.fileIds.get(fileId);
    if (own === undefined) {
      throw this.wrong(`a line "file" before the event with ${fileId}`, 'none');
    }
    return own;
  }

  private wrong(expected: string, actual: string): LineError {
    return new LineError(this.lineNo, `expected ${expected}, got ${actual}`);
  }
}

/**
 * Brings a room from its lines. It appears when the last line was good, with an epoch of its own; whatever goes wrong before, nothing of it stays
 * but the users that it brought. Rejects with `LineError` and `StoreFailure`.
 */
export function importRoom(parts: ImportParts, lines: AsyncIterable<string>): Promise<ImportReport> {
  return new RoomImport(parts).run(lines);
}
