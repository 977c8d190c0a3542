import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { ELEMENT_TYPES, isElementType } from '../project/element-types.js';
import { isObject, ProjectFileError, readJson5 } from '../project/json5-file.js';
import { finding, type Finding } from './finding.js';
import { filesBelow } from '../project/source-files.js';
import { positionOf } from './text-position.js';

export interface ResourceEntry {
  /** `string`, `color`, `media`, `profile`, … */
  readonly type: string;
  readonly name: string;
  /** Folder name: `base`, `dark`, `zh_CN`, … */
  readonly qualifier: string;
  readonly file: string;
}

export interface ResourceTable {
  readonly entries: readonly ResourceEntry[];
  readonly findings: readonly Finding[];
  has(type: string, name: string): boolean;
}

/** All that `resourcesDir` defines. A folder that is not there defines nothing: HARs need none. */
export function readResources(resourcesDir: string): ResourceTable {
  const entries: ResourceEntry[] = [];
  const findings: Finding[] = [];
  const qualifiers = existsSync(resourcesDir)
    ? readdirSync(resourcesDir, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => entry.name)
    : [];
  for (const qualifier of qualifiers.filter((name) => name !== 'rawfile' && name !== 'resfile')) {
    const dir = path.join(resourcesDir, qualifier);
    for (const file of filesBelow(path.join(dir, 'element'), '.json')) {
      readElements(file, qualifier, entries, findings);
    }
    for (const type of ['media', 'profile']) {
      for (const file of filesBelow(path.join(dir, type), '')) {
        entries.push({ type, name: path.basename(file).replace(/\.[^.]+$/, ''), qualifier, file });
      }
    }
  }
  const names = new Set(entries.map((entry) => `${entry.type}.${entry.name}`));
  return { entries, findings, has: (type, name) => names.has(`${type}.${name}`) };
}

function readElements(file: string, qualifier: string, entries: ResourceEntry[], findings: Finding[]): void {
  const fault = (message: string, needle: string): void => {
    findings.push(finding(file, positionOf(file, needle), 'resources/element-file', message));
  };
  let root;
  try {
    root = readJson5(file);
  } catch (error) {
    if (!(error instanceof ProjectFileError)) {
      throw error;
    }
    findings.push(finding(file, error.line, 'resources/element-file', error.message));
    return;
  }
  const keys = Object.keys(root);
  const type = keys[0] ?? '';
  const items = root[type];
  if (keys.length !== 1 || !isElementType(type) || !Array.isArray(items)) {
    fault(`expected one list under one of ${ELEMENT_TYPES.join(', ')}; found keys ${keys.join(', ') || 'none'}`, '');
    return;
  }
  const seen = new Set<string>();
  for (const item of items) {
    const name = isObject(item) && typeof item['name'] === 'string' ? item['name'] : '';
    if (!isObject(item) || name === '' || item['value'] === undefined) {
      fault(`expected { name, value }, found ${JSON.stringify(item)}`, name === '' ? '' : `"${name}"`);
    } else if (seen.has(name)) {
      fault(`'${name}' is defined twice in one file`, `"${name}"`);
    } else if (type === 'color' && !/^#([0-9A-Fa-f]{8}|[0-9A-Fa-f]{6})$|^\$color:/.test(String(item['value']))) {
      fault(`colour '${name}': expected #RRGGBB or #AARRGGBB, found '${String(item['value'])}'`, `"${name}"`);
    } else {
      seen.add(name);
      entries.push({ type, name, qualifier, file });
    }
  }
}
