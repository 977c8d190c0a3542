import { readFileSync } from 'node:fs';
import path from 'node:path';
import { withDependencies, type Module, type Project } from '../project/project.js';
import { finding, type Finding } from './finding.js';
import { readResources, type ResourceTable } from './resource-tables.js';
import { filesBelow, moduleSources } from '../project/source-files.js';
import { positionAt, positionOf } from './text-position.js';

/** Languages in which every text must exist besides `base`. */
const LANGUAGES = ['en_US', 'zh_CN'];
const TEXT_TYPES = new Set(['string', 'plural', 'strarray']);

export function resourceFindings(project: Project): Finding[] {
  const appDir = path.join(project.root, 'AppScope/resources');
  const app = readResources(appDir);
  const tables = new Map(project.modules.map((module) => [module, readResources(module.resourcesDir)]));
  return [
    ...[app, ...tables.values()].flatMap((table) => [...table.findings, ...qualifierFindings(table)]),
    ...duplicates(project, tables),
    ...jsonReferences(path.join(project.root, 'AppScope/app.json5'), [app], 'structure/file-missing'),
    ...layeredImages(appDir, [app]),
    ...project.modules.flatMap((module) => {
      const visible = visibleTables(project, module, tables, app);
      return [
        ...jsonReferences(path.join(module.dir, 'src/main/module.json5'), visible, 'structure/file-missing'),
        ...layeredImages(module.resourcesDir, visible),
        ...sourceReferences(module, visible),
      ];
    }),
  ];
}

/** A module sees its own resources and those of the HARs it depends on; only the HAP sees AppScope. */
function visibleTables(
  project: Project,
  module: Module,
  tables: Map<Module, ResourceTable>,
  app: ResourceTable,
): ResourceTable[] {
  const own = withDependencies(project, module).flatMap((one) => tables.get(one) ?? []);
  return module.type === 'entry' ? [...own, app] : own;
}

function qualifierFindings(table: ResourceTable): Finding[] {
  const keyOf = (type: string, name: string, qualifier: string): string => `${type}.${name} ${qualifier}`;
  const defined = new Set(table.entries.map((entry) => keyOf(entry.type, entry.name, entry.qualifier)));
  return table.entries.flatMap(({ type, name, qualifier, file }) => {
    const report = (rule: string, message: string, mend: string): Finding =>
      finding(file, positionOf(file, `"${name}"`), rule, message, mend);
    if (qualifier !== 'base') {
      return defined.has(keyOf(type, name, 'base'))
        ? []
        : [report('resources/no-base', `${type} '${name}' has no value in base`, 'Define it in base.')];
    }
    const missing = TEXT_TYPES.has(type)
      ? LANGUAGES.filter((language) => !defined.has(keyOf(type, name, language)))
      : [];
    return missing.map((language) =>
      report('resources/translation', `${type} '${name}' is missing in ${language}`, 'Add it.'),
    );
  });
}

/** All modules end up in one HAP: of two equal names one silently wins. */
function duplicates(project: Project, tables: Map<Module, ResourceTable>): Finding[] {
  const owners = new Map<string, Module>();
  const findings: Finding[] = [];
  for (const module of project.modules) {
    for (const entry of tables.get(module)?.entries.filter((one) => one.qualifier === 'base') ?? []) {
      const key = `${entry.type}.${entry.name}`;
      const owner = owners.get(key) ?? module;
      owners.set(key, owner);
      // Profiles are read from their own module only.
      if (owner !== module && entry.type !== 'profile') {
        findings.push(
          finding(
            entry.file,
            positionOf(entry.file, `"${entry.name}"`),
            'resources/duplicate-name',
            `${entry.type} '${entry.name}' exists in ${owner.name} too`,
            'Prefix it with the name of its module.',
          ),
        );
      }
    }
  }
  return findings;
}

/** `$string:x`, `$media:x`, `$color:x`, `$profile:x` anywhere in a JSON file. */
function jsonReferences(file: string, visible: readonly ResourceTable[], rule: string): Finding[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/['"]\$(\w+):([\w.]+)['"]/g)]
    .filter((match) => !visible.some((table) => table.has(match[1] ?? '', match[2] ?? '')))
    .map((match) =>
      finding(
        file,
        positionAt(text, match.index + 1),
        rule,
        `'$${match[1]}:${match[2]}' is not defined`,
        'Add the resource.',
      ),
    );
}

function layeredImages(resourcesDir: string, visible: readonly ResourceTable[]): Finding[] {
  return filesBelow(resourcesDir, '.json')
    .filter((file) => path.basename(path.dirname(file)) === 'media')
    .flatMap((file) => jsonReferences(file, visible, 'structure/file-missing'));
}

function sourceReferences(module: Module, visible: readonly ResourceTable[]): Finding[] {
  return moduleSources(module).flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    const findings: Finding[] = [];
    for (const match of text.matchAll(/\$r\(\s*(?:'([^']*)'|"([^"]*)"|([^'"\s)][^)]*))/g)) {
      const name = match[1] ?? match[2];
      const [scope = '', type = '', ...rest] = (name ?? '').split('.');
      const place = positionAt(text, match.index);
      if (name === undefined) {
        findings.push(
          finding(file, place, 'resources/literal', '$r takes a literal: tools look names up', 'Write it out.'),
        );
      } else if (scope === 'app' && !visible.some((table) => table.has(type, rest.join('.')))) {
        findings.push(
          finding(
            file,
            place,
            'resources/undefined',
            `'${name}' is defined in no module that ${module.name} sees`,
            'Define it.',
          ),
        );
      } else if (scope !== 'app' && scope !== 'sys') {
        findings.push(finding(file, place, 'resources/undefined', `'${name}': expected app.<type>.<name> or sys.…`));
      }
    }
    for (const match of text.matchAll(/\$rawfile\(\s*'([^']*)'/g)) {
      if (
        filesBelow(path.join(module.resourcesDir, 'rawfile'), `/${match[1] ?? ''}`.replace(/^.*\//, '')).length === 0
      ) {
        findings.push(
          finding(
            file,
            positionAt(text, match.index),
            'resources/undefined',
            `rawfile '${match[1]}' is missing`,
            'Add it.',
          ),
        );
      }
    }
    return findings;
  });
}
