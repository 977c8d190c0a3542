import ts from 'ohos-typescript';
import { resolveImport, type Project } from '../project/project.js';
import { faultAt, type EtsSource } from './ets-source.js';
import type { Fault } from './fault.js';
import { kitExport, kitFile, kitMembers, type KitMember } from './kits.js';
import type { Names } from './names.js';
import type { Registry } from './registry.js';

/** `import { exported as local } from module` */
export interface ImportLine {
  readonly module: string;
  readonly exported: string;
  readonly local: string;
}

export interface ImportPlan {
  /** Import declarations that are replaced, by position. */
  readonly replaced: ReadonlyMap<number, readonly ImportLine[]>;
  readonly faults: readonly Fault[];
}

/**
 * Leads imports of kits and ohpm packages to the host's own modules. What is used only as a type needs none. A value that
 * the host does not have is a fault, and so is a member of it.
 */
export async function planImports(
  project: Project,
  registry: Registry,
  source: EtsSource,
  names: Names,
): Promise<ImportPlan> {
  const replaced = new Map<number, ImportLine[]>();
  const faults: Fault[] = [];
  const report = (node: ts.Node, text: string): void => {
    faults.push(faultAt(source, node.getStart(source.tree), text));
  };
  for (const statement of source.tree.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) {
      continue;
    }
    const specifier = statement.moduleSpecifier.text;
    const target = resolveImport(project, source.path, specifier);
    if (target === null) {
      report(statement.moduleSpecifier, `'${specifier}' leads to no file or module of this project`);
      continue;
    }
    // Tests may keep what they decorate in one file with what they assert; the test runner brings the real hypium.
    if (typeof target === 'string' || ('package' in target && target.package === '@ohos/hypium')) {
      continue;
    }
    const lines: ImportLine[] = [];
    for (const { imported, local } of importedNames(statement)) {
      const uses = names.uses.filter((use) => use.name === local.text);
      if (uses.length === 0) {
        continue;
      }
      const member = memberOf(specifier, imported);
      if (typeof member === 'string') {
        report(local, member);
        continue;
      }
      const file = kitFile(registry, member.module);
      if (file === null) {
        report(local, `the host does not implement '${member.module}' (${imported} of ${specifier})`);
        continue;
      }
      const found = await kitExport(file, member.exported);
      if (!found.isPresent) {
        report(local, `the host does not implement '${imported}' of '${member.module}'`);
        continue;
      }
      lines.push({ module: file, exported: member.exported, local: local.text });
      const value = found.value;
      for (const use of uses) {
        const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
        if (use.member !== null && isObject && !(use.member.text in value)) {
          report(use.member, `the host does not implement '${local.text}.${use.member.text}' of '${member.module}'`);
        }
      }
    }
    replaced.set(statement.pos, lines);
  }
  return { replaced, faults };
}

function memberOf(specifier: string, imported: string): KitMember | string {
  if (!specifier.startsWith('@kit.')) {
    return { module: specifier, exported: imported };
  }
  const members = kitMembers(specifier);
  if (members === null) {
    return `the SDK has no kit '${specifier}'`;
  }
  return members.get(imported) ?? `'${specifier}' has no member '${imported}'`;
}

interface ImportedName {
  readonly imported: string;
  readonly local: ts.Identifier;
}

function importedNames(statement: ts.ImportDeclaration): ImportedName[] {
  const clause = statement.importClause;
  const found: ImportedName[] = [];
  if (clause === undefined || clause.isTypeOnly) {
    return found;
  }
  if (clause.name !== undefined) {
    found.push({ imported: 'default', local: clause.name });
  }
  if (clause.namedBindings !== undefined && ts.isNamedImports(clause.namedBindings)) {
    for (const element of clause.namedBindings.elements) {
      found.push({ imported: (element.propertyName ?? element.name).text, local: element.name });
    }
  } else if (clause.namedBindings !== undefined) {
    found.push({ imported: '*', local: clause.namedBindings.name });
  }
  return found;
}
