import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { declaredComponents, SDK_DIR } from '../project/sdk.js';
import { faultAt, type EtsSource } from './ets-source.js';
import type { Fault } from './fault.js';
import type { ImportLine } from './imports.js';
import type { Names } from './names.js';
import type { Registry } from './registry.js';

/** Decorators of State Management V2 that stand on members of a struct. */
export const STATE_DECORATORS: readonly string[] = [
  'Local',
  'Param',
  'Once',
  'Event',
  'Provider',
  'Consumer',
  'Require',
  'Monitor',
  'Computed',
  'BuilderParam',
];

/** What core gives every file: the decorators of State Management V2 and what goes with them. */
const CORE_GLOBALS: readonly string[] = [...STATE_DECORATORS, 'ObservedV2', 'Trace', 'wrapBuilder'];

/** Read by the compiler itself, gone from what it emits. */
const COMPILED_AWAY: ReadonlySet<string> = new Set([
  'Entry',
  'ComponentV2',
  'Preview',
  'Builder',
  'LocalBuilder',
  'Extend',
  'Styles',
  '$r',
  '$rawfile',
  'ForEach',
  'LazyForEach',
  'Repeat',
  '$$this',
]);

export interface RecordGlobal {
  readonly module: string;
  readonly exported: string;
  readonly names: readonly string[];
}

export interface GlobalPlan {
  readonly imports: readonly ImportLine[];
  readonly records: readonly RecordGlobal[];
  readonly faults: readonly Fault[];
}

/** Finds where the globals that a file uses come from. One that the SDK declares and the host lacks is a fault. */
export function planGlobals(registry: Registry, source: EtsSource, names: Names): GlobalPlan {
  const imports = new Map<string, ImportLine>();
  const records = new Map<string, { module: string; exported: string; names: Set<string> }>();
  const faults: Fault[] = [];
  for (const { name, node } of names.uses) {
    if (names.declared.has(name) || COMPILED_AWAY.has(name) || declaredComponents().includes(name)) {
      continue;
    }
    const found = registry.global(name);
    if (CORE_GLOBALS.includes(name)) {
      imports.set(name, { module: registry.coreModule, exported: name, local: name });
    } else if (found === undefined) {
      if (sdkGlobals().has(name) && !(name in globalThis)) {
        faults.push(faultAt(source, node.getStart(source.tree), `the host does not implement the global '${name}'`));
      }
    } else {
      const id = `${found.module}#${found.exported}`;
      const record = records.get(id) ?? { module: found.module, exported: found.exported, names: new Set<string>() };
      record.names.add(name);
      records.set(id, record);
    }
  }
  return {
    imports: [...imports.values()],
    records: [...records.values()].map((record) => ({ ...record, names: [...record.names] })),
    faults,
  };
}

let cached: ReadonlySet<string> | undefined;

/** Every global value of ArkUI. */
function sdkGlobals(): ReadonlySet<string> {
  if (cached === undefined) {
    const names = new Set<string>();
    const files = readdirSync(path.join(SDK_DIR, 'component')).map((file) => path.join(SDK_DIR, 'component', file));
    for (const file of [...files, path.join(SDK_DIR, 'global.d.ts')]) {
      for (const match of readFileSync(file, 'utf8').matchAll(DECLARATION)) {
        names.add(match[1] ?? '');
      }
    }
    cached = names;
  }
  return cached;
}

const DECLARATION =
  /^\s*(?:export\s+)?declare\s+(?:const\s+enum|abstract\s+class|enum|class|const|let|var|function)\s+([\w$]+)/gm;
