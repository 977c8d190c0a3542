import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { register, type NamespacedUnregister } from 'tsx/esm/api';

/** Where the browser side of the host is; tests give a small one of their own. */
export interface HostDirs {
  /** Holds components/index.ts with the records `components` and `globals`, and boot.ts. */
  readonly runtime: string;
  /** May hold globals.ts with a record `globals`, for global functions such as getContext. */
  readonly kits: string;
}

const SOURCE = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

export const HOST_DIRS: HostDirs = { runtime: path.join(SOURCE, 'runtime'), kits: path.join(SOURCE, 'kits') };

type ClassOf = new () => object;

/** A global of ArkUI: the module that has it, and the name of the record there. */
export interface GlobalSource {
  readonly module: string;
  readonly exported: string;
}

/** Carries attributes chained on a custom component, as ArkUI's node of that name does. */
export const COMMON = '__Common__';

/** What the runtime implements; anything else in a page is a build error. */
export interface Registry {
  readonly dirs: HostDirs;
  readonly coreModule: string;
  readonly componentsModule: string;
  hasComponent(name: string): boolean;
  /** Attributes of a component: every method of its class above UINode. */
  hasAttribute(component: string, attribute: string): boolean;
  global(name: string): GlobalSource | undefined;
}

/** Hooks between core and a component; they are methods, but no attributes. */
const HOOKS: ReadonlySet<string> = new Set([
  'constructor',
  'create',
  'childAttached',
  'childDetached',
  'afterUpdate',
  'mounted',
  'disposed',
  'detachElement',
  'mountLazy',
  'invalidate',
  'bindRerun',
  'content',
]);

export async function loadRegistry(dirs: HostDirs = HOST_DIRS): Promise<Registry> {
  const componentsModule = path.join(dirs.runtime, 'components/index.ts');
  const index = await load(componentsModule);
  const components = recordIn(index, 'components', componentsModule) as Record<string, ClassOf>;
  const globals = new Map<string, GlobalSource>();
  const addRecord = (module: string, namespace: Readonly<Record<string, unknown>>, exported: string): void => {
    for (const name of Object.keys(recordIn(namespace, exported, module))) {
      globals.set(name, { module, exported });
    }
  };
  addRecord(componentsModule, index, 'globals');
  const kitGlobals = path.join(dirs.kits, 'globals.ts');
  if (existsSync(kitGlobals)) {
    addRecord(kitGlobals, await load(kitGlobals), 'globals');
  }
  return {
    dirs,
    coreModule: path.join(HOST_DIRS.runtime, 'core/index.ts'),
    componentsModule,
    hasComponent: (name) => Object.hasOwn(components, name),
    hasAttribute: (component, attribute) => hasMethod(components[component], attribute),
    global: (name) => globals.get(name),
  };
}

let typeScript: NamespacedUnregister | undefined;

/** A module of the host, run in Node from its source, whatever runs this one: it touches no document while it loads. */
export async function load(file: string): Promise<Readonly<Record<string, unknown>>> {
  typeScript ??= register({ namespace: 'host' });
  return (await typeScript.import(pathToFileURL(file).href, import.meta.url)) as Readonly<Record<string, unknown>>;
}

function recordIn(namespace: Readonly<Record<string, unknown>>, exported: string, module: string): object {
  const record = namespace[exported];
  if (typeof record !== 'object' || record === null) {
    throw new Error(`${module} must export the record '${exported}', got ${typeof record}`);
  }
  return record;
}

function hasMethod(Component: ClassOf | undefined, name: string): boolean {
  if (Component === undefined || HOOKS.has(name)) {
    return false;
  }
  for (
    let at = Component.prototype as object;
    at !== null && at !== Object.prototype;
    at = Object.getPrototypeOf(at) as object
  ) {
    if (at.constructor.name === 'UINode') {
      return false;
    }
    if (typeof Object.getOwnPropertyDescriptor(at, name)?.value === 'function') {
      return true;
    }
  }
  return false;
}
