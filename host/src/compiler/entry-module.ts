import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'ohos-typescript';
import { listAt, readJson5, stringAt } from '../project/json5-file.js';
import { profileFile, type Module, type Project } from '../project/project.js';
import { decoratorNames, parseEts } from './ets-source.js';
import type { Fault } from './fault.js';
import { HOST_DIRS, type HostDirs } from './registry.js';
import type { ResourceIndex } from './resources.js';

/** Name under which every compiled page exports its @Entry struct. */
export const ENTRY_EXPORT = '__entry';

export interface EntryModule {
  readonly code: string;
  readonly faults: readonly Fault[];
}

/** What starts the app: the ability, the pages, the routes of every module and the resources, all given to boot(). */
export function makeEntryModule(project: Project, resources: ResourceIndex, dirs: HostDirs = HOST_DIRS): EntryModule {
  return new EntryWriter(project, resources, dirs).write();
}

class EntryWriter {
  private readonly faults: Fault[] = [];
  private readonly imports: string[] = [];

  constructor(
    private readonly project: Project,
    private readonly resources: ResourceIndex,
    private readonly dirs: HostDirs,
  ) {}

  write(): EntryModule {
    const entry = this.project.modules.find((module) => module.type === 'entry');
    if (entry === undefined) {
      this.faults.push({ file: 'build-profile.json5', line: 0, column: 0, text: 'no module of type entry' });
      return { code: '', faults: this.faults };
    }
    const abilityName = stringAt(entry.moduleJson, 'mainElement');
    const options = [
      `ability: ${this.ability(entry, abilityName)}`,
      `abilityName: ${JSON.stringify(abilityName)}`,
      `entryModule: ${JSON.stringify(entry.name)}`,
      `app: ${JSON.stringify(this.project.app)}`,
      `modules: ${JSON.stringify(this.project.modules.map((module) => module.moduleJson))}`,
      `pages: {${this.pages(entry).join(', ')}}`,
      `routes: {${this.project.modules.flatMap((module) => this.routes(module)).join(', ')}}`,
      `resources: ${JSON.stringify(this.resources.tables)}`,
    ];
    const boot = `import { boot } from ${JSON.stringify(path.join(this.dirs.runtime, 'boot.ts'))};`;
    return {
      code: [boot, ...this.imports, `boot({\n  ${options.join(',\n  ')},\n});`, ''].join('\n'),
      faults: this.faults,
    };
  }

  private ability(entry: Module, name: string): string {
    const ability = listAt(entry.moduleJson, 'abilities').find((candidate) => stringAt(candidate, 'name') === name);
    const file = path.join(entry.dir, 'src/main', stringAt(ability ?? {}, 'srcEntry'));
    if (ability === undefined || !existsSync(file)) {
      this.fault(
        path.join(entry.dir, 'src/main/module.json5'),
        `mainElement '${name}' names no ability with a srcEntry file`,
      );
      return 'null';
    }
    return this.import('default', file, 'ability');
  }

  private pages(entry: Module): string[] {
    const file = this.existingProfile(entry, 'pages');
    if (file === null) {
      return [];
    }
    const { src } = readJson5(file);
    return (Array.isArray(src) ? src : []).flatMap((page, index) => {
      const source = path.join(entry.etsDir, `${String(page)}.ets`);
      if (!existsSync(source)) {
        this.fault(file, `page '${String(page)}' has no file ${path.relative(this.project.root, source)}`);
        return [];
      }
      if (!hasEntry(source)) {
        this.fault(source, 'is a page, but has no struct with @Entry');
        return [];
      }
      const local = this.import(ENTRY_EXPORT, source, `page${index}`);
      return [`${JSON.stringify(page)}: { ${ENTRY_EXPORT}: ${local} }`];
    });
  }

  private routes(module: Module): string[] {
    const file = this.existingProfile(module, 'routerMap');
    if (file === null) {
      return [];
    }
    return listAt(readJson5(file), 'routerMap').flatMap((route) => {
      const name = stringAt(route, 'name');
      const builder = stringAt(route, 'buildFunction');
      const source = path.join(module.dir, stringAt(route, 'pageSourceFile'));
      if (!existsSync(source)) {
        this.fault(file, `route '${name}': no file '${stringAt(route, 'pageSourceFile')}'`);
        return [];
      }
      if (!exportsBuilder(source, builder)) {
        this.fault(
          file,
          `route '${name}': '${builder}' is not an exported @Builder function of ${stringAt(route, 'pageSourceFile')}`,
        );
        return [];
      }
      return [`${JSON.stringify(name)}: ${this.import(builder, source, 'route')}`];
    });
  }

  private existingProfile(module: Module, key: 'pages' | 'routerMap'): string | null {
    const file = profileFile(module, key);
    if (file !== null && !existsSync(file)) {
      const reference = stringAt(module.moduleJson, key);
      this.fault(path.join(module.dir, 'src/main/module.json5'), `${key} '${reference}' has no file`);
      return null;
    }
    return file;
  }

  private import(exported: string, file: string, prefix: string): string {
    const local = `${prefix}_${this.imports.length}`;
    this.imports.push(`import { ${exported} as ${local} } from ${JSON.stringify(file)};`);
    return local;
  }

  private fault(file: string, text: string): void {
    this.faults.push({ file: path.relative(this.project.root, file), line: 0, column: 0, text });
  }
}

function hasEntry(file: string): boolean {
  const { tree } = parseEts(file, file, readFileSync(file, 'utf8'));
  return tree.statements.some(
    (statement) => ts.isStructDeclaration(statement) && decoratorNames(statement).includes('Entry'),
  );
}

function exportsBuilder(file: string, name: string): boolean {
  const { tree } = parseEts(file, file, readFileSync(file, 'utf8'));
  return tree.statements.some(
    (statement) =>
      ts.isFunctionDeclaration(statement) &&
      statement.name?.text === name &&
      decoratorNames(statement).includes('Builder') &&
      (statement.modifiers ?? []).some((item) => item.kind === ts.SyntaxKind.ExportKeyword),
  );
}
