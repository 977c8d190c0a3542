import { type Order, type Report, runPart, type Suite } from '../lib/suite';
import { runDurable } from './durable/run';
import { runBurst, runRooms, runSteady } from './fan-out';
import { runIdle } from './idle/run';
import { runRedis } from './redis/run';
import { plotsOf, type Results, tablesOf, verdictOf, wantedLine } from './report';

async function run(order: Order): Promise<Report> {
  const results: Results = {
    burst: await runPart('burst', order, runBurst),
    steady: await runPart('steady', order, runSteady),
    rooms: await runPart('rooms', order, runRooms),
    durable: await runPart('durable', order, runDurable),
    idle: await runPart('idle', order, runIdle),
    redis: await runPart('redis', order, runRedis),
  };
  const verdict = verdictOf(results);
  return { results, verdict, wanted: wantedLine(verdict), tables: tablesOf(results), plots: plotsOf(results) };
}

/** Parley's server next to well-known ones. */
export const SERVER: Suite = {
  name: 'server',
  title: 'Server bench',
  parts: ['burst', 'steady', 'rooms', 'durable', 'idle', 'redis'],
  run,
};
