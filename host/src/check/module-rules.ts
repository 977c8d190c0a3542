import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { listAt, objectAt, readJson5, stringAt, type JsonObject } from '../project/json5-file.js';
import { profileFile, type Module, type Project } from '../project/project.js';
import { finding, type Finding } from './finding.js';
import { missingFile } from './missing-file.js';
import { positionOf } from './text-position.js';

const ARKTS_KEYWORDS = new Set([
  'any',
  'as',
  'boolean',
  'break',
  'case',
  'catch',
  'class',
  'const',
  'continue',
  'default',
  'do',
  'else',
  'enum',
  'export',
  'extends',
  'false',
  'finally',
  'for',
  'function',
  'if',
  'implements',
  'import',
  'in',
  'instanceof',
  'interface',
  'let',
  'new',
  'null',
  'number',
  'package',
  'private',
  'protected',
  'public',
  'return',
  'static',
  'string',
  'struct',
  'super',
  'switch',
  'this',
  'throw',
  'true',
  'try',
  'type',
  'undefined',
  'void',
  'while',
]);

export function moduleFindings(project: Project, module: Module): Finding[] {
  return [
    ...packageFindings(module),
    ...moduleJsonFindings(project, module),
    ...hvigorfileFindings(module),
    ...obfuscationFindings(module),
    ...routeFindings(module),
  ];
}

function packageFindings(module: Module): Finding[] {
  const file = path.join(module.dir, 'oh-package.json5');
  const findings: Finding[] = [];
  const part = '[a-z][a-z0-9_-]*';
  const isName =
    new RegExp(`^(@${part}/)?[a-z][a-z0-9._-]*$`).test(module.ohName) && !/[-_.]($|\/)/.test(module.ohName);
  if (!isName || ARKTS_KEYWORDS.has(module.ohName)) {
    findings.push(
      finding(
        file,
        positionOf(file, 'name:', '"name"'),
        'structure/package-name',
        `'${module.ohName}': expected pkg or @group/pkg in lower case, no keyword, no trailing sign`,
        'Rename the package.',
      ),
    );
  }
  if (!/^\d+\.\d+\.\d+/.test(stringAt(readJson5(file), 'version'))) {
    findings.push(
      finding(
        file,
        positionOf(file, 'version:', '"version"'),
        'structure/package-version',
        'version: expected semver (hvigor 00303146)',
        'Mend it.',
      ),
    );
  }
  if (module.type === 'har' && module.main === '') {
    findings.push(
      finding(
        file,
        positionOf(file, 'main:'),
        'structure/file-missing',
        'a HAR needs a main (hvigor 00304003)',
        'Name it.',
      ),
    );
  }
  if (module.main !== '') {
    findings.push(...missingFile(module.main, file, path.basename(module.main), '00304003'));
  }
  for (const [key, version] of Object.entries(module.dependencies)) {
    if (!version.startsWith('file:')) {
      continue;
    }
    const target = path.resolve(module.dir, version.slice('file:'.length));
    const actual = existsSync(path.join(target, 'oh-package.json5'))
      ? stringAt(readJson5(path.join(target, 'oh-package.json5')), 'name')
      : '';
    if (actual !== key) {
      findings.push(
        finding(
          file,
          positionOf(file, `'${key}'`, `"${key}"`),
          'structure/dependency-key',
          `'${key}' leads to ${actual === '' ? 'no package' : `package '${actual}'`} (hvigor 00309002)`,
          'Key and package name must be equal.',
        ),
      );
    }
  }
  return findings;
}

function moduleJsonFindings(project: Project, module: Module): Finding[] {
  const file = path.join(module.dir, 'src/main/module.json5');
  const json = module.moduleJson;
  const findings: Finding[] = [];
  const report = (needle: string, rule: string, message: string, mend: string): void => {
    findings.push(finding(file, positionOf(file, needle), `structure/${rule}`, message, mend));
  };
  if (module.type === 'har') {
    if (json['pages'] !== undefined) {
      report('pages', 'har-pages', 'a HAR cannot declare pages', 'Move them to entry, or use a route map.');
    }
    const own = new Set(json['deviceTypes'] as string[] | undefined);
    const entry = project.modules.find((candidate) => candidate.type === 'entry');
    const missing = ((entry?.moduleJson['deviceTypes'] ?? []) as string[]).filter((device) => !own.has(device));
    if (missing.length > 0) {
      report(
        'deviceTypes',
        'device-types',
        `${missing.join(', ')} of entry is missing (hvigor 00306027)`,
        'Cover the HAP.',
      );
    }
    return findings;
  }
  const mainElement = stringAt(json, 'mainElement');
  const abilities = listAt(json, 'abilities');
  if (!abilities.some((ability) => stringAt(ability, 'name') === mainElement)) {
    report('mainElement', 'app-icon', `mainElement '${mainElement}' is none of the abilities`, 'Name an ability.');
  }
  for (const ability of abilities) {
    for (const key of ['icon', 'label', 'startWindowIcon', 'startWindowBackground']) {
      if (!stringAt(ability, key).startsWith('$')) {
        report(
          stringAt(ability, 'name'),
          'app-icon',
          `ability ${stringAt(ability, 'name')} needs ${key}`,
          'Reference a resource.',
        );
      }
    }
  }
  for (const element of [...abilities, ...listAt(json, 'extensionAbilities')]) {
    const srcEntry = stringAt(element, 'srcEntry');
    findings.push(...missingFile(path.join(module.dir, 'src/main', srcEntry), file, srcEntry, '00303020'));
  }
  return [...findings, ...permissionFindings(file, json), ...pageFindings(module)];
}

function permissionFindings(file: string, json: JsonObject): Finding[] {
  const names = listAt(json, 'requestPermissions').map((permission) => stringAt(permission, 'name'));
  return names
    .filter((name, index) => names.indexOf(name) !== index)
    .map((name) =>
      finding(
        file,
        positionOf(file, name),
        'structure/permission',
        `'${name}' is asked for twice (hvigor 00303059)`,
        'Keep one.',
      ),
    );
}

function pageFindings(module: Module): Finding[] {
  const file = profileFile(module, 'pages');
  if (file === null || !existsSync(file)) {
    return [];
  }
  const pages = readJson5(file)['src'];
  return (Array.isArray(pages) ? pages : []).flatMap((page: unknown) =>
    missingFile(path.join(module.etsDir, `${String(page)}.ets`), file, String(page), '00304008'),
  );
}

function hvigorfileFindings(module: Module): Finding[] {
  const file = path.join(module.dir, 'hvigorfile.ts');
  const tasks = module.type === 'entry' ? 'hapTasks' : 'harTasks';
  if (!existsSync(file)) {
    return missingFile(file, path.join(module.dir, 'oh-package.json5'), '', '00303148');
  }
  return readFileSync(file, 'utf8').includes(tasks)
    ? []
    : [
        finding(
          file,
          1,
          'structure/hvigor-tasks',
          `expected ${tasks} for a module of type ${module.type} (hvigor 00303198)`,
          'Import it.',
        ),
      ];
}

function obfuscationFindings(module: Module): Finding[] {
  const file = path.join(module.dir, 'build-profile.json5');
  const findings: Finding[] = [];
  for (const option of listAt(readJson5(file), 'buildOptionSet')) {
    const obfuscation = objectAt(objectAt(option, 'arkOptions'), 'obfuscation');
    const files = [objectAt(obfuscation, 'ruleOptions')['files'], obfuscation['consumerFiles']].flat();
    for (const name of files.filter((one): one is string => typeof one === 'string')) {
      findings.push(...missingFile(path.join(module.dir, name), file, name, '00304036'));
    }
  }
  return findings;
}

function routeFindings(module: Module): Finding[] {
  const map = profileFile(module, 'routerMap');
  // That the file exists is a rule of resource references.
  if (map === null || !existsSync(map)) {
    return [];
  }
  const findings: Finding[] = [];
  for (const route of listAt(readJson5(map), 'routerMap')) {
    const source = stringAt(route, 'pageSourceFile');
    const name = stringAt(route, 'name');
    const builder = stringAt(route, 'buildFunction');
    const report = (message: string, mend: string): void => {
      findings.push(finding(map, positionOf(map, `"${source}"`, `"${name}"`), 'structure/route-map', message, mend));
    };
    const target = path.join(module.dir, source);
    if (!source.startsWith('src/')) {
      report(
        `route '${name}': pageSourceFile '${source}' must start with src/ (hvigor 00303104)`,
        'Start it with src/main/ets.',
      );
    } else if (!existsSync(target)) {
      report(`route '${name}': '${source}' is missing`, 'Create the page.');
    } else if (!new RegExp(`@Builder\\s+export function ${builder}\\s*\\(`).test(readFileSync(target, 'utf8'))) {
      report(`route '${name}': '${source}' exports no '@Builder export function ${builder}'`, 'Export the builder.');
    }
  }
  return findings;
}
