import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Module, Project } from './project.js';

const SKIPPED = new Set(['node_modules', 'oh_modules', 'build', '.preview', '.test', '.hvigor']);

/** Every file below `dir` whose name ends with one of `endings`, sorted; generated folders left out. */
export function filesBelow(dir: string, ...endings: readonly string[]): string[] {
  if (!existsSync(dir)) {
    return [];
  }
  const found: string[] = [];
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const full = path.join(dir, entry.name);
    if (entry.isDirectory()) {
      if (!SKIPPED.has(entry.name)) {
        found.push(...filesBelow(full, ...endings));
      }
    } else if (endings.some((ending) => entry.name.endsWith(ending)) && entry.name !== 'BuildProfile.ets') {
      found.push(full);
    }
  }
  return found.sort();
}

/** The ArkTS of a module: every .ets, tests included, and the .ts that lie beside them. */
export function moduleSources(module: Module): string[] {
  return [...filesBelow(module.dir, '.ets'), ...filesBelow(path.join(module.dir, 'src'), '.ts')];
}

export function projectSources(project: Project): string[] {
  return project.modules.flatMap(moduleSources);
}
