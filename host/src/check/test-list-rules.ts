import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Project } from '../project/project.js';
import { unlistedTests } from '../test-runner/list-file.js';
import { finding, type Finding } from './finding.js';
import { filesBelow } from '../project/source-files.js';

/** Names that every module has. */
const TEMPLATE_TESTS = new Set(['List.test.ets', 'Ability.test.ets', 'LocalUnit.test.ets']);

/** DevEco runs what List.test.ets imports and nothing else; a test beside it would be green for ever. */
export function testListFindings(project: Project): Finding[] {
  const findings: Finding[] = [];
  const owners = new Map<string, string>();
  for (const module of project.modules) {
    for (const dir of [path.join(module.dir, 'src/test'), path.join(module.dir, 'src/ohosTest/ets/test')]) {
      const list = path.join(dir, 'List.test.ets');
      if (!existsSync(list)) {
        findings.push(
          finding(list, 1, 'tests/list', 'List.test.ets is missing', 'Create it: it is where DevEco starts.'),
        );
        continue;
      }
      for (const file of unlistedTests(list)) {
        findings.push(
          finding(file, 1, 'tests/list', `not imported by ${path.relative(project.root, list)}`, 'Add it there.'),
        );
      }
      for (const file of filesBelow(dir, '.ets')) {
        const name = path.basename(file);
        if (dir.includes('ohosTest') && !name.endsWith('.test.ets')) {
          findings.push(
            finding(file, 1, 'tests/name', 'files of ohosTest/ets/test must end with .test.ets', 'Rename or move it.'),
          );
        }
        const owner = owners.get(name);
        if (owner !== undefined && name.endsWith('.test.ets') && !TEMPLATE_TESTS.has(name)) {
          findings.push(
            finding(file, 1, 'tests/name', `a test of this name exists in ${owner} too`, 'Rename one of them.'),
          );
        }
        owners.set(name, path.relative(project.root, path.dirname(file)));
      }
    }
  }
  return findings;
}
