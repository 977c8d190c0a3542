import type { Notice, RoomNotice } from './bus';

/** Of each kind; beyond it the others are told to look for themselves. */
const MAX_KEPT = 1000;

type Head = Extract<RoomNotice, { kind: 'head' }>;

/** What could not be told while the others were out of reach, in bounded memory. Typing is not worth keeping. */
export class UnsaidNotices {
  private heads = new Map<string, Head>();
  private notices: Notice[] = [];
  private isFull = false;

  keepRoom(roomId: string, notice: RoomNotice): void {
    if (notice.kind === 'typing') {
      return;
    }
    const seq = notice.kind === 'event' ? notice.event.seq : notice.seq;
    const known = this.heads.get(roomId);
    if (known === undefined && this.heads.size >= MAX_KEPT) {
      this.isFull = true;
    } else if (known === undefined || known.epoch !== notice.epoch || known.seq < seq) {
      this.heads.set(roomId, { kind: 'head', epoch: notice.epoch, seq });
    }
  }

  keep(notice: Notice): void {
    if (this.notices.length >= MAX_KEPT) {
      this.isFull = true;
    } else {
      this.notices.push(notice);
    }
  }

  /** Everything that is to be told now; nothing is kept after it. */
  take(): { readonly rooms: readonly [string, RoomNotice][]; readonly notices: readonly Notice[] } {
    const rooms = [...this.heads];
    const notices: Notice[] = this.isFull ? [...this.notices, { kind: 'missed' }] : this.notices;
    this.heads = new Map();
    this.notices = [];
    this.isFull = false;
    return { rooms, notices };
  }
}
