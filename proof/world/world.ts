import type { Core, Platform } from '../../host/src/node/load-core.js';
import type { Carrier } from '../client/carriers.js';
import { Device } from '../client/device.js';
import type { History, LogEvent } from '../history/history.js';
import type { ProxyFault } from '../proxy/faults.js';
import { pause } from '../client/pause.js';
import { FaultProxy } from '../proxy/fault-proxy.js';
import { NO_SHAPE } from '../proxy/pipe.js';
import { Dice } from './dice.js';
import { LogReader } from './log-reader.js';
import type { ServerHost } from './server-host.js';

/** So long the healed world may take until everybody has everything; then it has hung. */
const SETTLE_MS = 120_000;
/** After so long the machine is slower than the fast clocks allow for: time goes on at its own pace. */
const FULL_SPEED_MS = 15_000;
const LOOK_MS = 20;

/** One server, some devices, each behind a proxy of its own, all in the same rooms. */
export class World {
  readonly devices: Device[] = [];
  readonly roomIds: string[] = [];
  readonly dice: Dice;
  private readonly notes = new Map<string, number>();
  private sentCount = 0;
  private readonly reader: LogReader;

  constructor(
    readonly core: Core,
    private readonly platform: Platform,
    readonly server: ServerHost,
    readonly seed: number,
    private readonly speed: number,
    /** Before every name, where worlds follow each other on one server. */
    private readonly prefix = '',
  ) {
    this.dice = new Dice(seed);
    this.reader = new LogReader(() => `http://127.0.0.1:${server.port}`, `${prefix}reader`);
  }

  /** Everybody is signed up, connected, in every room, and looks at it. */
  async fill(carrier: Carrier, deviceCount: number, roomCount: number): Promise<void> {
    await this.server.start();
    for (let i = 0; i < deviceCount; i++) {
      const proxy = await FaultProxy.start(this.server.port, () => this.dice.next());
      const device = new Device({
        core: this.core,
        platform: this.platform,
        userName: `${this.prefix}user_${i}`,
        seed: this.seed * 100 + i,
        speed: this.speed,
        // Of Socket.IO a process has one client; the others stand for the rest of the world.
        carrier: carrier === 'socket.io' && i > 0 ? 'websocket' : carrier,
        proxy,
      });
      this.devices.push(device);
      await device.signUp();
    }
    await this.connected();
    await this.fillRooms(roomCount);
  }

  device(index: number): Device {
    const device = this.devices[index];
    if (device === undefined) {
      throw new Error(`expected ${index + 1} devices, got ${this.devices.length}`);
    }
    return device;
  }

  async connected(): Promise<void> {
    await Promise.all(this.devices.map((device) => device.connected()));
  }

  /** Somebody says something somewhere. */
  say(device: Device = this.dice.pick(this.devices), padding = 0): void {
    this.sentCount += 1;
    device.send(this.dice.pick(this.roomIds), `${device.name} says ${this.sentCount}${'茶'.repeat(padding)}`);
  }

  /** `count` messages, in small bursts with small pauses. */
  async talk(count: number, devices: readonly Device[] = this.devices): Promise<void> {
    for (let left = count; left > 0;) {
      const burst = Math.min(left, 1 + this.dice.integer(4));
      for (let i = 0; i < burst; i++) {
        this.say(this.dice.pick(devices));
      }
      left -= burst;
      await pause(this.dice.integer(12));
    }
  }

  count(fault: ProxyFault): number {
    return this.devices.reduce((sum, { proxy }) => sum + proxy.counts.of(fault), 0);
  }

  /** For faults that no proxy sees. */
  note(what: string): void {
    this.notes.set(what, this.noted(what) + 1);
  }

  noted(what: string): number {
    return this.notes.get(what) ?? 0;
  }

  /** The server is elsewhere now. */
  redirect(): void {
    this.devices.forEach(({ proxy }) => (proxy.upstreamPort = this.server.port));
  }

  /** The end of all faults; then waits until everybody has everything. Rejects where that never comes. */
  async settle(): Promise<void> {
    for (const { proxy, network } of this.devices) {
      proxy.treat(NO_SHAPE);
      proxy.block();
      proxy.goOn();
      await proxy.admit();
      network.set(true);
    }
    const startedAtMs = performance.now();
    for (let isSettled = false; !isSettled;) {
      const waitedMs = performance.now() - startedAtMs;
      if (waitedMs > FULL_SPEED_MS) {
        this.devices.forEach(({ clock }) => (clock.speed = 1));
        this.server.slowDown();
      }
      if (waitedMs > SETTLE_MS) {
        throw new Error(`the world did not come to rest:\n${this.describe()}`);
      }
      this.devices.forEach((device) => device.retryFailed());
      isSettled = await this.isSettled();
      if (!isSettled) {
        await pause(LOOK_MS);
      }
    }
  }

  async history(): Promise<History> {
    const logs = new Map<string, readonly LogEvent[]>();
    for (const roomId of this.roomIds) {
      logs.set(roomId, await this.reader.wholeLog(roomId));
    }
    return { logs, clients: this.devices.map((device) => device.history()) };
  }

  /** Ends everything, and says what is left over. */
  async close(): Promise<string[]> {
    const left = this.devices.flatMap((device) => device.dispose());
    for (let looks = 0; this.server.connectionCount() > 0 && looks < SETTLE_MS / LOOK_MS; looks++) {
      await pause(LOOK_MS);
    }
    if (this.server.connectionCount() > 0) {
      left.push(`server: ${this.server.connectionCount()} connections of devices that are gone`);
    }
    await Promise.all(this.devices.map(({ proxy }) => proxy.close()));
    await this.server.stop();
    this.server.remove();
    return left;
  }

  describe(): string {
    return this.devices
      .map((device) => {
        const rooms = this.roomIds.map((roomId) => {
          const rows = device.rows(roomId);
          const open = rows.slice(device.recorder.confirmedCount(rows));
          return `${roomId}: seq ${rows.at(-1)?.seq}, ${open.map(({ delivery, text }) => `${delivery} "${text.slice(0, 30)}"`).join(', ')}`;
        });
        const behind = device.chat.networkReport().roomsBehind.map((room) => `behind: ${JSON.stringify(room)}`);
        return [`${device.name} ${device.chat.connection()}`, ...rooms, ...behind, ...device.log.slice(-25)].join(
          '\n  ',
        );
      })
      .join('\n');
  }

  private async isSettled(): Promise<boolean> {
    if (!this.devices.every(({ isConnected }) => isConnected)) {
      return false;
    }
    const heads = new Map<string, number>();
    for (const roomId of this.roomIds) {
      heads.set(roomId, await this.reader.head(roomId));
    }
    return this.devices.every((device) => device.isSettled(heads));
  }

  private async fillRooms(count: number): Promise<void> {
    const owner = this.device(0);
    for (let i = 0; i < count; i++) {
      const roomId = await owner.unhurried(() => owner.chat.createRoom(`${this.prefix}Room ${i}`));
      this.roomIds.push(roomId);
      for (const device of this.devices) {
        if (device !== owner) {
          await device.unhurried(() => device.chat.joinRoom(roomId));
        }
        await device.open(roomId);
      }
    }
    await this.reader.signUp();
    for (const roomId of this.roomIds) {
      await this.reader.join(roomId);
    }
  }
}
