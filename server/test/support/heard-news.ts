import type { BusListener, Notice, RoomNotice, UserPresence } from '../../src/bus/bus';

/** Writes down everything that a bus tells, one line each. */
export class HeardNews implements BusListener {
  readonly all: string[] = [];
  readonly notices: (RoomNotice | Notice)[] = [];

  onRoom(roomId: string, notice: RoomNotice): void {
    this.notices.push(notice);
    this.all.push(`${roomId} ${notice.kind}`);
  }

  onNotice(notice: Notice): void {
    this.notices.push(notice);
    this.all.push(notice.kind);
  }

  onPresence(_processId: string, userId: string, presence: UserPresence | null, lastSeenMs: number): void {
    const where = presence === null ? `offline ${lastSeenMs}` : `${presence.status} ${[...presence.roomIds].join(',')}`;
    this.all.push(`${userId} ${where}`);
  }

  onGoodbye(_processId: string, userIds: readonly string[]): void {
    this.all.push(`goodbye ${userIds.join(',')}`);
  }

  onInherited(userIds: readonly string[], lastSeenMs: number): void {
    this.all.push(`inherited ${userIds.join(',')} ${lastSeenMs}`);
  }

  onListening(roomIds: readonly string[]): void {
    this.all.push(`listening ${roomIds.join(',')}`);
  }

  onReturn(): void {
    this.all.push('return');
  }
}
