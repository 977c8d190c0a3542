/** What happens to the server, and to the time and the tokens of the devices. */
import { pause } from '../client/pause.js';
import { ALL, type Scenario } from './scenario.js';

export const serverKilled: Scenario = {
  name: 'server-killed',
  carriers: ALL,
  needsProcess: true,
  async run(world, { messages, rounds }) {
    for (let round = 0; round < rounds; round++) {
      await world.talk(messages);
      // In the middle of what was just said.
      world.say();
      world.say();
      await world.server.kill();
      world.note('kill');
      await world.talk(messages);
      await world.server.start();
      world.redirect();
    }
  },
  happened: (world) => [{ what: 'kill', times: world.noted('kill') }],
};

export const rollingRestart: Scenario = {
  name: 'rolling-restart',
  carriers: ALL,
  async run(world, { messages, rounds }) {
    for (let round = 0; round < rounds; round++) {
      const talk = world.talk(messages * 2);
      await pause(world.dice.integer(30));
      await world.server.stop();
      await world.server.start();
      world.redirect();
      await talk;
      world.note('restart');
      await world.connected();
    }
  },
  happened: (world) => [{ what: 'restart', times: world.noted('restart') }],
};

/**
 * The shortest that an operator can set. In real time: a token that ends between its issue and the `hello` that shows it, twice
 * in a row, signs its user out, and on a fast clock a busy machine does that.
 */
const TOKEN_LIFE_MS = 5000;

export const tokenExpiry: Scenario = {
  name: 'token-expiry',
  carriers: ALL,
  speed: 1,
  settings: { accessTokenTtlMs: TOKEN_LIFE_MS },
  async run(world, { messages, rounds }) {
    for (let round = 0; round < rounds; round++) {
      const endsAtMs = world.device(0).clock.nowMs() + TOKEN_LIFE_MS;
      while (world.device(0).clock.nowMs() <= endsAtMs) {
        await world.talk(messages);
        await pause(20);
      }
      world.note('expiry');
    }
  },
  happened: (world) => [
    { what: 'expiry', times: world.noted('expiry') },
    // A client that never got another token would be signed out; each holds one that it did not begin with.
    { what: 'renewal', times: Math.min(...world.devices.map((device) => device.renewals)) },
  ],
};

const JUMPS_MS = [3_600_000, -7_200_000, 86_400_000, -60_000];

export const clockJump: Scenario = {
  name: 'clock-jump',
  carriers: ALL,
  async run(world, { messages }) {
    for (const byMs of JUMPS_MS) {
      const device = world.dice.pick(world.devices);
      const beforeMs = device.clock.nowMs();
      await world.talk(messages);
      device.clock.jump(byMs);
      world.note(Math.abs(device.clock.nowMs() - beforeMs - byMs) < Math.abs(byMs) ? 'jump' : 'no jump');
      await world.talk(messages);
      await device.connected();
      device.proxy.reset();
    }
  },
  happened: (world) => [
    { what: 'jump', times: world.noted('jump') },
    { what: 'reset', times: world.count('reset') },
  ],
};

export const appKilled: Scenario = {
  name: 'app-killed',
  carriers: ALL,
  async run(world, { messages, rounds }) {
    for (let round = 0; round < rounds; round++) {
      const device = world.dice.pick(world.devices);
      await world.talk(messages);
      await device.connected();
      device.proxy.reset();
      world.say(device);
      world.say(device);
      await pause(world.dice.integer(20));
      await device.restart();
      world.note('app killed');
    }
  },
  happened: (world) => [{ what: 'app killed', times: world.noted('app killed') }],
};

export const networkLost: Scenario = {
  name: 'network-lost',
  carriers: ALL,
  async run(world, { messages, rounds }) {
    for (let round = 0; round < rounds; round++) {
      const device = world.dice.pick(world.devices);
      await device.connected();
      device.network.set(false);
      device.proxy.freeze();
      await world.talk(messages);
      device.network.set(true);
      device.chat.goBackground();
      await world.talk(messages);
      device.chat.goForeground();
      world.note('network lost');
    }
  },
  happened: (world) => [{ what: 'network lost', times: world.noted('network lost') }],
};

const UPGRADES = { matches: ({ isUpgrade }: { isUpgrade: boolean }) => isUpgrade, answer: 'http-502' } as const;
const STREAMS = { matches: ({ path }: { path: string }) => path.startsWith('/v1/sse'), answer: 'http-502' } as const;

const LULL_MS = 60;

export const transportSwitch: Scenario = {
  name: 'transport-switch',
  carriers: ['ladder'],
  async run(world, { messages, rounds }) {
    for (let round = 0; round < rounds; round++) {
      const device = world.dice.pick(world.devices);
      const { watch, proxy } = device;
      await device.connected();
      const carriedBy = async (name: string): Promise<void> => {
        // It may be there already: on a busy machine a line falls by itself, before it is pushed.
        while (watch.carrier !== name) {
          world.say();
          // A line climbs in a quiet moment: a crowd that never holds its breath would keep it where it is.
          await pause(LULL_MS);
        }
        await world.talk(messages);
        world.note(`to ${name}`);
      };
      proxy.block(UPGRADES);
      proxy.reset('/v1/ws');
      await carriedBy('sse');
      proxy.block(UPGRADES, STREAMS);
      proxy.reset('/v1/sse');
      await carriedBy('long-polling');
      proxy.block();
      await carriedBy('websocket');
    }
  },
  happened: (world) =>
    ['to sse', 'to long-polling', 'to websocket'].map((what) => ({ what, times: world.noted(what) })),
};
