import assert from 'node:assert/strict';
import type { WireValue } from '../../common/core/src/main/ets/wire/WireValue';
import type { ChatWorld, Core, Device, FakeRoom, FakeUser, TransportListener } from '../../host/src/node/load-core.js';
import type { Dice } from '../../server/test/support/mutations';
import { LiveFrames, type Message } from './live-frames.js';
import { describeMessage, Promises, StateWatch, tell } from './told.js';

/** None that an example of the protocol page names: about this one the frames made up here never lie. */
const ROOM = 'r_fuzz_room';
/** Longer than any wait for an answer, and than what the outbox waits after a refusal. */
const HEALING_MS = 120_000;

/** A whole client, whose server says anything at any time between the things that it really says. */
export class ChatFuzz {
  private readonly world: ChatWorld;
  private readonly ann: FakeUser;
  private readonly bo: FakeUser;
  private readonly room: FakeRoom;
  private readonly frames: LiveFrames;
  private readonly states = new StateWatch();
  private readonly promises = new Promises();
  private readonly wrong: string[] = [];
  private line: TransportListener | null = null;
  private errors = 0;

  constructor(
    private readonly core: Core,
    private readonly dice: Dice,
    examples: readonly WireValue[],
  ) {
    this.world = new core.ChatWorld();
    this.world.server.isBinaryCapable = dice.below(2) === 0;
    this.ann = this.world.server.addUser('Ann');
    this.bo = this.world.server.addUser('Bo');
    this.room = this.world.server.addRoom(ROOM, [this.ann, this.bo]);
    this.frames = new LiveFrames(dice, examples);
    this.tap();
  }

  /** Returns how many errors the owner was told of. */
  async play(frames: number): Promise<number> {
    const device = await this.world.device(this.ann);
    this.watch(device);
    device.chat.start();
    await this.world.clock.advance(this.dice.below(100));
    for (let i = 0; i < frames; i++) {
      const message = this.frames.next();
      try {
        if (this.line !== null) {
          tell(this.line, message);
        }
        await this.world.clock.advance(0);
        await this.live(device);
        assert.deepEqual(this.wrong, []);
      } catch (error) {
        throw new Error(`frame ${i}: ${describeMessage(message)}\n${(error as Error).stack}`, { cause: error });
      }
    }
    await this.recover(device);
    await this.dispose(device);
    return this.errors;
  }

  /** Keeps the newest line's owner, and what the server really tells it. */
  private tap(): void {
    const { server } = this.world;
    const open = server.open.bind(server);
    server.open = (url, subprotocols, listener) => {
      this.line = listener;
      const note = (message: Message): void => this.frames.noteHeard(message);
      return open(url, subprotocols, {
        onOpen: (subprotocol) => listener.onOpen(subprotocol),
        onText: (text) => {
          note(text);
          listener.onText(text);
        },
        onBinary: (data) => {
          note(new Uint8Array(data));
          listener.onBinary(data);
        },
        onClose: (code, reason) => listener.onClose(code, reason),
      });
    };
  }

  private watch({ chat }: Device): void {
    const { ChatEventKind } = this.core;
    chat.subscribe(ChatEventKind.ConnectionChanged, () => {
      try {
        this.states.noteStep(chat.connection());
      } catch (error) {
        this.wrong.push((error as Error).message);
      }
    });
    chat.subscribe(ChatEventKind.SignedOut, () => this.wrong.push('the user was signed out'));
    chat.subscribe(ChatEventKind.ErrorRaised, () => {
      this.errors++;
    });
  }

  /** What users and lines do meanwhile. */
  private async live({ chat }: Device): Promise<void> {
    const { clock, server } = this.world;
    switch (this.dice.below(40)) {
      case 0:
        // A welcome that tells of other rooms takes this one away, until the next one.
        if (chat.room(ROOM) !== null) {
          chat.sendMessage(ROOM, `mine ${clock.nowMs()}`);
        }
        break;
      case 1:
        server.say(this.room, this.bo, `theirs ${clock.nowMs()}`);
        break;
      case 2:
        this.promises.follow(chat.openRoom(ROOM));
        break;
      case 3:
        this.promises.follow(chat.loadOlder(ROOM));
        break;
      case 4:
        chat.sendTypingIndicator(ROOM, this.dice.below(2) === 0);
        break;
      case 5:
        chat.checkConnection();
        break;
      case 6:
        server.killAll();
        break;
      case 7:
        await clock.advance(this.dice.below(5000));
        break;
      default:
        await clock.advance(this.dice.below(15));
    }
  }

  /** Good frames again: after the next welcome everything is as if nothing had been. */
  private async recover({ chat }: Device): Promise<void> {
    const { clock, server } = this.world;
    server.killAll();
    await clock.advance(server.latencyMs);
    chat.retryNow();
    await clock.advance(HEALING_MS);
    assert.equal(chat.connection(), 'connected');
    this.promises.follow(chat.openRoom(ROOM));
    server.say(this.room, this.bo, 'from the other');
    chat.sendMessage(ROOM, 'from here');
    await clock.advance(HEALING_MS);
    const said = this.room.events.map(({ text }) => text);
    assert.equal(said.filter((text) => text === 'from here').length, 1, 'once in the log');
    const rows = chat.timeline(ROOM).rows;
    assert.deepEqual(
      rows.slice(-2).map(({ text, delivery }) => [text, delivery]),
      [
        ['from the other', 'none'],
        ['from here', 'sent'],
      ],
    );
    assert.deepEqual(
      rows.map(({ seq }) => seq),
      this.room.events.slice(-rows.length).map(({ seq }) => seq),
    );
  }

  private async dispose({ chat, network, logger }: Device): Promise<void> {
    const { clock, server } = this.world;
    chat.dispose();
    await clock.advance(server.latencyMs);
    assert.equal(this.promises.countPending(), 0, 'promises after dispose');
    assert.equal(clock.pendingTimers(), 0, 'timers after dispose');
    assert.equal(network.handlerCount(), 0, 'listeners after dispose');
    // That the server broke its word is worth a line; anything else would be an owner that threw.
    const errors = logger.lines.filter(
      ({ level, text }) => level === this.core.LogLevel.Error && !text.includes('log.resumed left a hole'),
    );
    assert.deepEqual(errors, [], 'errors in the log');
  }
}
