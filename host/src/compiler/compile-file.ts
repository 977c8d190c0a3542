import path from 'node:path';
import { moduleOf, type Project } from '../project/project.js';
import { parseEts, syntaxFaults } from './ets-source.js';
import type { Fault } from './fault.js';
import { FileContext } from './file-context.js';
import { planGlobals } from './globals.js';
import { planImports } from './imports.js';
import { collectNames } from './names.js';
import type { Registry } from './registry.js';
import type { ResourceIndex } from './resources.js';
import { transformEts } from './transform.js';

export interface CompiledFile {
  readonly code: string;
  readonly faults: readonly Fault[];
}

/** One .ets file. With faults the code is not to be used. */
export async function compileFile(
  project: Project,
  registry: Registry,
  resources: ResourceIndex,
  file: string,
  text: string,
): Promise<CompiledFile> {
  const source = parseEts(file, path.relative(project.root, file).split(path.sep).join('/'), text);
  const syntax = syntaxFaults(source);
  if (syntax.length > 0) {
    return { code: '', faults: syntax };
  }
  const names = collectNames(source.tree);
  const imports = await planImports(project, registry, source, names);
  const globals = planGlobals(registry, source, names);
  const context = new FileContext(source, names, registry, resources, moduleOf(project, file)?.name ?? '');
  const code = transformEts(context, imports, globals);
  return { code, faults: [...imports.faults, ...globals.faults, ...context.faults] };
}
