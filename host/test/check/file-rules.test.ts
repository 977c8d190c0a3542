import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { checkFiles, checkProject } from '../../src/check/check.js';
import { loadProject } from '../../src/project/project.js';
import type { Finding } from '../../src/check/finding.js';
import { createFixtureProject, type FixtureProject } from '../project/fixture-project.js';

interface Planted {
  readonly mistake: string;
  readonly rule: string;
  /** Where the finding must be: a file, and text of the line. Empty text: line 1. */
  readonly file: string;
  readonly at: string;
  plant(fixture: FixtureProject): void;
}

const ENTRY = 'entry/src/main/module.json5';
const RESOURCES = 'entry/src/main/resources';
const ROUTES = `${RESOURCES}/base/profile/route_map.json`;
const CHAT = 'features/chat/src/main/ets/Page.ets';
const USES_THING = 'export function name(thing: Thing): string {\n  return thing.name;\n}\n';

function edit(file: string, from: string, to: string): (fixture: FixtureProject) => void {
  return (fixture) => fixture.edit(file, from, to);
}

function write(file: string, text: string): (fixture: FixtureProject) => void {
  return (fixture) => fixture.write(file, text);
}

function strings(...names: readonly string[]): string {
  return JSON.stringify({ string: names.map((name) => ({ name, value: name })) });
}

/** What only the whole check does: it keeps the type check's own word on the same import to itself. */
const WHOLE_CHECK = new Set(['structure/import-case', 'structure/file']);

/** The rules of files read no types; without the type check each mistake costs milliseconds. */
function check(root: string, rule: string): Finding[] {
  return WHOLE_CHECK.has(rule) ? checkProject(root) : checkFiles(loadProject(root));
}

const PLANTED: readonly Planted[] = [
  {
    mistake: 'modelVersion differs between hvigor and oh-package',
    rule: 'structure/model-version',
    file: 'hvigor/hvigor-config.json5',
    at: 'modelVersion',
    plant: edit('hvigor/hvigor-config.json5', '5.0.0', '5.0.1'),
  },
  {
    mistake: 'a module has another name in build-profile.json5',
    rule: 'structure/module-name',
    file: 'build-profile.json5',
    at: '"conversation"',
    plant: edit('build-profile.json5', '"chat"', '"conversation"'),
  },
  {
    mistake: 'the key of a file: dependency is not the package name',
    rule: 'structure/dependency-key',
    file: 'common/platform/oh-package.json5',
    at: '"@parley/core"',
    plant: edit('common/platform/oh-package.json5', 'file:../core', 'file:../ui'),
  },
  {
    mistake: 'a relative import leaves its module',
    rule: 'structure/import-path',
    file: CHAT,
    at: 'import',
    plant: write(CHAT, `import { Thing } from '../../../../../common/core/src/main/ets/Thing';\n\n${USES_THING}`),
  },
  {
    mistake: 'an oh-package name in capitals',
    rule: 'structure/package-name',
    file: 'features/typing/oh-package.json5',
    at: '"name"',
    plant: edit('features/typing/oh-package.json5', '@parley/typing', '@parley/Typing'),
  },
  {
    mistake: 'an import in the wrong case',
    rule: 'structure/import-case',
    file: CHAT,
    at: 'import',
    plant: write(CHAT, `import { Thing } from './thing';\n\n${USES_THING}`),
  },
  {
    mistake: 'an import of a folder',
    rule: 'structure/import-case',
    file: CHAT,
    at: 'import',
    plant: (fixture) => {
      fixture.write('features/chat/src/main/ets/things/Index.ets', 'export class Other {\n}\n');
      fixture.write(CHAT, `import { Other } from './things';\n\nexport class Mine extends Other {\n}\n`);
    },
  },
  {
    mistake: 'the obfuscation rules are missing',
    rule: 'structure/file-missing',
    file: 'common/ui/build-profile.json5',
    at: 'obfuscation-rules',
    plant: (fixture) => fixture.remove('common/ui/obfuscation-rules.txt'),
  },
  {
    mistake: 'a srcEntry is missing',
    rule: 'structure/file-missing',
    file: ENTRY,
    at: 'srcEntry',
    plant: edit(ENTRY, 'EntryAbility.ets', 'Ability.ets'),
  },
  {
    mistake: 'a page of main_pages is missing',
    rule: 'structure/file-missing',
    file: `${RESOURCES}/base/profile/main_pages.json`,
    at: 'pages/Start',
    plant: edit(`${RESOURCES}/base/profile/main_pages.json`, 'pages/Index', 'pages/Start'),
  },
  {
    mistake: 'a hvigorfile.ts is missing',
    rule: 'structure/file-missing',
    file: 'common/ui/oh-package.json5',
    at: '',
    plant: (fixture) => fixture.remove('common/ui/hvigorfile.ts'),
  },
  {
    mistake: 'module.json5 names a picture that does not exist',
    rule: 'structure/file-missing',
    file: ENTRY,
    at: '$media:splash',
    plant: edit(ENTRY, '$media:startIcon', '$media:splash'),
  },
  {
    mistake: 'app.json5 has no icon',
    rule: 'structure/app-json',
    file: 'AppScope/app.json5',
    at: '',
    plant: edit('AppScope/app.json5', '"icon": "$media:app_icon",', ''),
  },
  {
    mistake: 'a bundle name of two segments',
    rule: 'structure/app-json',
    file: 'AppScope/app.json5',
    at: 'bundleName',
    plant: edit('AppScope/app.json5', 'org.fixture.app', 'fixture.app'),
  },
  {
    mistake: 'an ability without a start window background',
    rule: 'structure/app-icon',
    file: ENTRY,
    at: 'EntryAbility',
    plant: edit(ENTRY, '"startWindowBackground": "$color:background"', '"exported": true'),
  },
  {
    mistake: 'a route whose page is not below src/',
    rule: 'structure/route-map',
    file: ROUTES,
    at: 'pageSourceFile',
    plant: edit(ROUTES, 'src/main', './src/main'),
  },
  {
    mistake: 'a route whose builder is not exported',
    rule: 'structure/route-map',
    file: ROUTES,
    at: 'pageSourceFile',
    plant: edit(ROUTES, 'aboutBuilder', 'buildAbout'),
  },
  {
    mistake: 'compatibleSdkVersion above targetSdkVersion',
    rule: 'structure/sdk-version',
    file: 'build-profile.json5',
    at: 'targetSdkVersion',
    plant: edit('build-profile.json5', '"runtimeOS"', '"targetSdkVersion": "4.1.0(11)", "runtimeOS"'),
  },
  {
    mistake: 'compileSdkVersion is written',
    rule: 'structure/sdk-version',
    file: 'build-profile.json5',
    at: 'compileSdkVersion',
    plant: edit('build-profile.json5', '"runtimeOS"', '"compileSdkVersion": "5.0.0(12)", "runtimeOS"'),
  },
  {
    mistake: 'ohosTest is applied to products',
    rule: 'structure/ohos-test-target',
    file: 'build-profile.json5',
    at: '"ohosTest"',
    plant: edit(
      'build-profile.json5',
      '"targets": [',
      '"targets": [{ "name": "ohosTest", "applyToProducts": ["default"] },',
    ),
  },
  {
    mistake: 'a HAR built as a HAP',
    rule: 'structure/hvigor-tasks',
    file: 'common/ui/hvigorfile.ts',
    at: 'import',
    plant: edit('common/ui/hvigorfile.ts', 'harTasks', 'hapTasks'),
  },
  {
    mistake: 'a HAR that misses a device type of the HAP',
    rule: 'structure/device-types',
    file: 'common/ui/src/main/module.json5',
    at: 'deviceTypes',
    plant: edit('common/ui/src/main/module.json5', '"tablet"', '"wearable"'),
  },
  {
    mistake: 'a HAR with pages',
    rule: 'structure/har-pages',
    file: 'common/ui/src/main/module.json5',
    at: '"pages"',
    plant: edit('common/ui/src/main/module.json5', '"type"', '"pages": "main_pages", "type"'),
  },
  {
    mistake: 'a package version that is none',
    rule: 'structure/package-version',
    file: 'common/ui/oh-package.json5',
    at: '"version"',
    plant: edit('common/ui/oh-package.json5', '1.0.0', 'one'),
  },
  {
    mistake: 'a permission asked for twice',
    rule: 'structure/permission',
    file: ENTRY,
    at: 'ohos.permission.INTERNET',
    plant: edit(ENTRY, '"requestPermissions": [', '"requestPermissions": [{ "name": "ohos.permission.INTERNET" },'),
  },
  {
    mistake: 'a module that imports what it does not declare',
    rule: 'structure/undeclared-dependency',
    file: CHAT,
    at: 'import',
    plant: (fixture) => {
      fixture.edit('features/chat/oh-package.json5', '"@parley/core": "file:../../common/core",', '');
      fixture.write(CHAT, `import { Thing } from '@parley/core';\n\n${USES_THING}`);
    },
  },
  {
    mistake: 'a project file that is no JSON5',
    rule: 'structure/file',
    file: 'AppScope/app.json5',
    at: '"app"',
    plant: edit('AppScope/app.json5', '"app":', '"app"='),
  },
  {
    mistake: 'a test that List.test.ets does not import',
    rule: 'tests/list',
    file: 'common/core/src/test/Frame.test.ets',
    at: '',
    plant: write('common/core/src/test/Frame.test.ets', 'export default function frameTest(): void {\n}\n'),
  },
  {
    mistake: 'a file of ohosTest that is no test',
    rule: 'tests/name',
    file: 'common/core/src/ohosTest/ets/test/Harness.ets',
    at: '',
    plant: write('common/core/src/ohosTest/ets/test/Harness.ets', 'export class Harness {\n}\n'),
  },
  {
    mistake: 'two test files of one name',
    rule: 'tests/name',
    file: 'common/ui/src/test/Own.test.ets',
    at: '',
    plant: (fixture) => {
      for (const dir of ['common/core/src/test', 'common/ui/src/test']) {
        fixture.write(`${dir}/Own.test.ets`, 'export default function ownTest(): void {\n}\n');
        fixture.write(
          `${dir}/List.test.ets`,
          `import ownTest from './Own.test';\n\nexport default function testsuite(): void {\n  ownTest();\n}\n`,
        );
      }
    },
  },
  {
    mistake: 'a resource that no module defines',
    rule: 'resources/undefined',
    file: 'entry/src/main/ets/pages/Index.ets',
    at: 'entry_heading',
    plant: edit('entry/src/main/ets/pages/Index.ets', 'entry_title', 'entry_heading'),
  },
  {
    mistake: 'a HAR that uses a resource of the HAP',
    rule: 'resources/undefined',
    file: CHAT,
    at: 'entry_title',
    plant: write(CHAT, `export const TITLE: Resource = $r('app.string.entry_title');\n`),
  },
  {
    mistake: 'a resource named by an expression',
    rule: 'resources/literal',
    file: CHAT,
    at: '$r(',
    plant: write(CHAT, `export function find(name: string): Resource {\n  return $r(name);\n}\n`),
  },
  {
    mistake: 'a string without its Chinese text',
    rule: 'resources/translation',
    file: `${RESOURCES}/base/element/string.json`,
    at: '"entry_title"',
    plant: write(`${RESOURCES}/zh_CN/element/string.json`, strings()),
  },
  {
    mistake: 'a dark colour without a light one',
    rule: 'resources/no-base',
    file: `${RESOURCES}/dark/element/color.json`,
    at: '"night"',
    plant: edit(
      `${RESOURCES}/dark/element/color.json`,
      '"color": [',
      '"color": [{ "name": "night", "value": "#FF000000" },',
    ),
  },
  {
    mistake: 'one name in two modules',
    rule: 'resources/duplicate-name',
    file: 'features/chat/src/main/resources/base/element/string.json',
    at: 'entry_title',
    plant: (fixture) => {
      for (const qualifier of ['base', 'en_US', 'zh_CN']) {
        fixture.write(`features/chat/src/main/resources/${qualifier}/element/string.json`, strings('entry_title'));
      }
    },
  },
  {
    mistake: 'a colour that is none',
    rule: 'resources/element-file',
    file: `${RESOURCES}/dark/element/color.json`,
    at: '"background"',
    plant: edit(`${RESOURCES}/dark/element/color.json`, '#FFFFFFFF', 'white'),
  },
  {
    mistake: 'a feature that depends on a feature',
    rule: 'arrows/dependency',
    file: 'features/chat/oh-package.json5',
    at: '@parley/typing',
    plant: edit(
      'features/chat/oh-package.json5',
      '"dependencies": {',
      '"dependencies": { "@parley/typing": "file:../typing",',
    ),
  },
  {
    mistake: 'a feature that imports a feature',
    rule: 'arrows/import',
    file: CHAT,
    at: 'import',
    plant: write(CHAT, `import { Thing } from '@parley/typing';\n\n${USES_THING}`),
  },
  {
    mistake: 'core that imports a kit',
    rule: 'arrows/pure-core',
    file: 'common/core/src/main/ets/Log.ets',
    at: 'import',
    plant: write(
      'common/core/src/main/ets/Log.ets',
      `import { hilog } from '@kit.PerformanceAnalysisKit';\n\nexport function log(text: string): void {\n  hilog.info(0, '', text);\n}\n`,
    ),
  },
  {
    mistake: 'an app module that imports an ohpm package of another layer',
    rule: 'arrows/package',
    file: CHAT,
    at: 'import',
    plant: write(
      CHAT,
      `import { client_socket } from '@ohos/socketio';\n\nexport class Mine extends client_socket {\n}\n`,
    ),
  },
  {
    mistake: 'production code that imports hypium',
    rule: 'arrows/package',
    file: CHAT,
    at: 'import',
    plant: write(
      CHAT,
      `import { expect } from '@ohos/hypium';\n\nexport function f(): void {\n  expect(1).assertEqual(1);\n}\n`,
    ),
  },
  {
    mistake: 'production code that imports the fakes of another module',
    rule: 'arrows/testing',
    file: CHAT,
    at: 'import',
    plant: (fixture) => {
      fixture.write('common/core/Testing.ets', 'export class FakeClock {\n}\n');
      fixture.write(
        CHAT,
        `import { FakeClock } from '@parley/core/Testing';\n\nexport class Mine extends FakeClock {\n}\n`,
      );
    },
  },
  {
    mistake: 'a .ts file that imports an .ets file',
    rule: 'arrows/ts-imports-ets',
    file: 'common/core/src/main/ets/wire/Codes.ts',
    at: 'import',
    plant: write(
      'common/core/src/main/ets/wire/Codes.ts',
      `import { Thing } from '../Thing';\n\nexport class Codes extends Thing {\n}\n`,
    ),
  },
  {
    mistake: 'the server that imports what only its tests may',
    rule: 'arrows/server',
    file: 'server/src/main.ts',
    at: 'program',
    plant: write(
      'server/src/main.ts',
      `import { programArgs } from '../../scripts/lib/program';\n\nprogramArgs('');\n`,
    ),
  },
  {
    mistake: 'the server that imports more than the wire format',
    rule: 'arrows/server',
    file: 'server/src/main.ts',
    at: 'Thing',
    plant: write(
      'server/src/main.ts',
      `import { Thing } from '../../common/core/src/main/ets/Thing';\n\nexport class Mine extends Thing {}\n`,
    ),
  },
];

describe('check of project files', () => {
  let fixture: FixtureProject;
  before(() => {
    fixture = createFixtureProject();
  });
  after(() => fixture.dispose());

  test('finds nothing in a project without mistakes', () => {
    assert.deepEqual(checkProject(fixture.root), []);
  });

  test('reports a project path that is not ASCII as structure/project-path', () => {
    const own = createFixtureProject('parley-项目-');
    try {
      assert.deepEqual(
        check(own.root, 'structure/project-path').map((one) => one.rule),
        ['structure/project-path'],
      );
    } finally {
      own.dispose();
    }
  });

  for (const planted of PLANTED) {
    test(`reports ${planted.mistake} as ${planted.rule}`, () => {
      const own = createFixtureProject();
      try {
        planted.plant(own);
        const line =
          planted.at === ''
            ? 1
            : own
                .read(planted.file)
                .split('\n')
                .findIndex((text) => text.includes(planted.at)) + 1;
        const found = check(own.root, planted.rule).map((one) => `${one.file}:${one.line} ${one.rule}`);
        assert.deepEqual(found, [`${own.path(planted.file)}:${line} ${planted.rule}`]);
      } finally {
        own.dispose();
      }
    });
  }
});
