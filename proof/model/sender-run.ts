import assert from 'node:assert/strict';
import type * as DeliveryModule from '../../build/types/common/core/src/main/ets/realtime/Delivery.js';
import type * as SenderModule from '../../build/types/common/core/src/main/ets/realtime/Sender.js';
import type * as ConfigModule from '../../build/types/common/core/src/main/ets/realtime/WebSocketConfig.js';
import type { Core } from '../../host/src/node/load-core.js';
import { type Item, NaiveQueue } from './naive-queue.js';

export type SenderFile = typeof SenderModule;
export type DeliveryFile = typeof DeliveryModule;
export type ConfigFile = typeof ConfigModule;

export type SenderAction =
  | {
      readonly do: 'send';
      readonly priority: number;
      readonly ttlMs: number;
      readonly ackTimeoutMs: number;
      readonly isWrong: boolean;
    }
  | { readonly do: 'take'; readonly count: number }
  | { readonly do: 'takeOnBrokenLine' }
  | { readonly do: 'answer'; readonly frame: number }
  | { readonly do: 'advance'; readonly ms: number }
  | { readonly do: 'lineLost' }
  | { readonly do: 'settleAll' };

/** A message as the reference sees it. */
interface Sent extends Item {
  readonly wantsAnswer: boolean;
  readonly isWrong: boolean;
  /** When the wait in the queue ends, infinite for never. */
  readonly expiresAtMs: number;
  readonly timesOutAtMs: number;
  frame: number;
}

const CRITICAL = 3;

/** One sender over a line that takes as much as the test says, next to its reference. */
export class SenderRun {
  private readonly clock;
  private readonly sender;
  /** What really ended, in order: `id status`. */
  private readonly ended: string[] = [];
  /** What had to end, in order. */
  private readonly expected: string[] = [];
  private readonly waiting: NaiveQueue<Sent>;
  private unanswered: Sent[] = [];
  private nowMs = 0;
  private sends = 0;
  private frames = 0;
  /** How many wire messages the line takes now. */
  private budget = 0;
  private isBroken = false;
  private readonly error;

  constructor(
    private readonly core: Core,
    Sender: SenderFile['Sender'],
    private readonly Delivery: DeliveryFile['Delivery'],
    resolveConfig: ConfigFile['resolveWebSocketConfig'],
    private readonly capacity: number,
  ) {
    this.clock = new core.FakeClock(0);
    this.waiting = new NaiveQueue(capacity);
    this.error = new core.AppError(core.AppErrorCode.Network, 'test');
    const config = resolveConfig({ url: 'ws://model.test', messageQueueSize: capacity });
    this.sender = new Sender(config, this.clock, {
      isReady: () => this.budget > 0,
      nextFrame: () => this.frames + 1,
      transmit: ([message]) => {
        if (message?.payload === 'wrong') {
          throw new core.AppError(core.AppErrorCode.BadInput, 'test');
        }
        this.budget--;
        return this.isBroken ? 0 : ++this.frames;
      },
      bufferedBytes: () => 0,
      onSent: () => undefined,
    });
  }

  async play(actions: readonly SenderAction[]): Promise<void> {
    for (const action of actions) {
      await this.step(action);
      this.compare();
    }
    this.sender.dispose(this.error);
    this.expectAll('disposed');
    this.compare();
    assert.equal(this.clock.pendingTimers(), 0, 'timers after dispose');
  }

  private compare(): void {
    assert.deepEqual(this.ended, this.expected);
    assert.equal(this.sender.waiting(), this.waiting.size());
    assert.equal(this.sender.unanswered(), this.unanswered.length);
  }

  private async step(action: SenderAction): Promise<void> {
    switch (action.do) {
      case 'send':
        this.send(action);
        break;
      case 'take':
        this.take(action.count);
        break;
      case 'takeOnBrokenLine':
        this.isBroken = true;
        this.budget = 1;
        this.sender.pump();
        this.isBroken = false;
        this.budget = 0;
        this.expectRefusals();
        break;
      case 'answer':
        this.answer(action.frame);
        break;
      case 'advance':
        await this.advance(action.ms);
        break;
      case 'lineLost':
        this.sender.dropUnanswered(this.error);
        this.expectUnanswered('dropped');
        break;
      case 'settleAll':
        this.sender.dropAll(this.core.SendStatus.Dropped, this.error);
        this.expectAll('dropped');
    }
  }

  private send({ priority, ttlMs, ackTimeoutMs, isWrong }: SenderAction & { do: 'send' }): void {
    const id = this.sends++;
    const message = {
      type: `m${id}`,
      payload: isWrong ? 'wrong' : null,
      priority,
      ttlMs,
      ...(ackTimeoutMs === 0 ? {} : { ackTimeoutMs }),
    };
    this.sender.add(new this.Delivery(message, ({ status }) => this.ended.push(`${id} ${status}`), null));
    if (ttlMs < 0) {
      this.expected.push(`${id} refused`);
      return;
    }
    const evicted = this.waiting.push({
      id,
      priority,
      isWrong,
      wantsAnswer: ackTimeoutMs > 0,
      expiresAtMs: ttlMs > 0 ? this.nowMs + ttlMs : Infinity,
      timesOutAtMs: ackTimeoutMs > 0 ? this.nowMs + ackTimeoutMs : Infinity,
      frame: 0,
    });
    if (evicted !== null) {
      this.expected.push(`${evicted.id} evicted`);
    }
  }

  private take(count: number): void {
    this.budget = count;
    this.sender.pump();
    const used = count - this.budget;
    this.budget = 0;
    let taken = 0;
    this.expectRefusals();
    for (let next = this.next(); taken < count && next !== null; next = this.next()) {
      taken++;
      this.waiting.remove(next);
      next.frame = this.frames - used + taken;
      if (next.wantsAnswer) {
        this.unanswered.push(next);
      } else {
        this.expected.push(`${next.id} sent`);
      }
      if (taken < count) {
        this.expectRefusals();
      }
    }
    assert.equal(used, taken, 'messages taken by the line');
  }

  /** Who may go: an urgent one always, another only while not too many wait for their answers. */
  private next(): Sent | null {
    const head = this.waiting.next();
    const isHeld =
      head !== null && head.priority !== CRITICAL && head.wantsAnswer && this.unanswered.length >= this.capacity;
    return isHeld ? null : head;
  }

  /** What cannot be encoded goes when it is its turn, and takes nobody's place on the line. */
  private expectRefusals(): void {
    for (let next = this.next(); next !== null && next.isWrong; next = this.next()) {
      this.waiting.remove(next);
      this.expected.push(`${next.id} refused`);
    }
  }

  private answer(frame: number): void {
    const message = new this.core.IncomingMessage('ok', null, frame);
    this.sender.takeAnswered(frame, message)?.succeed(this.core.SendStatus.Acked, message);
    const answered = this.unanswered.find((sent) => sent.frame === frame);
    if (answered !== undefined) {
      this.unanswered = this.unanswered.filter((sent) => sent !== answered);
      this.expected.push(`${answered.id} acked`);
    }
  }

  private async advance(ms: number): Promise<void> {
    await this.clock.advance(ms);
    this.nowMs += ms;
    const ends = [
      ...this.waiting.inOrder().map((sent) => ({ sent, atMs: sent.expiresAtMs, status: 'expired' })),
      ...[...this.waiting.inOrder(), ...this.unanswered].map((sent) => ({
        sent,
        atMs: sent.timesOutAtMs,
        status: 'timedOut',
      })),
    ]
      .filter(({ atMs }) => atMs <= this.nowMs)
      .sort((a, b) => a.atMs - b.atMs || a.sent.id - b.sent.id);
    const over = new Set<Sent>();
    for (const { sent, status } of ends.filter(({ sent }) => !over.has(sent) && over.add(sent))) {
      this.waiting.remove(sent);
      this.unanswered = this.unanswered.filter((other) => other !== sent);
      this.expected.push(`${sent.id} ${status}`);
    }
  }

  private expectUnanswered(status: string): void {
    this.expected.push(...this.unanswered.map(({ id }) => `${id} ${status}`));
    this.unanswered = [];
  }

  /** Those that were sent first, then the others in the order of sending. */
  private expectAll(status: string): void {
    this.expectUnanswered(status);
    for (const sent of this.waiting.inOrder()) {
      this.waiting.remove(sent);
      this.expected.push(`${sent.id} ${status}`);
    }
  }
}
