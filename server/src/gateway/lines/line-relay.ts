import { EventEmitter } from 'node:events';
import { CloseCode, ErrorCode } from '../../../../common/core/src/main/ets/wire/Codes';
import { decodeErrorAnswer } from '../../../../common/core/src/main/ets/wire/HttpBodies';
import { LAST_EVENT_ID_HEADER } from '../../../../common/core/src/main/ets/wire/LineEvents';
import { MAX_CLIENT_FRAME_BYTES, MAX_ID_LENGTH } from '../../../../common/core/src/main/ets/wire/Limits';
import { ProtocolError } from '../../../../common/core/src/main/ets/wire/ProtocolError';
import { Reader } from '../../../../common/core/src/main/ets/wire/Reader';
import type { Bus } from '../../bus/bus';
import { Refusal, toErrorPayload } from '../../refusal';
import type { LineBook } from './line-book';
import { processIdIn } from './line-key';
import type { PollResponse } from './poll-line';

/** A request about a line, as the process that got it passes it to the one that holds the line. */
type LineRequest =
  | { readonly do: 'send'; readonly key: string; readonly text: string }
  | { readonly do: 'poll'; readonly key: string; readonly lastEventId: string }
  | { readonly do: 'fail'; readonly key: string; readonly code: LineFault }
  | { readonly do: 'leave'; readonly key: string };

/** What a line is closed with when what was posted to it was no message. */
export type LineFault = CloseCode.TooLarge | CloseCode.BadData;

const FAULT_REASONS: Record<LineFault, string> = {
  [CloseCode.TooLarge]: 'message too large',
  [CloseCode.BadData]: 'text that is not UTF-8',
};

/** Answers: `gone` (no such line), `done`, or the events of a poll behind `events`; a refusal is an object with `error`. */
const GONE = 'gone';
const DONE = 'done';
const EVENTS = 'events';

const MAX_WORD_LENGTH = 16;
/** Longer than any number that is looked at. */
const MAX_EVENT_ID_LENGTH = 64;

/** The newest event that the client has: 0 for none. Throws `bad_field`. */
export function lastEventIdOf(text: string, newest: number): number {
  const value = /^\d{0,15}$/.test(text) ? Number(text) : NaN;
  if (!(value <= newest)) {
    throw new ProtocolError(ErrorCode.BadField, LAST_EVENT_ID_HEADER, `a number up to ${newest}`, 'another value');
  }
  return value;
}

function decodeRequest(body: string): LineRequest {
  const r = Reader.parse(body);
  const key = r.id('key', 1, MAX_ID_LENGTH);
  const what = r.word('do', MAX_WORD_LENGTH) as LineRequest['do'];
  switch (what) {
    case 'send':
      return { do: what, key, text: r.raw<{ text: string }>().text };
    case 'poll':
      return { do: what, key, lastEventId: r.string('lastEventId', 0, MAX_EVENT_ID_LENGTH) };
    case 'fail':
      return { do: what, key, code: r.integer('code', 1000) as LineFault };
    case 'leave':
      return { do: what, key };
    default:
      throw r.fail('do', 'send, poll, fail or leave', 'another word');
  }
}

/** A poll whose client is connected to another process. */
class RelayedPoll extends EventEmitter implements PollResponse {
  private isDone = false;

  constructor(private readonly answer: (body: string) => void) {
    super();
  }

  end(body: Buffer): void {
    if (!this.isDone) {
      this.answer(body.toString('utf8'));
      this.emit('finish');
      this.destroy();
    }
  }

  destroy(): void {
    if (!this.isDone) {
      this.isDone = true;
      this.answer('');
      this.emit('close');
    }
  }
}

/**
 * Requests about lines that another process holds: a balancer sends each request of a client wherever it likes. The way
 * out is here, and the way in for requests that other processes got. A line is where its key says; a process that is gone or
 * silent has no lines.
 */
export class LineRelay {
  constructor(
    private readonly lines: LineBook,
    private readonly bus: Bus,
  ) {}

  /** Whether the line can only be at another process. */
  isElsewhere(key: string): boolean {
    const processId = processIdIn(key);
    return processId !== null && processId !== this.bus.processId && this.bus.isShared;
  }

  /** As `HttpLine.takeIn`; false also where there is no such line. */
  async send(key: string, text: string, signal: AbortSignal): Promise<boolean> {
    return (await this.ask({ do: 'send', key, text }, signal)) === DONE;
  }

  /** What the poll is answered with; null where there is no such line. Throws as a poll here does. */
  async poll(key: string, lastEventId: string, signal: AbortSignal): Promise<string | null> {
    const answer = await this.ask({ do: 'poll', key, lastEventId: lastEventId.slice(0, MAX_EVENT_ID_LENGTH) }, signal);
    return answer.startsWith(EVENTS) ? answer.slice(EVENTS.length) : null;
  }

  async fail(key: string, code: LineFault): Promise<void> {
    await this.ask({ do: 'fail', key, code }, new AbortController().signal);
  }

  async leave(key: string): Promise<void> {
    await this.ask({ do: 'leave', key }, new AbortController().signal);
  }

  /** Another process passes a request on. */
  async answer(body: string, signal: AbortSignal): Promise<string> {
    try {
      return await this.carryOut(decodeRequest(body), signal);
    } catch (error) {
      return JSON.stringify({ error: toErrorPayload(error) });
    }
  }

  /** Closes a line of this process to which something was posted that is no message. */
  failHere(key: string, code: LineFault): void {
    this.lines.findOpen(key)?.connection.close(code, FAULT_REASONS[code]);
  }

  private async ask(request: LineRequest, signal: AbortSignal): Promise<string> {
    const processId = processIdIn(request.key);
    const answer = processId === null ? null : await this.bus.request(processId, JSON.stringify(request), signal);
    if (answer?.startsWith('{') === true) {
      const { code, message, ...detail } = decodeErrorAnswer(answer);
      throw new Refusal(code, message, detail);
    }
    return answer ?? GONE;
  }

  private async carryOut(request: LineRequest, signal: AbortSignal): Promise<string> {
    const { key } = request;
    switch (request.do) {
      case 'send': {
        if (typeof request.text !== 'string' || Buffer.byteLength(request.text) > MAX_CLIENT_FRAME_BYTES) {
          throw new ProtocolError(
            ErrorCode.BadField,
            'text',
            `at most ${MAX_CLIENT_FRAME_BYTES} bytes`,
            'another value',
          );
        }
        const isTaken = (await this.lines.findOpen(key)?.takeIn(request.text)) ?? false;
        return isTaken ? DONE : GONE;
      }
      case 'poll':
        return this.pollHere(key, request.lastEventId, signal);
      case 'fail':
        this.failHere(key, request.code);
        return DONE;
      case 'leave':
        this.lines.leave(key);
        return DONE;
    }
  }

  private async pollHere(key: string, lastEventIdText: string, signal: AbortSignal): Promise<string> {
    const line = this.lines.findPolled(key);
    if (line === null) {
      return GONE;
    }
    const lastEventId = lastEventIdOf(lastEventIdText, line.newestId);
    return new Promise((resolve) => {
      const poll = new RelayedPoll((body) => resolve(`${EVENTS}${body}`));
      signal.addEventListener('abort', () => poll.destroy(), { once: true });
      line.receivePoll(poll, lastEventId);
    });
  }
}
