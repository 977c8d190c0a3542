import { loadCore, loadPlatform } from '../../host/src/node/load-core.js';
import { pause } from '../client/pause.js';
import { checkHistory } from '../history/check-history.js';
import { describeViolation } from '../history/history.js';
import { Dice } from '../world/dice.js';
import type { ServerHost } from '../world/server-host.js';
import { World } from '../world/world.js';
import { DeviceLife } from './device-life.js';
import { Visitor } from './visitor.js';

/** Real time: what a client waits for must not depend on how busy the machine is for hours. */
const SPEED = 1;
const ROOMS = 2;
const VISIT_EVERY_MS = 1500;

export interface ShiftOptions {
  readonly server: ServerHost;
  readonly clients: number;
  readonly seed: number;
  readonly lengthMs: number;
}

/** What one shift has shown. */
export interface ShiftResult {
  readonly violations: readonly string[];
  readonly visits: number;
  readonly unread: number;
}

/** The server outlives the shift that works with it. */
function borrowed(server: ServerHost): ServerHost {
  return {
    get port() {
      return server.port;
    },
    start: async () => undefined,
    stop: async () => undefined,
    kill: () => server.kill(),
    connectionCount: () => -1,
    slowDown: () => server.slowDown(),
    remove: () => undefined,
  };
}

/**
 * New people in new rooms for some minutes; then everybody comes to rest, what they saw is held against the logs, and all sign out. What is
 * remembered of it here goes with it: a soak may last for days.
 */
export async function workShift({ server, clients, seed, lengthMs }: ShiftOptions): Promise<ShiftResult> {
  const prefix = `s${seed}_`;
  const world = new World(await loadCore(), await loadPlatform(), borrowed(server), seed, SPEED, prefix);
  const visitor = new Visitor(() => `http://127.0.0.1:${server.port}`, `${prefix}visitor`);
  const violations: string[] = [];
  let lives: DeviceLife[] = [];
  try {
    await world.fill('ladder', clients, ROOMS);
    await visitor.signUp();
    lives = world.devices.map((device, index) => new DeviceLife(device, world, seed * 100 + index));
    const endsAtMs = performance.now() + lengthMs;
    const isOver = (): boolean => performance.now() >= endsAtMs;
    await Promise.all([...lives.map((life) => life.go(isOver)), visit(visitor, world, new Dice(seed), isOver)]);
    await world.settle();
    violations.push(...visitor.violations, ...checkHistory(await world.history()).map(describeViolation));
    await Promise.all(world.devices.map((device) => device.chat.signOut()));
  } catch (error) {
    violations.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  violations.push(...(await world.close()).map((what) => `left over: ${what}`));
  return { violations, visits: visitor.visits, unread: lives.reduce((sum, life) => sum + life.unread, 0) };
}

async function visit(visitor: Visitor, world: World, dice: Dice, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    await visitor.visit(dice.pick(world.roomIds));
    await pause(dice.integer(VISIT_EVERY_MS));
  }
}
