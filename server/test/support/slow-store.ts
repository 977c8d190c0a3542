import { join } from 'node:path';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store';
import type { LogCommand, LogOutcome, ResumeRecord, RoomRecord, SessionOwner } from '../../src/store/store';

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** The real store as if it stood behind a network: what it did or read is known some turns of the event loop later. */
export class SlowStore extends SqliteStore {
  /** Called between the reading of a session and the answer; its promise holds the answer back. */
  onSessionRead: () => Promise<void> = () => Promise.resolve();

  constructor(dataDir: string) {
    super(join(dataDir, 'parley.db'));
  }

  override async commit(commands: readonly LogCommand[]): Promise<LogOutcome[]> {
    const outcomes = await super.commit(commands);
    await turns(3);
    return outcomes;
  }

  override async roomsOf(userId: string): Promise<RoomRecord[]> {
    const rooms = await super.roomsOf(userId);
    await turns(7);
    return rooms;
  }

  override async eventsAfter(roomId: string, afterSeq: number, limit: number): Promise<ResumeRecord | null> {
    const record = await super.eventsAfter(roomId, afterSeq, limit);
    await turns(7);
    return record;
  }

  override async findSession(sessionId: string): Promise<SessionOwner | null> {
    const session = await super.findSession(sessionId);
    await this.onSessionRead();
    return session;
  }
}
