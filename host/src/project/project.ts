import { existsSync } from 'node:fs';
import path from 'node:path';
import { isObject, listAt, objectAt, readJson5, stringAt, type JsonObject } from './json5-file.js';

export interface Module {
  /** module.json5's `module.name`, which hvigor wants equal to the name in build-profile.json5. */
  readonly name: string;
  /** Absolute. */
  readonly dir: string;
  readonly type: 'entry' | 'har';
  /** The oh-package name, which is the specifier that other modules import. */
  readonly ohName: string;
  /** Absolute path of what `main` names, '' when the package has none. */
  readonly main: string;
  readonly dependencies: Readonly<Record<string, string>>;
  /** The `module` object of module.json5. */
  readonly moduleJson: JsonObject;
  readonly etsDir: string;
  readonly resourcesDir: string;
}

export interface Project {
  /** Absolute. */
  readonly root: string;
  /** The `app` object of AppScope/app.json5. */
  readonly app: JsonObject;
  readonly modules: readonly Module[];
  module(name: string): Module;
}

export type ImportTarget = string | { kit: string } | { ohos: string } | { package: string };

/** Reads the DevEco project at `root` (or the module list of its build-profile.json5, which is the same thing). */
export function loadProject(root: string): Project {
  const absolute = path.resolve(root);
  const profile = readJson5(path.join(absolute, 'build-profile.json5'));
  const modules = listAt(profile, 'modules').map((entry) => loadModule(absolute, stringAt(entry, 'srcPath')));
  return {
    root: absolute,
    app: objectAt(readJson5(path.join(absolute, 'AppScope/app.json5')), 'app'),
    modules,
    module(name: string): Module {
      const found = modules.find((module) => module.name === name);
      if (found === undefined) {
        throw new Error(`no module '${name}': build-profile.json5 has ${modules.map((m) => m.name).join(', ')}`);
      }
      return found;
    },
  };
}

/** The second public file of a module beside Index.ets: fakes for the tests of other modules, `@group/pkg/Testing`. */
export const TESTING_ENTRY = 'Testing';

/**
 * Where an import of `fromFile` leads: an absolute file, or what is outside the project. Null when it leads nowhere.
 * A folder is never an answer: with caseSensitiveCheck hvigor resolves folders only to a lower-case index.ets.
 */
export function resolveImport(project: Project, fromFile: string, specifier: string): ImportTarget | null {
  if (specifier.startsWith('.')) {
    const base = path.resolve(path.dirname(fromFile), specifier);
    return [`${base}.ets`, `${base}.ts`, base].find((file) => existsSync(file) && path.extname(file) !== '') ?? null;
  }
  const offered = project.modules.find((candidate) => specifier === `${candidate.ohName}/${TESTING_ENTRY}`);
  if (offered !== undefined) {
    const file = path.join(offered.dir, `${TESTING_ENTRY}.ets`);
    return existsSync(file) ? file : null;
  }
  const module = project.modules.find((candidate) => candidate.ohName === specifier);
  if (module !== undefined) {
    return module.main === '' ? null : module.main;
  }
  if (specifier.startsWith('@kit.')) {
    return { kit: specifier };
  }
  if (specifier.startsWith('@ohos.') || specifier.startsWith('@system.')) {
    return { ohos: specifier };
  }
  return path.isAbsolute(specifier) ? null : { package: specifier };
}

/** The module whose folder holds `file`, if any. */
export function moduleOf(project: Project, file: string): Module | undefined {
  return project.modules.find((module) => file.startsWith(module.dir + path.sep));
}

/** The module and the modules of the project that it depends on, directly or through others. */
export function withDependencies(project: Project, module: Module): Module[] {
  const reached = new Set<Module>([module]);
  for (const current of reached) {
    for (const name of Object.keys(current.dependencies)) {
      const target = project.modules.find((candidate) => candidate.ohName === name);
      if (target !== undefined) {
        reached.add(target);
      }
    }
  }
  return [...reached];
}

/** The file of `$profile:name` under `key` of module.json5, which need not exist; null where the key is absent. */
export function profileFile(module: Module, key: 'pages' | 'routerMap'): string | null {
  const reference = stringAt(module.moduleJson, key);
  return reference === ''
    ? null
    : path.join(module.resourcesDir, 'base/profile', `${reference.replace('$profile:', '')}.json`);
}

function loadModule(root: string, srcPath: string): Module {
  const dir = path.join(root, srcPath);
  const ohPackage = readJson5(path.join(dir, 'oh-package.json5'));
  const moduleJson = objectAt(readJson5(path.join(dir, 'src/main/module.json5')), 'module');
  const main = stringAt(ohPackage, 'main');
  return {
    name: stringAt(moduleJson, 'name'),
    dir,
    type: stringAt(moduleJson, 'type') === 'entry' ? 'entry' : 'har',
    ohName: stringAt(ohPackage, 'name'),
    main: main === '' ? '' : path.join(dir, main),
    dependencies: stringRecord(ohPackage['dependencies']),
    moduleJson,
    etsDir: path.join(dir, 'src/main/ets'),
    resourcesDir: path.join(dir, 'src/main/resources'),
  };
}

function stringRecord(value: unknown): Record<string, string> {
  if (!isObject(value)) {
    return {};
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, String(item)]));
}
