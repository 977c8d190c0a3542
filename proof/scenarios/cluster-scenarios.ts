/** What happens to three server processes, and to the Redis and the PostgreSQL that they share. */
import { pause } from '../client/pause.js';
import { Cluster } from '../world/cluster.js';
import type { World } from '../world/world.js';
import type { Scenario } from './scenario.js';

/** Longer than a process needs to notice, shorter than anybody wants to wait. */
const OUTAGE_MS = 300;

function clusterOf({ server }: World): Cluster {
  if (!(server instanceof Cluster)) {
    throw new Error('expected a world with a cluster, got another one');
  }
  return server;
}

export const processKilled: Scenario = {
  name: 'process-killed',
  carriers: ['long-polling'],
  needsCluster: true,
  async run(world, { messages, rounds }) {
    const cluster = clusterOf(world);
    for (let round = 0; round < rounds; round++) {
      await world.talk(messages);
      world.say();
      await cluster.killOne(world.dice.integer(3));
      world.note('kill');
      await world.talk(messages);
      await cluster.start();
    }
  },
  happened: (world) => [{ what: 'kill', times: world.noted('kill') }],
};

export const redisRestart: Scenario = {
  name: 'redis-restart',
  carriers: ['websocket'],
  needsCluster: true,
  isForLongRuns: true,
  async run(world, { messages, rounds }) {
    const cluster = clusterOf(world);
    for (let round = 0; round < rounds; round++) {
      await world.talk(messages);
      await cluster.stopRedis();
      await world.talk(messages);
      await pause(OUTAGE_MS);
      await cluster.startRedis();
      world.note('redis restart');
      // And then the rooms fall silent: what was said last must still arrive.
    }
  },
  happened: (world) => [{ what: 'redis restart', times: world.noted('redis restart') }],
};

export const postgresRestart: Scenario = {
  name: 'postgres-restart',
  carriers: ['sse'],
  needsCluster: true,
  isForLongRuns: true,
  async run(world, { messages, rounds }) {
    const cluster = clusterOf(world);
    for (let round = 0; round < rounds; round++) {
      await world.talk(messages);
      world.say();
      await cluster.stopPostgres();
      await world.talk(messages);
      await pause(OUTAGE_MS);
      await cluster.startPostgres();
      world.note('postgres restart');
      await world.talk(messages);
    }
  },
  happened: (world) => [{ what: 'postgres restart', times: world.noted('postgres restart') }],
};

export const redisCut: Scenario = {
  name: 'redis-cut',
  carriers: ['websocket'],
  needsCluster: true,
  isForLongRuns: true,
  async run(world, { messages, rounds }) {
    const cluster = clusterOf(world);
    for (let round = 0; round < rounds; round++) {
      await world.talk(messages);
      cluster.cutOff(world.dice.integer(3));
      await world.talk(messages);
      await pause(OUTAGE_MS);
      cluster.mend();
      world.note('cut');
    }
  },
  happened: (world) => [{ what: 'cut', times: world.noted('cut') }],
};
