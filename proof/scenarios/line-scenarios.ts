/** What the line between a device and the server does to it. */
import { pause } from '../client/pause.js';
import { ALL, type Scenario } from './scenario.js';

export const reconnectStorm: Scenario = {
  name: 'reconnect-storm',
  carriers: ALL,
  async run(world, { messages, rounds }) {
    for (let round = 0; round < rounds; round++) {
      await world.connected();
      await world.talk(messages);
      world.devices.forEach(({ proxy }) => proxy.reset());
      // Some are hit again while they come back.
      world.say();
      await pause(world.dice.integer(40));
      world.dice.pick(world.devices).proxy.reset();
    }
  },
  happened: (world) => [{ what: 'reset', times: world.count('reset') }],
};

export const refused: Scenario = {
  name: 'refused',
  carriers: ALL,
  async run(world, { messages, rounds }) {
    for (let round = 0; round < rounds; round++) {
      const device = world.dice.pick(world.devices);
      await device.connected();
      await device.proxy.refuse();
      const { failed } = device.watch;
      device.proxy.reset();
      await world.talk(messages);
      await device.watch.until(() => device.watch.failed > failed);
      device.proxy.counts.add('refuse');
      await device.proxy.admit();
      device.chat.retryNow();
      await device.connected();
    }
  },
  happened: (world) => [{ what: 'refuse', times: world.count('refuse') }],
};

export const halfOpen: Scenario = {
  name: 'half-open',
  carriers: ALL,
  settings: { heartbeatMs: 1000 },
  async run(world, { messages, rounds }) {
    for (let round = 0; round < rounds; round++) {
      const device = world.dice.pick(world.devices);
      await world.talk(messages);
      await device.connected();
      const closes = device.watch.closed;
      device.proxy.freeze();
      // Only what is said from now on can show that the line is dead.
      world.say(device);
      await world.talk(messages);
      await device.watch.until(() => device.watch.closed > closes);
    }
  },
  happened: (world) => [{ what: 'half-open', times: world.count('half-open') }],
};

export const slowLine: Scenario = {
  name: 'slow-line',
  carriers: ALL,
  async run(world, { messages }) {
    // What is said crosses the line only when the devices are ready for it.
    const talkUntil = async (fault: 'delay' | 'throttle'): Promise<void> => {
      do {
        await world.talk(messages);
        await pause(10);
      } while (world.count(fault) === 0);
    };
    world.devices.forEach(({ proxy }) => proxy.treat({ delayMs: 10 }));
    await talkUntil('delay');
    world.devices.forEach(({ proxy }) => proxy.treat({ delayMs: 0, bytesPerSecond: 20_000 }));
    await talkUntil('throttle');
    world.dice.pick(world.devices).proxy.reset();
    await world.talk(messages);
  },
  happened: (world) => [
    { what: 'delay', times: world.count('delay') },
    { what: 'throttle', times: world.count('throttle') },
  ],
};

export const cutMidFrame: Scenario = {
  name: 'cut-mid-frame',
  carriers: ALL,
  async run(world, { messages, rounds }) {
    for (let round = 0; round < rounds; round++) {
      const { proxy } = world.dice.pick(world.devices);
      const cuts = proxy.counts.of('cut');
      proxy.treat({ cuts: 1 });
      while (proxy.counts.of('cut') === cuts) {
        await world.talk(messages);
        await pause(10);
      }
    }
  },
  happened: (world) => [{ what: 'cut', times: world.count('cut') }],
};

export const doubledAndSwapped: Scenario = {
  name: 'doubled-and-swapped',
  carriers: ALL,
  async run(world, { messages, rounds }) {
    world.devices.forEach(({ proxy }) => proxy.treat({ duplicate: 0.3, reorder: 0.2 }));
    const isDone = (): boolean => world.count('duplicate') >= rounds && world.count('reorder') >= rounds;
    do {
      await world.talk(messages);
      await pause(10);
    } while (!isDone());
  },
  happened: (world) => [
    { what: 'duplicate', times: world.count('duplicate') },
    { what: 'reorder', times: world.count('reorder') },
  ],
};

export const falseAnswers: Scenario = {
  name: 'false-answers',
  carriers: ALL,
  async run(world, { messages }) {
    for (const answer of ['http-502', 'http-429', 'portal'] as const) {
      const device = world.dice.pick(world.devices);
      await device.connected();
      device.proxy.block({ matches: () => true, answer });
      device.proxy.reset();
      await world.talk(messages);
      // Every look at the count follows something that its connection did.
      await device.watch.until(() => device.proxy.counts.of(answer) > 0);
      device.proxy.block();
      device.chat.retryNow();
    }
  },
  happened: (world) =>
    (['http-502', 'http-429', 'portal'] as const).map((what) => ({ what, times: world.count(what) })),
};

/** 12 KB of UTF-8. */
const PADDING = 3900;
const MAX_UNCONFIRMED = 20;

export const slowReader: Scenario = {
  name: 'slow-reader',
  carriers: ['websocket', 'sse', 'long-polling'],
  // Nobody is to take the line for dead before the server's patience is at its end.
  settings: { heartbeatMs: 600_000 },
  limits: { maxUnreadBytes: 64 * 1024 },
  async run(world, { messages }) {
    const [reader, ...others] = world.devices;
    if (reader === undefined) {
      throw new Error('expected a device');
    }
    await world.talk(messages);
    await world.connected();
    reader.clock.speed = 1;
    reader.proxy.stall();
    // The system's own buffers take some megabytes before anything waits in the server.
    const count = world.server.connectionCount();
    while (world.server.connectionCount() >= count) {
      for (const device of others.filter((one) => one.unconfirmedCount() < MAX_UNCONFIRMED)) {
        world.say(device, PADDING);
      }
      await pause(1);
    }
    world.note('cut off by the server');
    reader.proxy.goOn();
    await world.talk(messages);
  },
  happened: (world) => [
    { what: 'stall', times: world.count('stall') },
    { what: 'cut off by the server', times: world.noted('cut off by the server') },
  ],
};
