import assert from 'node:assert/strict';
import type { TransportListener } from '../../host/src/node/load-core.js';
import { STEPS } from '../model/manager-run.js';
import type { Message } from './live-frames.js';

/** Hands `message` to a socket's owner as a platform would. */
export function tell(listener: TransportListener, message: Message): void {
  if (typeof message === 'string') {
    listener.onText(message);
  } else {
    // A buffer of its own: what comes over a line shares none.
    listener.onBinary(Uint8Array.from(message).buffer);
  }
}

export function describeMessage(message: Message): string {
  const text = typeof message === 'string' ? JSON.stringify(message) : `0x${Buffer.from(message).toString('hex')}`;
  return text.slice(0, 2000);
}

/** Follows the states that are told, and throws at a step that the table of `Connection` does not have. */
export class StateWatch {
  private state = 'disconnected';

  noteStep(next: string): void {
    if (next !== this.state) {
      assert.ok(STEPS[this.state]?.includes(next), `a step from ${this.state} to ${next}`);
      this.state = next;
    }
  }
}

/** Promises that must have settled when their owner is gone. */
export class Promises {
  private pending = 0;

  follow(promise: Promise<unknown>): void {
    const settled = (): void => {
      this.pending--;
    };
    this.pending++;
    promise.then(settled, settled);
  }

  countPending(): number {
    return this.pending;
  }
}
