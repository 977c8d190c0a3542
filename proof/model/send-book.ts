import assert from 'node:assert/strict';
import type { AdvancedWebSocketManager, Core, SendOutcome } from '../../host/src/node/load-core.js';
import type { Call } from './manager-actions.js';
import type { WireMessage } from './watched-sockets.js';

interface Entry {
  readonly number: number;
  readonly priority: number;
  readonly wantsAnswer: boolean;
  readonly outcomes: string[];
  timesOnWire: number;
}

/** What a message may have met on the wire when it ends so; null for anything. */
const ON_WIRE: Readonly<Record<string, number | null>> = {
  sent: 1,
  acked: 1,
  evicted: 0,
  expired: 0,
  refused: 0,
  timedOut: null,
  dropped: null,
  disposed: null,
};

/** Every message that was given to a manager: how often it went out, and how it ended. */
export class SendBook {
  private readonly entries: Entry[] = [];
  private readonly byType = new Map<string, Entry>();
  /** The number of the newest one on the wire, by priority. */
  private readonly newest: number[] = [-1, -1, -1, -1];
  private inStep = 0;

  constructor(
    private readonly core: Core,
    private readonly manager: AdvancedWebSocketManager,
  ) {}

  /** Half of them by `send`, half by `request`, whose callback would tell of a second settlement. */
  send({ priority, ttlMs, ackTimeoutMs }: Call & { do: 'send' }): void {
    const number = this.entries.length;
    const entry: Entry = { number, priority, wantsAnswer: ackTimeoutMs > 0, outcomes: [], timesOnWire: 0 };
    const message = { type: `m${number}`, payload: null, priority, ttlMs };
    const settled = ({ status }: SendOutcome): void => {
      entry.outcomes.push(status);
    };
    this.entries.push(entry);
    this.byType.set(message.type, entry);
    if (!entry.wantsAnswer) {
      void this.manager.send(message).then(settled);
    } else if (number % 2 === 0) {
      void this.manager.send({ ...message, ackTimeoutMs }).then(settled);
    } else {
      this.manager.request(message, ackTimeoutMs, settled);
    }
  }

  /** What went out in the last step, in the order of sending. */
  read(messages: readonly WireMessage[]): void {
    this.inStep = messages.length;
    for (const { type } of messages.filter(({ type }) => type !== 'ping')) {
      const entry = this.byType.get(type);
      assert.ok(entry !== undefined, `${type} was never sent`);
      entry.timesOnWire++;
      assert.equal(entry.timesOnWire, 1, `${type} on the wire`);
      assert.ok(entry.number > (this.newest[entry.priority] ?? -1), `${type} overtook one of its priority`);
      this.newest[entry.priority] = entry.number;
    }
  }

  sentInStep(): number {
    return this.inStep;
  }

  pending(): number[] {
    return this.entries.filter(({ outcomes }) => outcomes.length === 0).map(({ number }) => number);
  }

  check(): void {
    for (const { number, outcomes, wantsAnswer, timesOnWire } of this.entries) {
      const [status] = outcomes;
      assert.ok(outcomes.length <= 1, `m${number} ended as ${outcomes.join()}`);
      if (status !== undefined) {
        const onWire = ON_WIRE[status] ?? null;
        assert.ok(onWire === null || onWire === timesOnWire, `m${number} ${status}, ${timesOnWire} times on the wire`);
        assert.ok(status !== 'sent' || !wantsAnswer, `m${number} ended without its answer`);
        assert.ok((status !== 'acked' && status !== 'timedOut') || wantsAnswer, `m${number} ${status}`);
      }
    }
  }
}
