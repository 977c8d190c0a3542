import type { Clock } from '../ports/clock';

export interface ShutdownParts {
  readonly clock: Clock;
  /** Closes everything; called once. */
  readonly close: () => Promise<void>;
  /** A close that takes longer is given up. */
  readonly limitMs: number;
  /** Says in one sentence why the end is not a clean one. */
  readonly complain: (sentence: string) => void;
  /** Ends the process. */
  readonly exit: (code: number) => void;
}

enum ShutdownState {
  Running = 'running',
  Closing = 'closing',
  Ended = 'ended',
}

/**
 * What ending a server takes: the first signal closes cleanly within a limit and exits with 0, a second one ends at once: whoever
 * sends it does not want to wait. Anything but a clean close exits with 1.
 *
 * | from    | to      | when                                            |
 * |---------|---------|-------------------------------------------------|
 * | Running | Closing | the first signal                                |
 * | Closing | Ended   | closed, failed, second signal, limit passed     |
 */
export class Shutdown {
  private state = ShutdownState.Running;

  constructor(private readonly parts: ShutdownParts) {}

  /** A signal came that asks the process to end. */
  onSignal(): void {
    if (this.state !== ShutdownState.Running) {
      this.end(1, 'Ended at once by a second signal.');
      return;
    }
    this.state = ShutdownState.Closing;
    const { clock, close, limitMs } = this.parts;
    const limit = clock.setTimer(limitMs, () => this.end(1, `The server did not close in ${limitMs} ms.`));
    close()
      .then(
        () => this.end(0, null),
        (error: unknown) => this.end(1, `The server did not close cleanly: ${(error as Error).stack ?? String(error)}`),
      )
      .finally(() => limit.cancel());
  }

  private end(code: number, sentence: string | null): void {
    if (this.state === ShutdownState.Ended) {
      return;
    }
    this.state = ShutdownState.Ended;
    if (sentence !== null) {
      this.parts.complain(sentence);
    }
    this.parts.exit(code);
  }
}
