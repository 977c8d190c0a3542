import { builtCore, builtPlatform } from '../../../host/src/node/node-build';
import { type Order, type Report, runPart, type Suite } from '../lib/suite';
import { runChaos } from './chaos/run';
import { runClientCpu } from './client-cpu/run';
import { runQueue } from './queue/run';
import { plotsOf, type Results, tablesOf, verdictOf, WANTED_LINE } from './report';
import { runTransports } from './transports/run';

async function run(order: Order): Promise<Report> {
  await builtCore();
  await builtPlatform();
  const results: Results = {
    queue: await runPart('queue', order, runQueue),
    clientCpu: await runPart('client', order, runClientCpu),
    transports: await runPart('transports', order, runTransports),
    chaos: await runPart('chaos', order, runChaos),
  };
  return {
    results,
    verdict: verdictOf(results),
    wanted: WANTED_LINE,
    tables: tablesOf(results),
    plots: plotsOf(results),
  };
}

/** Parley's realtime client next to well-known ones. */
export const REALTIME: Suite = {
  name: 'realtime',
  title: 'Realtime bench',
  parts: ['client', 'chaos', 'queue', 'transports'],
  run,
};
