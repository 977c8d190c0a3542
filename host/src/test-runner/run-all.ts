import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Project } from '../project/project.js';
import type { ModuleResult } from './results.js';
import { runModule, type RunOptions } from './run-module.js';

export interface Totals {
  readonly passed: number;
  readonly failed: number;
}

/** Runs the modules one after the other and prints as it goes; the last line printed is `N passed, N failed`. */
export async function runAll(
  project: Project,
  moduleNames: readonly string[],
  options: RunOptions,
  print: (line: string) => void,
): Promise<Totals> {
  const modules =
    moduleNames.length === 0
      ? project.modules.filter((module) => existsSync(path.join(module.dir, 'src/test')))
      : moduleNames.map((name) => project.module(name));
  let passed = 0;
  let failed = 0;
  for (const module of modules) {
    const result = await runModule(project, module, options);
    const modulePassed = result.specs.filter((spec) => spec.passed).length;
    const moduleFailed = result.specs.length - modulePassed + result.faults.length;
    passed += modulePassed;
    failed += moduleFailed;
    if (result.specs.length > 0 || moduleFailed > 0) {
      printModule(module.name, result, print);
    }
  }
  print(`${passed} passed, ${failed} failed`);
  return { passed, failed };
}

function printModule(name: string, result: ModuleResult, print: (line: string) => void): void {
  const indent = (text: string, by: string): string =>
    text
      .split('\n')
      .map((line) => by + line)
      .join('\n');
  const durationMs = result.specs.reduce((sum, spec) => sum + spec.durationMs, 0);
  print(`${name}: ${result.specs.length} specs, ${durationMs} ms`);
  for (const spec of result.specs.filter((candidate) => !candidate.passed)) {
    print(`  FAILED ${spec.name}`);
    print(indent(spec.reason, '    '));
    spec.output.forEach((line) => print(indent(line, '    | ')));
  }
  for (const text of result.faults) {
    print(`  FAILED ${indent(text, '    ').trimStart()}`);
  }
  if (result.faults.length > 0) {
    result.output.forEach((line) => print(indent(line, '    | ')));
  }
}
