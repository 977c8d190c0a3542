import assert from 'node:assert/strict';
import type { ChatWorld, Core, Device, FakeLink, FakeRoom, FakeUser } from '../../host/src/node/load-core.js';
import type * as CodesModule from '../../build/types/common/core/src/main/ets/wire/Codes.js';
import type { ChatAction } from './chat-actions.js';

export type CodesFile = typeof CodesModule;

/** Longer than finding out about a dead line, all waits between attempts, and what the outbox waits after a refusal. */
const HEALING_MS = 240_000;

/** Who sent what, where, in order. That is all the reference needs: each once, and in this order. */
interface Sent {
  readonly who: number;
  readonly roomId: string;
  readonly text: string;
}

/** Two devices, two rooms, one server in memory, and everything that can go wrong between them. */
export class ChatRun {
  private readonly world: ChatWorld;
  private readonly users: FakeUser[];
  private readonly rooms: FakeRoom[];
  private devices: Device[] = [];
  private readonly sent: Sent[] = [];
  private lostAcks = 0;
  private killsAtAck = false;
  private copies: number[] = [];

  constructor(
    private readonly core: Core,
    private readonly codes: CodesFile,
  ) {
    this.world = new core.ChatWorld();
    const ann = this.world.server.addUser('Ann');
    const bo = this.world.server.addUser('Bo');
    this.users = [ann, bo];
    this.rooms = ['r_1', 'r_2'].map((roomId) => this.world.server.addRoom(roomId, [ann, bo]));
    this.world.server.chaos = {
      onAck: (link) => this.losesAck(link),
      copies: () => this.copies.shift() ?? 1,
    };
  }

  async play(actions: readonly ChatAction[]): Promise<void> {
    for (const user of this.users) {
      this.devices.push(await this.world.connected(user));
    }
    await this.openRooms();
    for (const action of actions) {
      await this.step(action);
      this.devices.forEach((device) => this.checkView(device));
    }
    await this.heal();
    this.rooms.forEach((room) => this.checkLog(room));
    this.devices.forEach((device) => this.rooms.forEach((room) => checkFinal(device, room)));
    await this.dispose();
  }

  private async openRooms(): Promise<void> {
    for (const device of this.devices) {
      for (const { roomId } of this.rooms) {
        await this.world.wait(device.chat.openRoom(roomId));
      }
    }
  }

  private async step(action: ChatAction): Promise<void> {
    const { server, http, clock } = this.world;
    switch (action.do) {
      case 'send':
        this.send(action.who, this.roomAt(action.room).roomId);
        break;
      case 'kill':
        this.linkOf(action.who)?.kill(1006);
        break;
      case 'freeze':
        this.linkOf(action.who)?.freeze();
        break;
      case 'loseAcks':
        this.lostAcks = action.count;
        this.killsAtAck = action.kills;
        break;
      case 'copies':
        this.copies = [...action.of];
        break;
      case 'server':
        server.isDown = action.isDown;
        if (action.isDown) {
          server.killAll();
        }
        break;
      case 'refuse':
        server.refusals = [this.codes.ErrorCode.Unavailable];
        break;
      case 'httpFails':
        http.failures = 1;
        break;
      case 'restart':
        this.devices[action.who] = await this.world.restarted(this.deviceAt(action.who));
        break;
      case 'network':
        this.deviceAt(action.who).network.set(action.isOnline);
        break;
      case 'background':
        if (action.is) {
          this.deviceAt(action.who).chat.goBackground();
        } else {
          this.deviceAt(action.who).chat.goForeground();
        }
        break;
      case 'time':
        await clock.advance(action.ms);
    }
  }

  /** A room that a restarted device has not heard of yet takes no message; then nothing was sent. */
  private send(who: number, roomId: string): void {
    const text = `${who}-${this.sent.length}`;
    try {
      this.deviceAt(who).chat.sendMessage(roomId, text);
    } catch (error) {
      assert.ok(error instanceof this.core.AppError && error.code === this.core.AppErrorCode.NotMember, String(error));
      return;
    }
    this.sent.push({ who, roomId, text });
  }

  private losesAck(link: FakeLink): boolean {
    if (this.lostAcks === 0) {
      return false;
    }
    this.lostAcks--;
    if (this.killsAtAck) {
      link.kill(1006);
    }
    return true;
  }

  private deviceAt(who: number): Device {
    const device = this.devices[who];
    assert.ok(device !== undefined);
    return device;
  }

  private roomAt(index: number): FakeRoom {
    const room = this.rooms[index];
    assert.ok(room !== undefined);
    return room;
  }

  private linkOf(who: number): FakeLink | undefined {
    return this.world.server.linksOf(this.users[who] as FakeUser).at(-1);
  }

  private async heal(): Promise<void> {
    const { server, http, clock } = this.world;
    server.chaos = null;
    server.isDown = false;
    server.refusals = [];
    http.failures = 0;
    for (const device of this.devices) {
      device.network.set(true);
      device.chat.goForeground();
    }
    // An event that was lost on a line that lives shows when the next one comes.
    const late = server.addUser('Cy');
    this.rooms.forEach((room) => server.join(room, late));
    await clock.advance(HEALING_MS);
    await this.openRooms();
  }

  /** At any time: confirmed rows without holes as the server has them, then own ones that wait, nothing twice. */
  private checkView(device: Device): void {
    for (const room of this.rooms) {
      const { rows } = device.chat.timeline(room.roomId);
      assert.equal(new Set(rows.map(({ key }) => key)).size, rows.length, 'a row is there twice');
      const confirmed = rows.filter(({ seq }) => seq > 0);
      const first = confirmed[0]?.seq ?? 0;
      confirmed.forEach(({ seq, text }, index) => {
        assert.equal(seq, first + index, 'the numbers of the rows');
        assert.equal(text, room.events[seq - 1]?.text, `the text of seq ${seq}`);
      });
      assert.ok(
        rows.every(({ seq }, index) => seq === 0 || index < confirmed.length),
        'an unsent row before a confirmed one',
      );
    }
  }

  private checkLog(room: FakeRoom): void {
    const log = room.events.map(({ text }) => text).filter((text) => text !== '');
    const sent = this.sent.filter(({ roomId }) => roomId === room.roomId);
    assert.deepEqual([...log].sort(), sent.map(({ text }) => text).sort(), `each message of ${room.roomId} once`);
    for (const who of [0, 1]) {
      const own = sent.filter((one) => one.who === who).map(({ text }) => text);
      assert.deepEqual(
        log.filter((text) => text.startsWith(`${who}-`)),
        own,
        `the order in which device ${who} sent into ${room.roomId}`,
      );
    }
  }

  private async dispose(): Promise<void> {
    const { clock, server } = this.world;
    this.devices.forEach(({ chat }) => chat.dispose());
    await clock.advance(server.latencyMs);
    assert.equal(clock.pendingTimers(), 0, 'timers after dispose');
    for (const { network, outbox, sessions } of this.devices) {
      assert.equal(network.handlerCount(), 0, 'listeners after dispose');
      const user = sessions.current();
      assert.deepEqual(outbox.stored(`${user?.userId}@${user?.serverAddress}`), [], 'messages still stored');
    }
  }
}

/** The newest page at least, as the server has it, and nothing that waits. */
function checkFinal(device: Device, room: FakeRoom): void {
  const rows = device.chat.timeline(room.roomId).rows;
  const shown = rows.map(({ seq, text, delivery }) => `${seq} ${text}${delivery === 'failed' ? ' failed' : ''}`);
  const log = room.events.map(({ seq, text }) => `${seq} ${text}`);
  assert.ok(rows.length > 0 && rows.length >= Math.min(log.length, 40), `${rows.length} rows of ${log.length}`);
  assert.deepEqual(shown, log.slice(-shown.length));
}
