/**
 * `npm run soak -- [--minutes M] [--clients N] [--seed S] [--on sqlite|cluster]`: the server in processes of its own under mixed use, and
 * by how much its memory grows in a minute. A table for people, then one JSON object as the last line. Exit code 1 on any violation, and
 * where a soak of 10 minutes or more shows a slope beyond its bound (docs/OPERATIONS.md, "Soak"); 2 where it was not understood.
 */
import { jsonOf, tableOf } from '../soak/report.js';
import { readArguments, type SoakArguments } from '../soak/soak-arguments.js';
import { soak } from '../soak/soak.js';

function argumentsOrExit(): SoakArguments {
  try {
    return readArguments(process.argv.slice(2));
  } catch (error) {
    console.error((error as Error).message);
    return process.exit(2);
  }
}

const given = argumentsOrExit();
console.log(`seed ${given.seed}`);
const report = await soak({ ...given, tell: (line) => console.log(line) });
console.log(tableOf(report));
console.log(jsonOf(report));
process.exit(report.faults.length > 0 ? 1 : 0);
