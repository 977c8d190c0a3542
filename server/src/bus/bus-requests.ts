import type { Clock, Timer } from '../ports/clock';
import type { AnswerRequest } from './bus';
import type { RequestMessage } from './bus-codec';

/** A process that has not said by then that it got a request is taken for gone. */
const RECEIPT_WITHIN_MS = 3000;
/** Longer than a poll without news. */
const ANSWER_WITHIN_MS = 60_000;

export interface BusRequestsParts {
  readonly clock: Clock;
  readonly answer: AnswerRequest;
  /** How many processes got it: 0 where the receiver is gone, or nobody can be reached. */
  send(processId: string, message: RequestMessage): Promise<number>;
}

interface Asked {
  readonly processId: string;
  timer: Timer;
  settle(body: string | null): void;
}

/** Requests from this process to others and back. A request is made once: who gets no answer does not know if it was done. */
export class BusRequests {
  private readonly asked = new Map<number, Asked>();
  /** Requests of others that are being answered, by sender and number. */
  private readonly answering = new Map<string, AbortController>();
  private lastNumber = 0;

  constructor(private readonly parts: BusRequestsParts) {}

  get waitingCount(): number {
    return this.asked.size;
  }

  /** The answer; null where the process is gone, silent, or `signal` fired. */
  ask(processId: string, body: string, signal: AbortSignal): Promise<string | null> {
    if (signal.aborted) {
      return Promise.resolve(null);
    }
    const number = ++this.lastNumber;
    return new Promise((resolve) => {
      const cancel = (): void => {
        void this.parts.send(processId, { kind: 'cancel', number });
        settle(null);
      };
      const settle = (answer: string | null): void => {
        if (this.asked.delete(number)) {
          asked.timer.cancel();
          signal.removeEventListener('abort', cancel);
          resolve(answer);
        }
      };
      const timer = this.parts.clock.setTimer(RECEIPT_WITHIN_MS, () => settle(null));
      const asked: Asked = { processId, timer, settle };
      this.asked.set(number, asked);
      signal.addEventListener('abort', cancel, { once: true });
      void this.parts.send(processId, { kind: 'ask', number, body }).then((receivers) => {
        if (receivers === 0) {
          settle(null);
        }
      });
    });
  }

  receive(from: string, message: RequestMessage): void {
    const { number } = message;
    const asked = this.asked.get(number);
    const isMine = asked?.processId === from;
    switch (message.kind) {
      case 'ask':
        this.serve(from, number, message.body);
        break;
      case 'cancel':
        this.answering.get(`${from} ${number}`)?.abort();
        break;
      case 'receipt':
        if (asked !== undefined && isMine) {
          asked.timer.cancel();
          asked.timer = this.parts.clock.setTimer(ANSWER_WITHIN_MS, () => asked.settle(null));
        }
        break;
      case 'answer':
        if (isMine) {
          asked?.settle(message.body);
        }
    }
  }

  /** Nobody waits for that process any more, in either direction. */
  processGone(processId: string): void {
    [...this.asked.values()].filter((one) => one.processId === processId).forEach((one) => one.settle(null));
    this.answering.forEach((controller, key) => {
      if (key.startsWith(`${processId} `)) {
        controller.abort();
      }
    });
  }

  dispose(): void {
    [...this.asked.values()].forEach((one) => one.settle(null));
    this.answering.forEach((controller) => controller.abort());
  }

  private serve(from: string, number: number, body: string): void {
    const key = `${from} ${number}`;
    const controller = new AbortController();
    this.answering.set(key, controller);
    void this.parts.send(from, { kind: 'receipt', number });
    void this.parts.answer(body, controller.signal).then((answer) => {
      this.answering.delete(key);
      if (!controller.signal.aborted) {
        void this.parts.send(from, { kind: 'answer', number, body: answer });
      }
    });
  }
}
