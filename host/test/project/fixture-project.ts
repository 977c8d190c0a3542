import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A small DevEco project on disk that has nothing to complain about, for tests to spoil. */
export interface FixtureProject {
  readonly root: string;
  path(file: string): string;
  read(file: string): string;
  write(file: string, text: string): void;
  /** Replaces text that must be there. */
  edit(file: string, from: string, to: string): void;
  remove(file: string): void;
  dispose(): void;
}

interface FixtureModule {
  readonly dir: string;
  readonly name: string;
  readonly ohName: string;
  readonly uses: readonly string[];
}

const MODULES: readonly FixtureModule[] = [
  {
    dir: 'entry',
    name: 'entry',
    ohName: 'entry',
    uses: ['common/core', 'common/platform', 'common/ui', 'features/chat'],
  },
  { dir: 'common/core', name: 'core', ohName: '@parley/core', uses: [] },
  { dir: 'common/platform', name: 'platform', ohName: '@parley/platform', uses: ['common/core'] },
  { dir: 'common/ui', name: 'ui', ohName: '@parley/ui', uses: ['common/core'] },
  { dir: 'features/chat', name: 'chat', ohName: '@parley/chat', uses: ['common/core', 'common/ui'] },
  { dir: 'features/typing', name: 'typing', ohName: '@parley/typing', uses: ['common/core', 'common/ui'] },
];

export function createFixtureProject(prefix = 'parley-fixture-'): FixtureProject {
  const root = mkdtempSync(path.join(tmpdir(), prefix));
  const fixture: FixtureProject = {
    root,
    path: (file) => path.join(root, file),
    read: (file) => readFileSync(path.join(root, file), 'utf8'),
    write(file, text) {
      mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      writeFileSync(path.join(root, file), text);
    },
    edit(file, from, to) {
      const text = fixture.read(file);
      if (!text.includes(from)) {
        throw new Error(`${file} does not hold ${from}`);
      }
      fixture.write(
        file,
        text.replace(from, () => to),
      );
    },
    remove: (file) => rmSync(path.join(root, file), { recursive: true }),
    dispose: () => rmSync(root, { recursive: true, force: true }),
  };
  writeRoot(fixture);
  MODULES.forEach((module) => writeModule(fixture, module));
  writeEntry(fixture);
  fixture.write('common/core/src/main/ets/wire/Frame.ts', 'export interface Frame {\n  text: string;\n}\n');
  fixture.write('server/src/main.ts', `import type { Frame } from '../../common/core/src/main/ets/wire/Frame';\n`);
  return fixture;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function strings(...names: readonly string[]): string {
  return json({ string: names.map((name) => ({ name, value: name })) });
}

function writeRoot(fixture: FixtureProject): void {
  const targets = [{ name: 'default', applyToProducts: ['default'] }];
  fixture.write(
    'build-profile.json5',
    json({
      app: { products: [{ name: 'default', compatibleSdkVersion: '5.0.0(12)', runtimeOS: 'HarmonyOS' }] },
      modules: MODULES.map(({ name, dir }) => ({
        name,
        srcPath: `./${dir}`,
        ...(name === 'entry' ? { targets } : {}),
      })),
    }),
  );
  fixture.write('oh-package.json5', json({ modelVersion: '5.0.0' }));
  fixture.write('hvigor/hvigor-config.json5', json({ modelVersion: '5.0.0', dependencies: {} }));
  fixture.write('hvigorfile.ts', `import { appTasks } from '@ohos/hvigor-ohos-plugin';\n`);
  fixture.write('code-linter.json5', json({}));
  fixture.write(
    'AppScope/app.json5',
    json({
      app: {
        bundleName: 'org.fixture.app',
        versionCode: 1,
        versionName: '1.0.0',
        icon: '$media:app_icon',
        label: '$string:app_name',
      },
    }),
  );
  for (const qualifier of ['base', 'en_US', 'zh_CN']) {
    fixture.write(`AppScope/resources/${qualifier}/element/string.json`, strings('app_name'));
  }
  fixture.write('AppScope/resources/base/media/app_icon.png', '');
}

function writeModule(fixture: FixtureProject, module: FixtureModule): void {
  const isEntry = module.name === 'entry';
  const at = (file: string): string => `${module.dir}/${file}`;
  const dependencies = module.uses.map((dir) => {
    const target = MODULES.find((candidate) => candidate.dir === dir);
    return [target?.ohName, `file:${path.relative(module.dir, dir)}`];
  });
  fixture.write(
    at('oh-package.json5'),
    json({
      name: module.ohName,
      version: '1.0.0',
      main: isEntry ? '' : 'Index.ets',
      dependencies: Object.fromEntries(dependencies),
    }),
  );
  fixture.write(
    at('build-profile.json5'),
    json({
      buildOptionSet: [{ arkOptions: { obfuscation: { ruleOptions: { files: ['./obfuscation-rules.txt'] } } } }],
      targets: [{ name: 'default' }, { name: 'ohosTest' }],
    }),
  );
  fixture.write(at('obfuscation-rules.txt'), '');
  fixture.write(
    at('hvigorfile.ts'),
    `import { ${isEntry ? 'hapTasks' : 'harTasks'} } from '@ohos/hvigor-ohos-plugin';\n`,
  );
  fixture.write(at('src/ohosTest/module.json5'), json({ module: { name: `${module.name}_test` } }));
  fixture.write(at('src/ohosTest/ets/test/List.test.ets'), 'export default function testsuite(): void {\n}\n');
  fixture.write(at('src/test/List.test.ets'), 'export default function testsuite(): void {\n}\n');
  if (!isEntry) {
    const [deviceTypes, name] = [['phone', 'tablet'], module.name];
    fixture.write(at('src/main/module.json5'), json({ module: { name, type: 'har', deviceTypes } }));
    fixture.write(at('src/main/ets/Thing.ets'), `export class Thing {\n  public name: string = '${name}';\n}\n`);
    fixture.write(at('Index.ets'), `export { Thing } from './src/main/ets/Thing';\n`);
  }
}

function writeEntry(fixture: FixtureProject): void {
  fixture.write(
    'entry/src/main/module.json5',
    json({
      module: {
        name: 'entry',
        type: 'entry',
        mainElement: 'EntryAbility',
        deviceTypes: ['phone', 'tablet'],
        pages: '$profile:main_pages',
        routerMap: '$profile:route_map',
        abilities: [
          {
            name: 'EntryAbility',
            srcEntry: './ets/entryability/EntryAbility.ets',
            icon: '$media:app_icon',
            label: '$string:app_name',
            startWindowIcon: '$media:startIcon',
            startWindowBackground: '$color:background',
          },
        ],
        requestPermissions: [{ name: 'ohos.permission.INTERNET' }],
      },
    }),
  );
  const resources = 'entry/src/main/resources';
  fixture.write(`${resources}/base/media/startIcon.png`, '');
  fixture.write(`${resources}/base/profile/main_pages.json`, json({ src: ['pages/Index'] }));
  const route = { name: 'about', pageSourceFile: 'src/main/ets/pages/About.ets', buildFunction: 'aboutBuilder' };
  fixture.write(`${resources}/base/profile/route_map.json`, json({ routerMap: [route] }));
  for (const qualifier of ['base', 'dark']) {
    fixture.write(
      `${resources}/${qualifier}/element/color.json`,
      json({ color: [{ name: 'background', value: '#FFFFFFFF' }] }),
    );
  }
  for (const qualifier of ['base', 'en_US', 'zh_CN']) {
    fixture.write(`${resources}/${qualifier}/element/string.json`, strings('entry_title'));
  }
  fixture.write(
    'entry/src/main/ets/entryability/EntryAbility.ets',
    `import { UIAbility } from '@kit.AbilityKit';\n\nexport default class EntryAbility extends UIAbility {\n}\n`,
  );
  fixture.write('entry/src/main/ets/pages/Index.ets', INDEX_PAGE);
  fixture.write('entry/src/main/ets/pages/About.ets', ABOUT_PAGE);
}

const INDEX_PAGE = `import { Thing } from '@parley/core';

@Entry
@ComponentV2
struct Index {
  @Local private thing: Thing = new Thing();

  build() {
    Column() {
      Text($r('app.string.entry_title')).fontColor($r('app.color.background'))
      Text(this.thing.name)
    }
  }
}
`;

const ABOUT_PAGE = `@Builder
export function aboutBuilder() {
  About()
}

@ComponentV2
struct About {
  build() {
    NavDestination() {
      Text($r('app.string.app_name'))
    }
  }
}
`;
