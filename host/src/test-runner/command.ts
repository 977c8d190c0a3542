import { parseArgs } from 'node:util';
import { loadProject } from '../project/project.js';
import { runAll } from './run-all.js';
import { DEFAULT_RUN_OPTIONS } from './run-module.js';

/** Runs what the arguments ask for, `[--root DIR] [--module NAME]… [--suite TEXT]`, and gives the exit code: no test is no pass. */
export async function runTestCommand(
  args: readonly string[],
  defaultRoot: string,
  print: (line: string) => void,
): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      root: { type: 'string', default: defaultRoot },
      module: { type: 'string', multiple: true, default: [] },
      suite: { type: 'string', default: '' },
    },
  });
  const options = { ...DEFAULT_RUN_OPTIONS, suite: values.suite };
  const totals = await runAll(loadProject(values.root), values.module, options, print);
  return totals.failed > 0 || totals.passed === 0 ? 1 : 0;
}
