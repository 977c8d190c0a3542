import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { ELEMENT_TYPES, isElementType, type ElementType } from '../project/element-types.js';
import { isObject, listAt, readJson5, type JsonObject } from '../project/json5-file.js';
import type { Project } from '../project/project.js';
import { parseQualifiers } from '../runtime/core/qualifiers.js';
import { emptyTables, type ResourceTables, type ResourceType } from '../runtime/core/resources.js';
import { hasSystemColor } from '../runtime/core/system-colors.js';
import type { Fault } from './fault.js';

/** A file that the built page loads by address. */
export interface CopiedFile {
  readonly from: string;
  /** Below the output folder. */
  readonly to: string;
}

export interface ResourceIndex {
  readonly tables: ResourceTables;
  readonly copies: readonly CopiedFile[];
  readonly faults: readonly Fault[];
  /** Every file that went in, for watching. */
  readonly files: readonly string[];
  /** What is wrong with `app.string.title` or `sys.color.brand`; null when nothing is. */
  problemOf(name: string): string | null;
  hasRawfile(name: string): boolean;
}

/** Reads all resources into one table. Of one name in one qualifier AppScope wins over the HAP, and the HAP over HARs. */
export function readResources(project: Project): ResourceIndex {
  const reader = new ResourceReader(project.root, String(project.app['bundleName'] ?? ''));
  const hars = project.modules.filter((module) => module.type === 'har').reverse();
  const haps = project.modules.filter((module) => module.type !== 'har');
  for (const module of [...hars, ...haps]) {
    reader.readFolder(module.resourcesDir, module.name);
  }
  reader.readFolder(path.join(project.root, 'AppScope/resources'), 'AppScope');
  return reader;
}

class ResourceReader implements ResourceIndex {
  readonly tables: ResourceTables;
  readonly faults: Fault[] = [];
  readonly files: string[] = [];
  private readonly copied = new Map<string, string>();

  constructor(
    private readonly root: string,
    bundleName: string,
  ) {
    this.tables = emptyTables(bundleName);
  }

  get copies(): CopiedFile[] {
    return [...this.copied].map(([to, from]) => ({ from, to }));
  }

  problemOf(name: string): string | null {
    const [space, type, key, ...more] = name.split('.');
    if (key === undefined || more.length > 0 || type === undefined) {
      return `'${name}' is not a resource name: expected 'app.type.name'`;
    }
    if (space === 'sys') {
      return type === 'color' && hasSystemColor(key)
        ? null
        : `the host does not implement the system resource '${name}'`;
    }
    const table = space === 'app' ? (this.tables as unknown as Record<string, object | undefined>)[type] : undefined;
    if (table === undefined || type === 'bundleName' || type === 'rawfile') {
      return `'${name}' is not a resource name: unknown type '${type}'`;
    }
    return Object.hasOwn(table, key) ? null : `unknown resource '${name}': no module defines it`;
  }

  hasRawfile(name: string): boolean {
    return Object.hasOwn(this.tables.rawfile, name);
  }

  readFolder(dir: string, owner: string): void {
    if (!existsSync(dir)) {
      return;
    }
    for (const qualifier of readdirSync(dir).sort()) {
      const folder = path.join(dir, qualifier);
      if (!statSync(folder).isDirectory()) {
        continue;
      }
      if (qualifier === 'rawfile') {
        this.readRawfiles(folder, '');
      } else if (qualifier === 'resfile') {
        continue;
      } else if (parseQualifiers(qualifier) === null) {
        this.fault(
          folder,
          `'${qualifier}' is not a qualifier folder that the host knows (base, zh_CN, dark, tablet, zh_CN-dark …)`,
        );
      } else {
        this.readQualifier(folder, qualifier, owner);
      }
    }
  }

  private readQualifier(folder: string, qualifier: string, owner: string): void {
    for (const [kind, read] of [
      ['element', (file: string): void => this.readElements(file, qualifier)],
      ['media', (file: string): void => this.readMedia(file, qualifier, owner)],
      ['profile', (file: string): void => this.put('profile', path.parse(file).name, qualifier, readJson5(file))],
    ] as const) {
      const dir = path.join(folder, kind);
      for (const name of existsSync(dir) ? readdirSync(dir).sort() : []) {
        const file = path.join(dir, name);
        this.files.push(file);
        read(file);
      }
    }
  }

  private readElements(file: string, qualifier: string): void {
    const content = readJson5(file);
    for (const type of Object.keys(content)) {
      if (!isElementType(type)) {
        this.fault(file, `'${type}' is not a type of element: expected ${ELEMENT_TYPES.join(', ')}`);
        continue;
      }
      for (const item of listAt(content, type)) {
        this.readElement(file, type, item, qualifier);
      }
    }
  }

  private readElement(file: string, type: ElementType, item: JsonObject, qualifier: string): void {
    const name = item['name'];
    const value = item['value'];
    if (typeof name !== 'string' || value === undefined) {
      this.fault(file, `an item of '${type}' must have name and value, got ${JSON.stringify(item)}`);
    } else if (typeof value === 'string' && /^\$\w+:\w+$/.test(value)) {
      this.fault(file, `'${name}' refers to ${value}: the host does not implement references between resources`);
    } else {
      this.put(type, name, qualifier, valueOf(type, value));
    }
  }

  private readMedia(file: string, qualifier: string, owner: string): void {
    const { name, ext } = path.parse(file);
    if (ext === '.svg') {
      const svg = readFileSync(file, 'utf8');
      this.put('media', name, qualifier, { svg, url: `data:image/svg+xml,${encodeURIComponent(svg)}` });
      return;
    }
    // A layered icon has no picture of its own; only the system draws it.
    const to = `media/${owner}/${qualifier}/${name}${ext}`;
    this.copied.set(to, file);
    this.put('media', name, qualifier, { url: to });
  }

  private readRawfiles(folder: string, prefix: string): void {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) {
        this.readRawfiles(file, `${prefix}${entry.name}/`);
      } else {
        this.files.push(file);
        this.copied.set(`rawfile/${prefix}${entry.name}`, file);
        this.tables.rawfile[`${prefix}${entry.name}`] = `rawfile/${prefix}${entry.name}`;
      }
    }
  }

  private put(type: ResourceType, name: string, qualifier: string, value: unknown): void {
    const table = this.tables[type] as Record<string, Record<string, unknown>>;
    table[name] = { ...table[name], [qualifier]: value };
  }

  private fault(file: string, text: string): void {
    this.faults.push({ file: path.relative(this.root, file), line: 0, column: 0, text });
  }
}

/** Arrays hold `{ value }` items, plurals `{ quantity, value }` items. */
function valueOf(type: ElementType, value: unknown): unknown {
  const items = Array.isArray(value) ? value.filter(isObject) : [];
  switch (type) {
    case 'plural':
      return Object.fromEntries(items.map((item) => [String(item['quantity']), String(item['value'])]));
    case 'strarray':
      return items.map((item) => String(item['value']));
    case 'intarray':
      return items.map((item) => Number(item['value']));
    case 'integer':
      return Number(value);
    case 'boolean':
      return value === true || value === 'true';
    default:
      return String(value);
  }
}
