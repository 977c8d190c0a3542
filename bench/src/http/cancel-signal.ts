import type { CancelToken } from '../../../host/src/node/load-core';
import type { PeerSignal } from '../lib/http-peers';

/** Core's token in the shape in which undici and axios want it. */
export class CancelSignal implements PeerSignal {
  private forget: (() => void) | null = null;

  constructor(private readonly token: CancelToken) {}

  get aborted(): boolean {
    return this.token.isCancelled();
  }

  addEventListener(_event: 'abort', listener: () => void): void {
    this.forget?.();
    this.forget = this.token.onCancel(listener);
  }

  removeEventListener(): void {
    this.forget?.();
  }
}
