import assert from 'node:assert/strict';
import type { AdvancedWebSocketManager, Core, StateChangeEvent } from '../../host/src/node/load-core.js';
import { type Call, FATAL_CODES, type ManagerAction, type ManagerSequence } from './manager-actions.js';
import { SendBook } from './send-book.js';
import { type WatchedSocket, WatchedSockets } from './watched-sockets.js';

const HEARTBEAT_MS = 2000;
const DEADLINE_MS = 500;
const QUEUE_SIZE = 4;
/** Longer than any wait of the configuration below, also with a breaker that is open. */
const HEALING_MS = 20_000;

/** From each state the states that may come next. */
export const STEPS: Readonly<Record<string, readonly string[]>> = {
  disconnected: ['connecting'],
  connecting: ['connected', 'reconnecting', 'failed', 'disconnected'],
  connected: ['reconnecting', 'failed', 'disconnected'],
  reconnecting: ['connected', 'failed', 'disconnected'],
  failed: ['connecting', 'disconnected'],
};

/** One manager in a world of random faults, and what must always hold. */
export class ManagerRun {
  private readonly clock;
  private readonly network;
  private readonly transports;
  private readonly sockets: WatchedSockets;
  private readonly manager: AdvancedWebSocketManager;
  private readonly sends: SendBook;
  /** As told by the events. */
  private state = 'disconnected';
  private timesConnected = 0;
  private timesGivenUp = 0;
  private isInBackground = false;
  private isDisposed = false;
  private pendingConnects = 0;
  private pendingReady = 0;
  /** Of the step that runs: whether the owner asked for an attempt now, and whether one ran before it. */
  private isAsked = false;
  private wasAttempting = false;
  private plan: Call | null = null;
  private wasPlanUsed = false;
  private isHealing = false;
  private readonly logger;
  private readonly wrong: string[] = [];

  constructor(
    private readonly core: Core,
    private readonly sequence: ManagerSequence,
  ) {
    this.clock = new core.FakeClock();
    this.network = new core.FakeNetwork();
    this.logger = new core.RecordingLogger();
    this.transports = ['best', 'other'].slice(0, sequence.transports).map((name) => new core.RecordingTransport(name));
    this.sockets = new WatchedSockets(this.transports, () => this.opening());
    this.manager = new core.AdvancedWebSocketManager(
      {
        url: 'ws://model.test',
        reconnect: sequence.reconnect,
        maxReconnectAttempts: sequence.maxAttempts,
        reconnectIntervalMs: 200,
        maxReconnectIntervalMs: 1000,
        stableAfterMs: 300,
        steadyAfterMs: 1500,
        heartbeatIntervalMs: HEARTBEAT_MS,
        heartbeatTimeoutMs: DEADLINE_MS,
        probeTimeoutMs: 300,
        connectTimeoutMs: 1000,
        messageQueueSize: QUEUE_SIZE,
        queueWhileDisconnected: sequence.queueWhileDisconnected,
        batchSize: sequence.batchSize,
        climbAfterMs: 800,
        breakerFailures: 3,
        breakerOpenMs: 2000,
      },
      {
        clock: this.clock,
        network: this.network,
        transports: this.sockets.transports(),
        random: new core.SeededRandom(sequence.seed),
        logger: this.logger,
      },
    );
    this.manager.subscribe('stateChange', (event) => this.changed(event as StateChangeEvent));
    this.sends = new SendBook(core, this.manager);
  }

  async play(): Promise<void> {
    for (const action of this.sequence.actions) {
      await this.step(action);
    }
    if (this.sequence.heals && !this.isDisposed) {
      await this.heal();
    }
    await this.step({ do: 'dispose' });
    assert.deepEqual(this.sends.pending(), [], 'messages that never ended');
    await this.step({ do: 'connect' });
    await this.step({ do: 'send', priority: 1, ttlMs: 0, ackTimeoutMs: 0 });
    await this.step({ do: 'time', ms: 60_000 });
  }

  private async step(action: ManagerAction): Promise<void> {
    this.isAsked = false;
    this.wasPlanUsed = false;
    this.wasAttempting = this.state !== 'connected' && this.sockets.living().length > 0;
    const before = this.sockets.living();
    await this.act(action);
    await this.clock.advance(0);
    this.sends.read(this.sockets.takeSent());
    this.checkAlways();
    if (!this.wasPlanUsed) {
      this.checkAfter(action, before);
    }
  }

  private async act(action: ManagerAction): Promise<void> {
    switch (action.do) {
      case 'onNextChange':
        this.plan = action.call;
        return;
      case 'network':
        this.network.set(action.isOnline);
        return;
      case 'time':
        return this.clock.advance(action.ms);
      case 'cannotOpen':
        this.transports.forEach((one) => (one.failure = action.is ? new Error('test') : null));
        return;
      case 'buffers':
        this.sockets.living().forEach(({ socket }) => (socket.buffered = action.bytes));
        return;
      case 'haunts':
        this.haunt(this.sockets.dead(action.which), action.how);
        return;
      case 'opens':
      case 'closes':
      case 'answers':
      case 'says':
      case 'breaks':
      case 'closesOnSend': {
        const target = this.sockets.liveAt(action.which);
        if (target !== undefined) {
          this.disturb(target, action);
        }
        return;
      }
      default:
        this.call(action);
    }
  }

  private disturb(target: WatchedSocket, action: ManagerAction): void {
    const { socket } = target;
    switch (action.do) {
      case 'opens':
        target.open();
        break;
      case 'closes':
        socket.listener.onClose(action.code, 'test');
        break;
      case 'answers':
        target.say(`{"type":"answer","re":${action.frame}}`);
        break;
      case 'says':
        target.say(action.text);
        break;
      case 'breaks':
        socket.isBroken = true;
        break;
      case 'closesOnSend':
        socket.closesOnSendWith = action.code;
    }
  }

  private haunt(target: WatchedSocket | undefined, how: number): void {
    const listener = target?.listener;
    const told = [this.state, this.manager.queueSize(), this.manager.unansweredCount()];
    [
      () => listener?.onText('{"type":"answer","re":1}'),
      () => listener?.onOpen(''),
      () => listener?.onClose(1006, 'again'),
    ][how]?.();
    assert.deepEqual(
      [this.state, this.manager.queueSize(), this.manager.unansweredCount()],
      told,
      'after a late event',
    );
  }

  private call(call: Call): void {
    switch (call.do) {
      case 'connect':
        this.connect();
        break;
      case 'disconnect':
        this.manager.disconnect();
        break;
      case 'dispose':
        this.isDisposed = true;
        this.manager.dispose();
        break;
      case 'retryNow':
        this.isAsked = true;
        this.manager.retryNow();
        break;
      case 'probe':
        this.isAsked = this.isAsked || this.network.isOnline();
        this.manager.probe();
        break;
      case 'ready':
        this.ready();
        break;
      case 'background':
        this.isInBackground = call.is;
        this.manager.setBackground(call.is);
        break;
      case 'send':
        this.sends.send(call);
    }
  }

  private connect(): void {
    this.isAsked = true;
    this.pendingConnects++;
    const wasConnected = this.state === 'connected';
    const before = this.timesConnected;
    const givenUpBefore = this.timesGivenUp;
    const wasDisposed = this.isDisposed;
    this.manager.connect().then(
      () => {
        this.pendingConnects--;
        if (!wasConnected && this.timesConnected === before) {
          this.wrong.push('connect() resolved without a connection');
        }
      },
      (error: unknown) => {
        this.pendingConnects--;
        if (!(error instanceof this.core.AppError)) {
          this.wrong.push(`connect() rejected with ${String(error)}`);
        } else if (!wasDisposed && this.timesGivenUp === givenUpBefore) {
          this.wrong.push('connect() rejected while attempts go on');
        }
      },
    );
  }

  private ready(): void {
    this.pendingReady++;
    const done = (): void => {
      this.pendingReady--;
    };
    this.manager.ready().then(done, done);
  }

  /** Told while the manager opens a socket: what goes wrong here is thrown later, for it would be caught. */
  private opening(): void {
    const isHeld = this.isInBackground || !this.network.isOnline();
    if (this.isDisposed || this.state === 'disconnected' || this.state === 'failed') {
      this.wrong.push(`an attempt in ${this.isDisposed ? 'a disposed manager' : this.state}`);
    } else if (isHeld && !this.isAsked && !this.wasAttempting) {
      this.wrong.push(`an attempt in the background or without a network, ${this.state}`);
    }
    const allowed = this.state === 'connected' ? 1 : 0;
    const living = this.sockets.living().length;
    if (living > allowed) {
      this.wrong.push(`one more socket beside ${living}, ${this.state}`);
    }
  }

  private changed({ oldState, newState }: StateChangeEvent): void {
    if (oldState !== this.state || STEPS[oldState]?.includes(newState) !== true) {
      this.wrong.push(`${oldState} -> ${newState}, where the last told was ${this.state}`);
    }
    this.state = newState;
    this.timesConnected += newState === 'connected' ? 1 : 0;
    this.timesGivenUp += newState === 'disconnected' || newState === 'failed' ? 1 : 0;
    const plan = this.plan;
    if (plan !== null) {
      this.plan = null;
      this.wasPlanUsed = true;
      this.call(plan);
    }
  }

  private checkAlways(): void {
    assert.deepEqual(this.wrong, []);
    // The manager logs what its observers throw, and these throw only for a reason.
    assert.equal(this.logger.count(this.core.LogLevel.Error), 0, 'errors in the log');
    this.sends.check();
    const living = this.sockets.living().length;
    const isIdle = this.state === 'disconnected' || this.state === 'failed';
    if (!this.isDisposed) {
      assert.equal(this.manager.getState(), this.state);
    }
    assert.ok(living <= (isIdle ? 0 : this.state === 'connected' ? 2 : 1), `${living} sockets in ${this.state}`);
    assert.ok(this.manager.queueSize() <= QUEUE_SIZE);
    const pending = this.sends.pending().length;
    assert.equal(this.manager.queueSize() + this.manager.unansweredCount(), pending, 'queued and unanswered');
    if (isIdle || this.state === 'connected') {
      assert.equal(this.pendingConnects, 0, `connect() calls that wait in ${this.state}`);
    }
    const isHeld = this.isInBackground || !this.network.isOnline();
    const isQuiet = pending === 0 && this.pendingReady === 0;
    if (isQuiet && (isIdle || (isHeld && this.state === 'reconnecting' && living === 0))) {
      assert.equal(this.clock.pendingTimers(), 0, `timers in ${this.state}${isHeld ? ', held' : ''}`);
    }
    if (this.state === 'connecting' || (this.state === 'reconnecting' && !isHeld)) {
      assert.ok(living > 0 || this.clock.pendingTimers() > 0, `nothing runs in ${this.state}`);
    }
    if (this.isDisposed) {
      assert.equal(this.clock.pendingTimers(), 0, 'timers after dispose');
      assert.equal(this.network.handlerCount(), 0, 'listeners after dispose');
      assert.deepEqual([pending, this.pendingConnects, this.pendingReady], [0, 0, 0], 'promises after dispose');
    }
  }

  /** What this one action must have led to. `before`: the sockets that lived, the one in use first. */
  private checkAfter(action: ManagerAction, before: readonly WatchedSocket[]): void {
    const [used] = before;
    switch (action.do) {
      case 'closes':
        if (used?.wasEnded === true) {
          assert.ok(this.afterClose(action.code).includes(this.state), `${this.state} after close ${action.code}`);
        }
        break;
      case 'opens':
        if (used !== undefined && before.length === 1 && !used.socket.isBroken && !used.wasEnded && used.isOpen) {
          assert.ok(this.state === 'connected' || used.socket.closesOnSendWith !== 0 || this.sends.sentInStep() > 0);
        }
        break;
      case 'disconnect':
        assert.equal(this.state, 'disconnected');
        break;
      case 'time':
        if (action.ms > HEARTBEAT_MS + DEADLINE_MS && before.length === 1 && !this.isHealing) {
          assert.ok(!this.sockets.living().includes(used as WatchedSocket), 'a silent socket is still in use');
        }
    }
  }

  private afterClose(code: number): readonly string[] {
    if (FATAL_CODES.includes(code)) {
      return ['failed'];
    }
    if (!this.sequence.reconnect) {
      return ['disconnected'];
    }
    return this.sequence.maxAttempts > 0 ? ['reconnecting', 'failed'] : ['reconnecting'];
  }

  /** No more faults: a connection that is wanted comes, and the queue drains. */
  private async heal(): Promise<void> {
    this.plan = null;
    this.isHealing = true;
    await this.step({ do: 'network', isOnline: true });
    await this.step({ do: 'background', is: false });
    const isWanted = this.state !== 'disconnected' && this.state !== 'failed';
    this.sockets.heal();
    await this.step({ do: 'time', ms: HEALING_MS });
    if (isWanted) {
      assert.equal(this.state, 'connected', 'after all faults stopped');
      assert.deepEqual(this.sends.pending(), [], 'messages that wait on a good line');
    }
  }
}
