import { readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import ts from 'ohos-typescript';
import { moduleOf, resolveImport, TESTING_ENTRY, type Module, type Project } from '../project/project.js';
import { finding, type Finding } from './finding.js';
import { filesBelow, moduleSources } from '../project/source-files.js';
import { positionAt, positionOf } from './text-position.js';

/** What each layer of ARCHITECTURE.md may know. The key is a module's path from the root, or its first folder. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  entry: ['features', 'common/ui', 'common/platform', 'common/core'],
  features: ['common/ui', 'common/core'],
  'common/ui': ['common/core'],
  'common/platform': ['common/core'],
  'common/core': [],
};

/** ohpm packages of the app, and the one layer that may import each. */
const OHPM_PACKAGES: Readonly<Record<string, string>> = {
  '@ohos/axios': 'common/platform',
  '@ohos/socketio': 'common/platform',
};
const TEST_PACKAGES = new Set(['@ohos/hypium', '@ohos/hamock']);

interface Import {
  readonly specifier: string;
  readonly offset: number;
}

export function importFindings(project: Project): Finding[] {
  return [
    ...project.modules.flatMap((module) => [
      ...dependencyArrows(project, module),
      ...moduleSources(module).flatMap((file) => sourceImports(project, module, file)),
    ]),
    ...serverImports(project),
  ];
}

function layerOf(project: Project, module: Module): string {
  const relative = path.relative(project.root, module.dir).split(path.sep).join('/');
  return relative.startsWith('features/') ? 'features' : relative;
}

function mayUse(project: Project, from: Module, to: Module): boolean {
  return (ALLOWED[layerOf(project, from)] ?? []).includes(layerOf(project, to));
}

/** The arrows of oh-package.json5, which decide what a module could import. */
function dependencyArrows(project: Project, module: Module): Finding[] {
  const file = path.join(module.dir, 'oh-package.json5');
  const findings: Finding[] = [];
  for (const name of Object.keys(module.dependencies)) {
    const place = positionOf(file, `'${name}'`, `"${name}"`);
    const target = project.modules.find((candidate) => candidate.ohName === name);
    if (target !== undefined && !mayUse(project, module, target)) {
      findings.push(
        finding(file, place, 'arrows/dependency', `${module.name} may not depend on ${target.name}`, ARROWS),
      );
    }
    if (target === undefined && OHPM_PACKAGES[name] !== layerOf(project, module)) {
      findings.push(finding(file, place, 'arrows/dependency', `${module.name} may not depend on '${name}'`, ARROWS));
    }
  }
  return findings;
}

const ARROWS = 'Arrows: entry > features > common/ui > common/core; entry > common/platform > common/core.';

function sourceImports(project: Project, module: Module, file: string): Finding[] {
  const text = readFileSync(file, 'utf8');
  const isOhosTest = file.includes(`${path.sep}ohosTest${path.sep}`);
  return importsOf(text).flatMap(({ specifier, offset }) => {
    const report = (rule: string, message: string, mend: string): Finding[] => [
      finding(file, positionAt(text, offset), rule, message, mend),
    ];
    const target = resolveImport(project, file, specifier);
    if (target === null) {
      // What leads nowhere at all is the compiler's to report.
      return specifier.startsWith('.') ? nearMiss(project.root, file, specifier, report) : [];
    }
    if (typeof target === 'string') {
      return fileImport(project, module, file, specifier, target, report);
    }
    if ('kit' in target || 'ohos' in target) {
      return layerOf(project, module) === 'common/core' && !isOhosTest
        ? report(
            'arrows/pure-core',
            `core may not import '${specifier}'`,
            'Put a port into core, the kit into platform.',
          )
        : [];
    }
    if (TEST_PACKAGES.has(target.package)) {
      return file.includes(`${path.sep}src${path.sep}main${path.sep}`)
        ? report('arrows/package', `'${specifier}' is for tests`, 'Import it from src/test only.')
        : [];
    }
    if (OHPM_PACKAGES[target.package] === layerOf(project, module)) {
      return target.package in module.dependencies
        ? []
        : report('structure/undeclared-dependency', `'${specifier}' is not in oh-package.json5`, 'Declare it there.');
    }
    return report('arrows/package', `${module.name} may not import '${specifier}'`, ARROWS);
  });
}

type Report = (rule: string, message: string, mend: string) => Finding[];

function fileImport(
  project: Project,
  module: Module,
  file: string,
  specifier: string,
  target: string,
  report: Report,
): Finding[] {
  if (!specifier.startsWith('.')) {
    const other = moduleOf(project, target);
    if (other === undefined || other === module) {
      return [];
    }
    if (!mayUse(project, module, other)) {
      return report('arrows/import', `${module.name} may not import ${other.name}`, ARROWS);
    }
    const isTesting = specifier === `${other.ohName}/${TESTING_ENTRY}`;
    if (isTesting && !file.includes(`${path.sep}src${path.sep}test${path.sep}`)) {
      return report('arrows/testing', `'${specifier}' is for tests`, 'Import it from src/test only.');
    }
    return other.ohName in module.dependencies
      ? []
      : report(
          'structure/undeclared-dependency',
          `'${specifier}' is not in oh-package.json5 of ${module.name}`,
          'Declare it there.',
        );
  }
  if (moduleOf(project, target) !== module) {
    return report(
      'structure/import-path',
      `'${specifier}' leaves the module (hvigor 00309001)`,
      'Import the other module by its oh-package name.',
    );
  }
  const spelled = spelledOnDisk(project.root, target);
  if (spelled !== null && spelled !== target) {
    return report(
      'structure/import-case',
      `'${specifier}': the file is ${quoteEnd(spelled)} (hvigor 00309003)`,
      'Match its case.',
    );
  }
  if (file.endsWith('.ts') && target.endsWith('.ets')) {
    return report(
      'arrows/ts-imports-ets',
      `a .ts file may not import '${specifier}', which is .ets`,
      'Make one of them the other.',
    );
  }
  return [];
}

function nearMiss(root: string, file: string, specifier: string, report: Report): Finding[] {
  const base = path.resolve(path.dirname(file), specifier);
  for (const candidate of [`${base}.ets`, `${base}.ts`, base]) {
    const spelled = spelledOnDisk(root, candidate);
    if (spelled !== null) {
      return spelled === base
        ? report('structure/import-case', `'${specifier}' is a folder (hvigor 00309003)`, 'Name the file.')
        : report(
            'structure/import-case',
            `'${specifier}': on disk it is ${quoteEnd(spelled)} (hvigor 00309003)`,
            'Match its case.',
          );
    }
  }
  return [];
}

/**
 * `file` as its folders spell it, null when there is none in any case. On a file system that ignores case a wrong one
 * would resolve; hvigor with caseSensitiveCheck refuses it everywhere.
 */
function spelledOnDisk(root: string, file: string): string | null {
  let found = root;
  for (const part of path.relative(root, file).split(path.sep)) {
    const names = readdirSync(found);
    const name = names.includes(part) ? part : names.find((other) => other.toLowerCase() === part.toLowerCase());
    if (name === undefined) {
      return null;
    }
    found = path.join(found, name);
    if (found.length < file.length && !statSync(found).isDirectory()) {
      return null;
    }
  }
  return found;
}

function quoteEnd(file: string): string {
  return `'${file.split(path.sep).slice(-2).join('/')}'`;
}

/** The server shares the wire format with the app and nothing else; its tests start programs as all tests do. */
function serverImports(project: Project): Finding[] {
  const wire = path.join(project.root, 'common/core/src/main/ets/wire') + path.sep;
  const server = path.join(project.root, 'server') + path.sep;
  const tests = path.join(server, 'test') + path.sep;
  const testTools = path.join(project.root, 'scripts/lib') + path.sep;
  return filesBelow(server, '.ts', '.mts', '.mjs').flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    const allowed = file.startsWith(tests) ? [server, wire, testTools] : [server, wire];
    return importsOf(text)
      .filter(({ specifier }) => {
        const target = path.resolve(path.dirname(file), specifier);
        return specifier.startsWith('.') && !allowed.some((folder) => target.startsWith(folder));
      })
      .map(({ specifier, offset }) =>
        finding(
          file,
          positionAt(text, offset),
          'arrows/server',
          `the server may not import '${specifier}'`,
          'It imports its own files and common/core/src/main/ets/wire; its tests also scripts/lib.',
        ),
      );
  });
}

function importsOf(text: string): Import[] {
  return ts
    .preProcessFile(text, true, true)
    .importedFiles.map(({ fileName, pos }) => ({ specifier: fileName, offset: pos }));
}
