import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, test } from 'node:test';
import { buildPreview } from '../../src/compiler/preview-build.js';
import { BuildError } from '../../src/compiler/fault.js';
import { FIXTURE_HOST, PAGE, page, writeProject } from './fixture-project.js';

/** What the build of a project with these files says. */
async function faultsOf(files: Record<string, string>): Promise<string[]> {
  const project = writeProject(files);
  try {
    await buildPreview(project.root, path.join(project.root, 'out'), FIXTURE_HOST);
    return [];
  } catch (error) {
    if (error instanceof BuildError) {
      return error.lines;
    }
    throw error;
  } finally {
    project.remove();
  }
}

/** The body starts in line 6 of the page. */
const body = (text: string, members = ''): Record<string, string> => ({ [PAGE]: page(members, text) });

const ABILITY = 'entry/src/main/ets/Main.ets';
const ability = (text: string): Record<string, string> => ({
  [ABILITY]: `${text}\nimport { UIAbility } from '@kit.AbilityKit';\nexport default class Main extends UIAbility {\n}\n`,
});

describe('the build refuses, with file, line and column,', () => {
  const cases: [rule: string, files: Record<string, string>, expected: string][] = [
    ['a component that ArkUI does not have', body('Colum()'), `${PAGE}:6:1 unknown component 'Colum'`],
    [
      'a component that the host lacks',
      body('Column() {\n  Slider()\n}'),
      `${PAGE}:7:3 the host does not implement the component 'Slider'`,
    ],
    [
      'an attribute that the host lacks',
      body(`Column()\n  .width(1)\n  .blur(3)`),
      `${PAGE}:8:4 the host does not implement the attribute 'blur' of Column`,
    ],
    [
      'a hook of the runtime used as an attribute',
      body('Column().create()'),
      `${PAGE}:6:10 the host does not implement the attribute 'create' of Column`,
    ],
    [
      'an attribute of a state style that the host lacks',
      body(`Column().stateStyles({ pressed: { .blur(1) } })`),
      `${PAGE}:6:36 the host does not implement the attribute 'blur' of Column`,
    ],
    [
      'a resource that no module defines',
      body(`Text(\n  $r('app.string.nothing'))`),
      `${PAGE}:7:6 unknown resource 'app.string.nothing': no module defines it`,
    ],
    [
      'a resource type that there is not',
      body(`Text($r('app.strng.app_name'))`),
      `${PAGE}:6:9 'app.strng.app_name' is not a resource name: unknown type 'strng'`,
    ],
    [
      'a system resource that the host lacks',
      body(`Text($r('sys.symbol.gear'))`),
      `${PAGE}:6:9 the host does not implement the system resource 'sys.symbol.gear'`,
    ],
    [
      'a computed resource name',
      body(`Text($r('app.' + 'x'))`),
      `${PAGE}:6:6 $r needs its name as a literal: $r('app.string.name')`,
    ],
    [
      'a raw file that is missing',
      body(`Text($rawfile('a.json'))`),
      `${PAGE}:6:15 no file 'a.json' in resources/rawfile`,
    ],
    [
      'a global that the host lacks',
      body('Column().width(Curve.Ease)'),
      `${PAGE}:6:16 the host does not implement the global 'Curve'`,
    ],
    ['two roots', body('Column()\nColumn()'), `${PAGE}:5:3 build() must have exactly one root, got 2`],
    [
      'if as the root of a page',
      body('if (true) {\n  Column()\n}'),
      `${PAGE}:6:1 the root of an @Entry struct must be a component`,
    ],
    [
      'a local variable in build()',
      body('Column() {\n  const a: number = 1\n}'),
      `${PAGE}:7:3 only components, if and loops over ForEach can be written in build() and @Builder`,
    ],
    [
      'state of version 1',
      body('Column()', '  @State x: number = 1;'),
      `${PAGE}:4:3 the host does not implement the decorator '@State' here`,
    ],
    [
      'a part of Repeat that the host lacks',
      body(`Column() {\n  Repeat<number>([1]).each((r: RepeatItem<number>) => {}).virtualScroll()\n}`),
      `${PAGE}:7:59 the host does not implement 'virtualScroll' of Repeat`,
    ],
    ['a file that does not parse', body('Column( {'), `${PAGE}:8:1 ',' expected.`],
    [
      'a kit that the SDK does not have',
      ability(`import { a } from '@kit.Nothing';\na();`),
      `${ABILITY}:1:10 the SDK has no kit '@kit.Nothing'`,
    ],
    [
      'a member that the kit does not have',
      ability(`import { htpp } from '@kit.NetworkKit';\nhtpp.x();`),
      `${ABILITY}:1:10 '@kit.NetworkKit' has no member 'htpp'`,
    ],
    [
      'a kit module that the host lacks',
      ability(`import { socket } from '@kit.NetworkKit';\nsocket.x();`),
      `${ABILITY}:1:10 the host does not implement '@ohos.net.socket' (socket of @kit.NetworkKit)`,
    ],
    [
      'a member of a kit object that the host lacks',
      ability(`import { http } from '@kit.NetworkKit';\nhttp.createHttpResponseCache();`),
      `${ABILITY}:2:6 the host does not implement 'http.createHttpResponseCache' of '@ohos.net.http'`,
    ],
    [
      'a package that the host has no stand-in for',
      ability(`import x from '@ohos/nothing';\nx();`),
      `${ABILITY}:1:8 the host does not implement '@ohos/nothing' (default of @ohos/nothing)`,
    ],
    [
      'an import that leads nowhere',
      ability(`import { x } from './Missing';\nx();`),
      `${ABILITY}:1:19 './Missing' leads to no file or module of this project`,
    ],
  ];
  for (const [rule, files, expected] of cases) {
    test(rule, async () => {
      const found = await faultsOf(files);
      assert.ok(found.includes(expected), `expected ${expected}\ngot ${found.join('\n')}`);
    });
  }

  test('everything that is wrong in a file at once', async () => {
    assert.equal((await faultsOf(body('Column() {\n  Colum()\n  Slider()\n  Text().blur(1)\n}'))).length, 3);
  });
});

describe('the build allows', () => {
  test('kits that are used only as types', async () => {
    assert.deepEqual(
      await faultsOf(
        ability(
          `import { socket } from '@kit.NetworkKit';\nimport { BusinessError } from '@kit.BasicServicesKit';\n` +
            `export function f(a: socket.TCPSocket, e: BusinessError): void {\n}`,
        ),
      ),
      [],
    );
  });

  test('a struct that has the name of a component, and kit members that exist', async () => {
    assert.deepEqual(
      await faultsOf({
        [PAGE]: page(
          '',
          'Slider({ x: 1 })',
          `import { http } from '@kit.NetworkKit';\n@ComponentV2\nstruct Slider {\n  @Param x: number = 0;\n` +
            `  build() {\n    Text('' + http.createHttp())\n  }\n}\n`,
        ),
      }),
      [],
    );
  });
});

describe('project files', () => {
  const MODULE = 'entry/src/main/module.json5';
  const withRoute = (builder: string): Record<string, string> => ({
    [MODULE]: `{ module: { name: 'entry', type: 'entry', mainElement: 'Main', pages: '$profile:main_pages', routerMap: '$profile:route_map',
      abilities: [{ name: 'Main', srcEntry: './ets/Main.ets' }] } }`,
    'entry/src/main/resources/base/profile/route_map.json': `{ "routerMap": [{ "name": "r", "pageSourceFile": "src/main/ets/Route.ets", "buildFunction": "${builder}" }] }`,
    'entry/src/main/ets/Route.ets':
      `@Builder\nexport function RouteBuilder() {\n  Column()\n}\n@Builder\nfunction Hidden() {\n}\n` +
      `export function Plain(): void {\n}\n`,
  });

  test('a route must name an exported @Builder', async () => {
    assert.deepEqual(await faultsOf(withRoute('RouteBuilder')), []);
    for (const name of ['Hidden', 'Plain', 'Missing']) {
      assert.deepEqual(await faultsOf(withRoute(name)), [
        `entry/src/main/resources/base/profile/route_map.json route 'r': '${name}' is not an exported @Builder function of src/main/ets/Route.ets`,
      ]);
    }
  });

  test('a page must exist and have an @Entry struct', async () => {
    const profile = 'entry/src/main/resources/base/profile/main_pages.json';
    assert.deepEqual(await faultsOf({ [profile]: `{ "src": ["pages/Gone"] }` }), [
      `${profile} page 'pages/Gone' has no file entry/src/main/ets/pages/Gone.ets`,
    ]);
    assert.deepEqual(await faultsOf({ [PAGE]: `@ComponentV2\nstruct Index {\n  build() {\n    Column()\n  }\n}\n` }), [
      `${PAGE} is a page, but has no struct with @Entry`,
    ]);
  });

  test('a folder of resources must have a known qualifier', async () => {
    const [found] = await faultsOf({ 'entry/src/main/resources/drak/element/color.json': `{ "color": [] }` });
    assert.match(found ?? '', /^entry\/src\/main\/resources\/drak 'drak' is not a qualifier folder/);
  });
});
