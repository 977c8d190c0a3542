import { readFileSync } from 'node:fs';
import { loadProject, type Project } from '../project/project.js';
import { ProjectFileError } from '../project/json5-file.js';
import { apiLevelFindings } from './api-level.js';
import { syntaxFindings, wireFindings } from './ast-rules.js';
import { finding, inOrder, type Finding } from './finding.js';
import { importFindings } from './import-rules.js';
import { layoutFindings } from './layout-rules.js';
import { createProgram } from './program.js';
import { resourceFindings } from './resource-rules.js';
import { projectSources } from '../project/source-files.js';
import { structureFindings } from './structure-rules.js';
import { testListFindings } from './test-list-rules.js';
import { linterFindings, typeFindings } from './types-rules.js';

/** Every mistake in the DevEco project at `root`, in reading order. Empty is the only pass. */
export function checkProject(root: string): Finding[] {
  try {
    const project = loadProject(root);
    const files = checkFiles(project);
    const explained = new Set(
      files.filter((one) => one.rule === 'structure/import-case').map((one) => `${one.file}:${one.line}`),
    );
    // "Cannot find module" says less than the rule that knows why.
    const sources = checkSources(project).filter(
      (one) => one.rule !== 'types/TS2307' || !explained.has(`${one.file}:${one.line}`),
    );
    return inOrder([...files, ...sources]);
  } catch (error) {
    if (error instanceof ProjectFileError) {
      return [finding(error.file, error.line, 'structure/file', error.message)];
    }
    throw error;
  }
}

/** The rules that need no types: project files, resources, imports, layout. */
export function checkFiles(project: Project): Finding[] {
  return inOrder([
    ...structureFindings(project),
    ...testListFindings(project),
    ...resourceFindings(project),
    ...importFindings(project),
    ...projectSources(project).flatMap((file) => layoutFindings(file, readFileSync(file, 'utf8'))),
  ]);
}

/** The rules that need the compiler: types, ArkTS, API level, and what is read from syntax trees. */
function checkSources(project: Project): Finding[] {
  const checked = createProgram(project);
  return inOrder([
    ...syntaxFindings(project, checked),
    ...wireFindings(project, checked),
    ...typeFindings(checked),
    ...linterFindings(checked),
    ...apiLevelFindings(checked),
  ]);
}
