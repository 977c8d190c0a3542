import { CloseCode } from '../../../../common/core/src/main/ets/wire/Codes';
import type { Sent } from '../../hub/connection';
import type { Clock, Timer } from '../../ports/clock';
import { closeEvent, frameEvent, KEEP_ALIVE_COMMENT } from './event-text';
import { HttpLine } from './http-line';

/** A poll that finds nothing is answered after this time. */
const POLL_WAIT_MS = 25_000;
/** A line dies when no poll comes for this long; a closed one is remembered for as long, to tell how it ended. */
const POLL_GONE_MS = 30_000;
const NOTHING = Buffer.alloc(0);

interface SentEvent {
  readonly id: number;
  readonly bytes: Buffer;
  /** The size of its frame, which is what counts as unread. */
  readonly frameBytes: number;
  readonly sent: Sent;
}

/** Where the answer to a poll goes: an HTTP response, or one that another process holds. */
export interface PollResponse {
  end(body: Buffer): unknown;
  /** It is read no more. */
  destroy(): unknown;
  /** `finish`: the answer has left. `close`: nothing more will leave. */
  once(event: 'finish' | 'close', run: () => void): unknown;
}

/** The client's request to be told what is new. */
interface Poll {
  readonly response: PollResponse;
  readonly timer: Timer;
}

/** One answer after the other. What was answered is kept, and answered again, until the client says that it arrived. */
export class PollLine extends HttpLine {
  readonly carrier = 'poll';
  private lastId = 0;
  private unconfirmed: SentEvent[] = [];
  private ending: Buffer | null = null;
  private poll: Poll | null = null;
  /** The answer on its way out: a client that polls again reads it no more. */
  private answering: PollResponse | null = null;
  private willAnswer = false;
  private goneTimer: Timer | null = null;
  private tell: () => void = () => undefined;
  private readonly isTold = new Promise<void>((resolve) => {
    this.tell = resolve;
  });

  constructor(
    key: string,
    private readonly clock: Clock,
    private readonly onGone: () => void,
  ) {
    super(key);
    this.waitForPoll();
  }

  /** The newest event's number: a client cannot have got more. */
  get newestId(): number {
    return this.lastId;
  }

  /** Answers through `response`, now or later, with everything after event `lastEventId`. */
  receivePoll(response: PollResponse, lastEventId: number): void {
    this.answering?.destroy();
    this.answer(NOTHING);
    this.goneTimer?.cancel();
    this.goneTimer = null;
    if (this.isOpen) {
      this.connection.heard();
    }
    this.confirm(lastEventId);
    const timer = this.clock.setTimer(POLL_WAIT_MS, () => this.answer(KEEP_ALIVE_COMMENT));
    this.poll = { response, timer };
    response.once('close', () => this.pollGone(response));
    if (this.hasNews()) {
      this.answerNews();
    }
  }

  send(frame: Buffer, sent: Sent): void {
    const id = ++this.lastId;
    this.unconfirmed.push({ id, bytes: frameEvent(id, frame), frameBytes: frame.length, sent });
    // What happens in the same turn goes into the same answer.
    if (!this.willAnswer) {
      this.willAnswer = true;
      setImmediate(() => {
        this.willAnswer = false;
        this.answerNews();
      });
    }
  }

  override told(): Promise<void> {
    return this.isTold;
  }

  override forget(): void {
    this.release();
    this.answer(NOTHING);
    this.goneTimer?.cancel();
    this.unconfirmed = [];
    this.tell();
    this.onGone();
  }

  protected end(code: CloseCode, reason: string): void {
    this.ending = closeEvent(code, reason);
    this.answerNews();
  }

  private hasNews(): boolean {
    return this.unconfirmed.length > 0 || this.ending !== null;
  }

  private answerNews(): void {
    if (this.poll !== null && this.hasNews()) {
      this.answer(Buffer.concat([...this.unconfirmed.map((event) => event.bytes), this.ending ?? NOTHING]));
    }
  }

  private answer(body: Buffer): void {
    if (this.poll === null) {
      return;
    }
    const { response, timer } = this.poll;
    this.poll = null;
    timer.cancel();
    this.answering = response;
    if (this.ending !== null) {
      response.once('finish', this.tell);
    }
    response.end(body);
    this.waitForPoll();
  }

  private confirm(lastEventId: number): void {
    const arrived = this.unconfirmed.filter((event) => event.id <= lastEventId);
    this.unconfirmed = this.unconfirmed.slice(arrived.length);
    arrived.forEach(({ frameBytes, sent }) => sent(frameBytes));
  }

  private pollGone(response: PollResponse): void {
    if (this.answering === response) {
      this.answering = null;
    }
    if (this.poll?.response === response) {
      this.poll.timer.cancel();
      this.poll = null;
      this.waitForPoll();
    }
  }

  private waitForPoll(): void {
    this.goneTimer?.cancel();
    this.goneTimer = this.clock.setTimer(POLL_GONE_MS, () => {
      if (this.isOpen) {
        this.connection.close(CloseCode.Silent, 'no poll');
        this.waitForPoll();
      } else {
        this.forget();
      }
    });
  }
}
