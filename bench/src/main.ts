/** `npm run bench -- realtime|http|server [--quick] [--only …]`. Method and results: docs/bench. */
import { HTTP } from './http/suite';
import { installPeers } from './lib/install';
import { optionsOf, usageOf } from './lib/options';
import { canPin } from './lib/processes';
import { writeResults } from './lib/results-page';
import { textTable } from './lib/table';
import { REALTIME } from './realtime/suite';
import { SERVER } from './server/suite';

const SUITES = [REALTIME, HTTP, SERVER];

const options = optionsOf(process.argv.slice(2), SUITES);
if (options === null) {
  console.error(usageOf(SUITES));
  process.exit(2);
}
installPeers();
const startedAt = Date.now();
if (!canPin) {
  console.log('Processes are not pinned (no taskset, or one core): expect more noise.');
}
const report = await options.suite.run(options.order);
report.tables.forEach((table) => console.log(textTable(table)));
const dir = writeResults(options, report);
console.log(`\n${((Date.now() - startedAt) / 1000).toFixed(0)} s in all${dir === null ? '' : `; written to ${dir}`}`);
console.log(report.wanted);
console.log(JSON.stringify(report.verdict));
