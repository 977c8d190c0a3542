import assert from 'node:assert/strict';
import type { WireValue } from '../../common/core/src/main/ets/wire/WireValue';
import type {
  AdvancedWebSocketManager,
  Core,
  ErrorEvent,
  FakeClock,
  RecordingTransport,
  StateChangeEvent,
} from '../../host/src/node/load-core.js';
import type { Dice } from '../../server/test/support/mutations';
import { LiveFrames } from './live-frames.js';
import { describeMessage, Promises, StateWatch, tell } from './told.js';

/** Frames of the default protocol. */
const EXAMPLES: readonly WireValue[] = [
  { type: 'news', payload: { text: 'hello', count: 1 } },
  { type: 'answer', re: 1, payload: null },
  { type: 'pong', re: 2 },
  { type: 'stateChange', payload: [1, 2, 3] },
  { type: 'ping', id: 7 },
] as unknown as WireValue[];
const RETRYABLE = [1000, 1001, 1006, 1011, 1012];

/** A bare manager with its default protocol, whose server says anything at any time. */
export class ManagerFuzz {
  private readonly clock: FakeClock;
  private readonly network;
  private readonly logger;
  private readonly transport: RecordingTransport;
  private readonly manager: AdvancedWebSocketManager;
  private readonly states = new StateWatch();
  private readonly promises = new Promises();
  private readonly frames: LiveFrames;
  private readonly wrong: string[] = [];
  private badInputs = 0;

  constructor(
    private readonly core: Core,
    private readonly dice: Dice,
  ) {
    this.clock = new core.FakeClock();
    this.network = new core.FakeNetwork();
    this.logger = new core.RecordingLogger();
    this.transport = new core.RecordingTransport();
    this.frames = new LiveFrames(dice, EXAMPLES);
    const { clock, network, logger, transport } = this;
    this.manager = new core.AdvancedWebSocketManager(
      { url: 'ws://fuzz.test', messageQueueSize: 16, batchSize: dice.pick([1, 8]), reconnectIntervalMs: 100 },
      { clock, network, logger, transports: [transport], random: new core.SeededRandom(dice.below(1000)) },
    );
    this.manager.subscribe('stateChange', (event) => {
      const { oldState, newState } = event as StateChangeEvent;
      this.guard(() => {
        this.states.noteStep(oldState);
        this.states.noteStep(newState);
      });
    });
    this.manager.subscribe('error', (event) => {
      this.badInputs++;
      this.guard(() => assert.ok((event as ErrorEvent).error instanceof core.AppError));
    });
  }

  /** Returns how many messages were refused: none would mean that nothing was fuzzed. */
  async play(frames: number): Promise<number> {
    this.promises.follow(this.manager.connect());
    await this.open();
    for (let i = 0; i < frames; i++) {
      const message = this.frames.next();
      try {
        tell(this.transport.last().listener, message);
        await this.clock.advance(0);
        assert.deepEqual(this.wrong, []);
      } catch (error) {
        throw new Error(`frame ${i}: ${describeMessage(message)}\n${(error as Error).stack}`, { cause: error });
      }
      await this.live();
    }
    await this.recover();
    this.manager.dispose();
    await this.clock.advance(0);
    assert.equal(this.promises.countPending(), 0, 'promises after dispose');
    assert.equal(this.clock.pendingTimers(), 0, 'timers after dispose');
    assert.equal(this.network.handlerCount(), 0, 'listeners after dispose');
    const errors = this.logger.lines.filter(({ level }) => level === this.core.LogLevel.Error);
    assert.deepEqual(errors, [], 'errors in the log');
    return this.badInputs;
  }

  /** What the owner and the line do meanwhile. */
  private async live(): Promise<void> {
    switch (this.dice.below(12)) {
      case 0:
        this.promises.follow(this.manager.send({ type: 'say', payload: null }));
        break;
      case 1:
        this.promises.follow(this.manager.send({ type: 'ask', payload: null, ackTimeoutMs: 500 }));
        break;
      case 2:
        this.promises.follow(this.manager.ready());
        break;
      case 3:
        await this.clock.advance(this.dice.below(400));
        break;
      case 4:
        if (this.dice.below(4) === 0) {
          this.transport.last().listener.onClose(this.dice.pick(RETRYABLE), 'test');
          await this.clock.advance(this.dice.below(2000));
        }
        break;
      default:
        await this.open();
    }
  }

  private async open(): Promise<void> {
    await this.clock.advance(0);
    this.transport.last().listener.onOpen('');
    await this.clock.advance(0);
  }

  /** Good frames again: a line that works, and an answer that arrives. */
  private async recover(): Promise<void> {
    this.transport.last().listener.onClose(1006, 'test');
    await this.clock.advance(0);
    this.promises.follow(this.manager.connect());
    await this.open();
    assert.equal(this.manager.getState(), 'connected');
    await this.clock.advance(1000);
    const sent = this.transport.last().sent.length;
    const outcome = this.manager.send({ type: 'last', payload: null, ackTimeoutMs: 500 });
    const frame = JSON.parse(this.transport.last().sent[sent] ?? '{}') as { id?: number };
    tell(this.transport.last().listener, JSON.stringify({ type: 'answer', re: frame.id }));
    assert.equal((await outcome).status, 'acked');
  }

  /** Observers may not throw: the manager logs it. */
  private guard(check: () => void): void {
    try {
      check();
    } catch (error) {
      this.wrong.push((error as Error).message);
    }
  }
}
