/** `npm run check`: types, ArkTS rules, structure, arrows, API level and layout of the DevEco project. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkProject } from '../check/check.js';
import { formatFinding } from '../check/finding.js';

const root = path.resolve(process.argv[2] ?? path.join(path.dirname(fileURLToPath(import.meta.url)), '../../..'));
const findings = checkProject(root);
for (const one of findings) {
  console.log(formatFinding(root, one));
}
console.log(`${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}`);
process.exitCode = findings.length === 0 ? 0 : 1;
