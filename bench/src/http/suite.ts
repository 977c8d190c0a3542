import { builtCore, builtPlatform } from '../../../host/src/node/node-build';
import { type Order, type Report, runPart, type Suite } from '../lib/suite';
import { runCpu } from './cpu/run';
import { runCritical } from './critical/run';
import { runFlat } from './flat/run';
import { plotsOf, type Results, tablesOf, verdictOf, wantedLine } from './report';

async function run(order: Order): Promise<Report> {
  await builtCore();
  await builtPlatform();
  const results: Results = {
    cpu: await runPart('cpu', order, runCpu),
    critical: await runPart('critical', order, runCritical),
    flat: await runPart('flat', order, runFlat),
  };
  const verdict = verdictOf(results);
  return {
    results,
    verdict,
    wanted: wantedLine(verdict),
    tables: tablesOf(results),
    plots: plotsOf(results),
  };
}

/** Parley's HTTP client next to well-known ones. */
export const HTTP: Suite = { name: 'http', title: 'HTTP bench', parts: ['cpu', 'critical', 'flat'], run };
