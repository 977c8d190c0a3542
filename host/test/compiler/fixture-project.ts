import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HostDirs } from '../../src/compiler/registry.js';

const FIXTURE = path.join(path.dirname(fileURLToPath(import.meta.url)), 'host-fixture');

/** A host with a handful of components, so that these tests do not depend on the real ones. */
export const FIXTURE_HOST: HostDirs = { runtime: path.join(FIXTURE, 'runtime'), kits: path.join(FIXTURE, 'kits') };

const BASE: Readonly<Record<string, string>> = {
  'build-profile.json5': `{ app: {}, modules: [{ name: 'entry', srcPath: './entry' }, { name: 'lib', srcPath: './lib' }] }`,
  'AppScope/app.json5': `{ app: { bundleName: 'org.example.fixture', label: '$string:app_name' } }`,
  'AppScope/resources/base/element/string.json': `{ "string": [{ "name": "app_name", "value": "Fixture" }] }`,
  'entry/oh-package.json5': `{ name: 'entry', main: '' }`,
  'entry/src/main/module.json5': `{ module: { name: 'entry', type: 'entry', mainElement: 'Main', pages: '$profile:main_pages',
    abilities: [{ name: 'Main', srcEntry: './ets/Main.ets' }] } }`,
  'entry/src/main/resources/base/profile/main_pages.json': `{ "src": ["pages/Index"] }`,
  'entry/src/main/ets/Main.ets': `import { UIAbility } from '@kit.AbilityKit';\nexport default class Main extends UIAbility {\n}\n`,
  'entry/src/main/ets/pages/Index.ets': `@Entry\n@ComponentV2\nstruct Index {\n  build() {\n    Column() {\n    }\n  }\n}\n`,
  'lib/oh-package.json5': `{ name: '@fixture/lib', main: 'Index.ets' }`,
  'lib/src/main/module.json5': `{ module: { name: 'lib', type: 'har' } }`,
  'lib/Index.ets': `export const nothing: number = 0;\n`,
};

export const PAGE = 'entry/src/main/ets/pages/Index.ets';

export interface FixtureProject {
  readonly root: string;
  remove(): void;
}

/** Writes a small DevEco project; `files` add to it or replace parts of it. */
export function writeProject(files: Readonly<Record<string, string>> = {}): FixtureProject {
  const root = mkdtempSync(path.join(tmpdir(), 'parley-fixture-'));
  for (const [name, text] of Object.entries({ ...BASE, ...files })) {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
}

/** A page whose struct has these members and this build() body; the body starts in line 5 of `members` lines later. */
export function page(members: string, body: string, before = ''): string {
  return `${before}@Entry\n@ComponentV2\nstruct Index {\n${members}\n  build() {\n${body}\n  }\n}\n`;
}
