import { ErrorCode } from '../../../common/core/src/main/ets/wire/Codes';
import { FrameType, type LogResumeFrame, type MessageSendFrame } from '../../../common/core/src/main/ets/wire/Frames';
import { MAX_RESUME_EVENTS, MAX_SERVER_FRAME_BYTES } from '../../../common/core/src/main/ets/wire/Limits';
import { TokenBuckets } from '../limits/buckets';
import type { Clock } from '../ports/clock';
import { fileMissing, notLetInYet, refusalOf, tooFast } from '../refusal';
import type { CommitLine, CommitResult } from '../rooms/commit-line';
import type { ResumeRecord, Store } from '../store/store';
import type { Answers } from './answers';
import type { Connection } from './connection';
import { EncodedFrame } from './encoded-frame';
import type { HubMeter } from './hub-meter';
import type { HubLimits } from './limits';
import type { LiveRooms } from './live-rooms';

export interface RoomCommandsParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly limits: HubLimits;
  readonly meter: HubMeter;
  readonly live: LiveRooms;
  readonly line: CommitLine;
  readonly answers: Answers;
}

/** What members do with the log of a room. */
export class RoomCommands {
  private readonly messageRate: TokenBuckets;
  private readonly roomRate: TokenBuckets;

  constructor(private readonly parts: RoomCommandsParts) {
    const { clock, limits } = parts;
    this.messageRate = new TokenBuckets(clock, limits.messagesPerSecond, limits.messageBurst);
    this.roomRate = new TokenBuckets(clock, limits.roomMessagesPerSecond, limits.roomMessageBurst);
  }

  /** Throws `Refusal`. The answer follows when the message is on disk. */
  send(connection: Connection, userId: string, frame: MessageSendFrame): void {
    const { roomId, clientId, text, fileId = '' } = frame.payload;
    // A room's share is for its members: nobody else can use it up.
    const retryAfterMs =
      this.messageRate.take(userId) || (this.parts.live.isInRoom(userId, roomId) ? this.roomRate.take(roomId) : 0);
    if (retryAfterMs > 0) {
      throw tooFast(retryAfterMs);
    }
    const atMs = this.parts.clock.nowMs();
    const mark = this.parts.meter.mark();
    this.parts.line.submit({ kind: 'message', roomId, userId, clientId, text, fileId, atMs }, (result) =>
      this.acknowledge(connection, frame, result, mark),
    );
  }

  private acknowledge(connection: Connection, frame: MessageSendFrame, result: CommitResult, mark: number): void {
    if ('error' in result) {
      this.parts.answers.fail(connection, frame.id, result.error);
      return;
    }
    const { outcome } = result;
    if (outcome.status === 'refused') {
      const isFile = outcome.code === ErrorCode.NotFound;
      this.parts.answers.fail(connection, frame.id, isFile ? fileMissing() : refusalOf(outcome.code));
      return;
    }
    const { roomId, clientId } = frame.payload;
    if (outcome.event === null) {
      throw new Error(`message in room ${roomId}: expected its event, got none`);
    }
    const payload = { roomId, clientId, seq: outcome.event.seq, atMs: outcome.event.atMs };
    this.parts.answers.send(connection, { type: FrameType.MessageAck, re: frame.id, payload });
    this.parts.meter.acknowledged(mark);
  }

  async resume(connection: Connection, userId: string, frame: LogResumeFrame): Promise<void> {
    const { roomId, afterSeq } = frame.payload;
    await this.parts.line.read(async () => {
      await this.refuseOutsiders(userId, roomId);
      const record = await this.parts.store.eventsAfter(roomId, afterSeq, MAX_RESUME_EVENTS);
      if (record === null) {
        throw refusalOf(ErrorCode.NotMember);
      }
      await this.parts.live.feeds.bringTo([{ roomId, ...record }]);
      // The events that were just published may have ended the membership.
      this.refuseStrangers(userId, roomId);
      const isWhole = record.epoch === frame.payload.epoch && record.headSeq - afterSeq === record.events.length;
      const bytes = this.resumed(frame, record, isWhole).bytesFor(connection);
      const fits = bytes.length <= MAX_SERVER_FRAME_BYTES;
      this.parts.meter.resumed(isWhole && fits);
      connection.answer(fits ? bytes : this.resumed(frame, record, false).bytesFor(connection));
    });
  }

  private resumed(frame: LogResumeFrame, record: ResumeRecord, isWhole: boolean): EncodedFrame {
    const { epoch, headSeq } = record;
    const events = isWhole ? record.events : [];
    const payload = { roomId: frame.payload.roomId, epoch, recovered: isWhole, headSeq, events };
    return new EncodedFrame({ type: FrameType.LogResumed, re: frame.id, payload });
  }

  /**
   * Throws `Refusal`: for good where the store, too, says that the user is not in the room. What it says and this process
   * has not heard, or will not hear any more, is made good.
   */
  private async refuseOutsiders(userId: string, roomId: string): Promise<void> {
    const { live, store } = this.parts;
    if (live.isInRoom(userId, roomId)) {
      return;
    }
    if (!(await store.isMember(roomId, userId))) {
      throw refusalOf(ErrorCode.NotMember);
    }
    live.feeds.admit(roomId, userId);
    throw notLetInYet();
  }

  /** Throws `Refusal`. */
  refuseStrangers(userId: string, roomId: string): void {
    if (!this.parts.live.isInRoom(userId, roomId)) {
      throw refusalOf(ErrorCode.NotMember);
    }
  }
}
