import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'ohos-typescript';
import { SDK_DIR } from '../project/sdk.js';
import { load, type Registry } from './registry.js';

/** Where a name of a kit really comes from. */
export interface KitMember {
  /** `@ohos.net.http` */
  readonly module: string;
  /** Its export: `default` or a name. */
  readonly exported: string;
}

const kits = new Map<string, ReadonlyMap<string, KitMember> | null>();

/** The members of `@kit.X` as the SDK lists them; null when the SDK has no such kit. */
export function kitMembers(kit: string): ReadonlyMap<string, KitMember> | null {
  let members = kits.get(kit);
  if (members === undefined) {
    const file = path.join(SDK_DIR, 'kits', `${kit}.d.ets`);
    members = existsSync(file) ? readKit(readFileSync(file, 'utf8')) : null;
    kits.set(kit, members);
  }
  return members;
}

function readKit(text: string): ReadonlyMap<string, KitMember> {
  const members = new Map<string, KitMember>();
  const tree = ts.createSourceFile('kit.d.ts', text, ts.ScriptTarget.ES2021, true, ts.ScriptKind.TS);
  for (const statement of tree.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) {
      continue;
    }
    const module = statement.moduleSpecifier.text;
    const clause = statement.importClause;
    if (clause?.name !== undefined) {
      members.set(clause.name.text, { module, exported: 'default' });
    }
    if (clause?.namedBindings !== undefined && ts.isNamedImports(clause.namedBindings)) {
      for (const element of clause.namedBindings.elements) {
        members.set(element.name.text, { module, exported: (element.propertyName ?? element.name).text });
      }
    }
  }
  return members;
}

/** The host's file for `@ohos.x` or an ohpm package; null when there is none. */
export function kitFile(registry: Registry, module: string): string | null {
  const name = module.startsWith('@ohos/')
    ? path.join('pkg', `${module.slice('@ohos/'.length)}.ts`)
    : `${module.slice(1)}.ts`;
  const file = path.join(registry.dirs.kits, name);
  return existsSync(file) ? file : null;
}

export interface KitExport {
  readonly isPresent: boolean;
  readonly value: unknown;
}

export async function kitExport(file: string, exported: string): Promise<KitExport> {
  const namespace = await load(file);
  return { isPresent: exported in namespace, value: namespace[exported] };
}
