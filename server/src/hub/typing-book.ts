import type { TypingState } from '../../../common/core/src/main/ets/wire/Frames';
import { TYPING_TTL_MS } from '../../../common/core/src/main/ets/wire/Limits';
import type { Clock, Timer } from '../ports/clock';

interface Mark {
  /** The connection that set it last: another device's "stopped" does not end it. */
  connectionId: string;
  endsAtMs: number;
  timer: Timer;
}

/** `expiresInMs` is 0 where the mark ended. */
export type TypingChanged = (roomId: string, userId: string, isTyping: boolean, expiresInMs: number) => void;

/** Who types where. Nothing of it is stored; each mark ends by itself. */
export class TypingBook {
  private readonly rooms = new Map<string, Map<string, Mark>>();

  constructor(
    private readonly clock: Clock,
    private readonly onChange: TypingChanged,
  ) {}

  start(roomId: string, userId: string, connectionId: string): void {
    const marks = this.rooms.get(roomId) ?? new Map<string, Mark>();
    this.rooms.set(roomId, marks);
    marks.get(userId)?.timer.cancel();
    marks.set(userId, {
      connectionId,
      endsAtMs: this.clock.nowMs() + TYPING_TTL_MS,
      timer: this.clock.setTimer(TYPING_TTL_MS, () => this.end(roomId, userId)),
    });
    this.onChange(roomId, userId, true, TYPING_TTL_MS);
  }

  /** The user of `connectionId` says that it stopped; false where another connection types on, or none did. */
  stop(roomId: string, userId: string, connectionId: string): boolean {
    const isTheirs = this.rooms.get(roomId)?.get(userId)?.connectionId === connectionId;
    if (isTheirs) {
      this.end(roomId, userId);
    }
    return isTheirs;
  }

  /** Ends the user's mark, whichever connection set it. */
  end(roomId: string, userId: string): void {
    const marks = this.rooms.get(roomId);
    const mark = marks?.get(userId);
    if (marks === undefined || mark === undefined) {
      return;
    }
    mark.timer.cancel();
    marks.delete(userId);
    if (marks.size === 0) {
      this.rooms.delete(roomId);
    }
    this.onChange(roomId, userId, false, 0);
  }

  /** The rooms in which the connection's mark ended. */
  connectionClosed(connectionId: string): string[] {
    const ended: string[] = [];
    this.rooms.forEach((marks, roomId) => {
      marks.forEach((mark, userId) => {
        if (mark.connectionId === connectionId) {
          this.end(roomId, userId);
          ended.push(roomId);
        }
      });
    });
    return ended;
  }

  /** The marks of a room as `viewerId` may see them: all but the own one. */
  statesOf(roomId: string, viewerId: string): TypingState[] {
    const nowMs = this.clock.nowMs();
    const states: TypingState[] = [];
    this.rooms.get(roomId)?.forEach((mark, userId) => {
      if (userId !== viewerId) {
        states.push({ userId, expiresInMs: Math.max(0, mark.endsAtMs - nowMs) });
      }
    });
    return states;
  }

  dispose(): void {
    this.rooms.forEach((marks) => marks.forEach((mark) => mark.timer.cancel()));
    this.rooms.clear();
  }
}
