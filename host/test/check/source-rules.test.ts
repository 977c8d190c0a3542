import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { checkProject } from '../../src/check/check.js';
import type { Finding } from '../../src/check/finding.js';
import { createFixtureProject, type FixtureProject } from '../project/fixture-project.js';

interface Planted {
  readonly mistake: string;
  /** The file that holds nothing else; every planted file lies in one project, so that one program serves all. */
  readonly file: string;
  readonly text: string;
  /** `line rule`, all of them. Empty: no finding. */
  readonly found: readonly string[];
}

const UI = 'common/ui/src/main/ets';
const CORE = 'common/core/src/main/ets';

function page(body: string, members = ''): string {
  return `@ComponentV2\nexport struct Page {${members}\n  build() {\n    ${body}\n  }\n}\n`;
}

const PLANTED: readonly Planted[] = [
  {
    mistake: 'a type error in .ets',
    file: `${UI}/TypeError.ets`,
    text: `export const count: number = 'one';\n`,
    found: ['1 types/TS2322'],
  },
  {
    mistake: 'a type error in a shared .ts',
    file: `${CORE}/wire/Wrong.ts`,
    text: `export const count: number = 'one';\n`,
    found: ['1 types/TS2322'],
  },
  {
    mistake: 'a type error in a test',
    file: 'common/ui/src/test/List.test.ets',
    text: `export default function testsuite(): void {\n  testsuite(1);\n}\n`,
    found: ['2 types/TS2554'],
  },
  {
    mistake: 'an attribute that the component does not have',
    file: `${UI}/NoAttribute.ets`,
    text: page(`Text('x').fontColour('#FF000000')`),
    found: ['4 types/TS2551'],
  },
  {
    mistake: 'nothing: lists drawn by ForEach and Repeat',
    file: `${UI}/Lists.ets`,
    text: page(
      `List() {
      ForEach(this.names, (name: string) => {
        ListItem() {
          Text(name)
        }
        .width('100%')
      }, (name: string) => name)
      Repeat<string>(this.names)
        .each((row: RepeatItem<string>) => {
          ListItem() {
            Text(row.item)
          }
          .width('100%')
        })
        .key((name: string) => name)
    }`,
      `\n  @Param names: string[] = [];\n`,
    ),
    found: [],
  },
  {
    mistake: 'a method that the item of a Repeat does not have',
    file: `${UI}/RepeatItem.ets`,
    text: page(
      `List() {
      Repeat<string>(this.names)
        .each((row: RepeatItem<string>) => {
          ListItem() {
            Text(row.name)
          }
        })
    }`,
      `\n  @Param names: string[] = [];\n`,
    ),
    found: ['10 types/TS2339'],
  },
  {
    mistake: 'an unused import, by the stricter list',
    file: `${UI}/Unused.ets`,
    text: `import { Thing } from '@parley/core';\n\nexport const one: number = 1;\n`,
    found: ['1 strict/unused'],
  },
  {
    mistake: 'any, an error of the ArkTS linter',
    file: `${UI}/AnyType.ets`,
    text: `export function f(value: any): void {\n  console.info(value);\n}\n`,
    found: ['1 arkts/no-any-unknown'],
  },
  {
    mistake: 'a nullable value used as if it were there',
    file: `${UI}/Nullable.ets`,
    text: `export function f(text: string | null): number {\n  return text.length;\n}\n`,
    found: ['2 arkts/TS18047'],
  },
  {
    mistake: 'a definite assignment, a warning of the ArkTS linter',
    file: `${UI}/Definite.ets`,
    text: `export class Late {\n  public name!: string;\n}\n`,
    found: ['2 arkts/no-definite-assignment'],
  },
  {
    mistake: 'a method newer than API 12',
    file: `${UI}/NewMethod.ets`,
    text: `import { UIContext } from '@kit.ArkUI';\n\nexport function width(context: UIContext): number {\n  return context.getWindowWidthBreakpoint();\n}\n`,
    found: ['4 api/level'],
  },
  {
    mistake: 'an option newer than API 12 in an object literal',
    file: `${UI}/NewOption.ets`,
    text: page(`Text('x').bindSheet(false, this.sheet, { keyboardAvoidMode: 1 })`, `\n  @Builder sheet() {\n  }\n`),
    found: ['7 api/level'],
  },
  {
    mistake: 'an enum newer than API 12',
    file: `${UI}/NewEnum.ets`,
    text: `export const WIDE: WidthBreakpoint = WidthBreakpoint.WIDTH_LG;\n`,
    found: ['1 api/level', '1 api/level', '1 api/level'],
  },
  {
    mistake: 'an overload newer than API 12 of an older method',
    file: `${UI}/NewOverload.ets`,
    text: page(`NavDestination() {\n    }.hideTitleBar(true, true)`),
    found: ['5 api/level'],
  },
  {
    mistake: 'nothing: the older overload of the same method',
    file: `${UI}/OldOverload.ets`,
    text: page(`NavDestination() {\n    }.hideTitleBar(true)`),
    found: [],
  },
  {
    mistake: 'nothing: an attribute of API 9 that API 13 documents anew',
    file: `${UI}/OldAttribute.ets`,
    text: page(`Text('x').onVisibleAreaChange([0], () => {\n    })`),
    found: [],
  },
  {
    mistake: 'a V1 component',
    file: `${UI}/OldComponent.ets`,
    text: `@Component\nexport struct Old {\n  @State private count: number = 1;\n\n  build() {\n    Text(this.count.toString())\n  }\n}\n`,
    found: ['1 state/v2-only', '3 state/v2-only'],
  },
  {
    mistake: 'the global store of V1',
    file: `${UI}/GlobalBag.ets`,
    text: `export function f(): void {\n  AppStorage.setOrCreate<number>('count', 1);\n}\n`,
    found: ['2 state/v2-only'],
  },
  {
    mistake: 'a decorator in core',
    file: `${CORE}/Observed.ets`,
    text: `@ObservedV2\nexport class Observed {\n  @Trace public name: string = '';\n}\n`,
    found: ['1 arrows/pure-core', '3 arrows/pure-core'],
  },
  {
    mistake: 'unknown in what a wire file exports',
    file: `${CORE}/wire/Untyped.ts`,
    text: `export interface Envelope {\n  payload: unknown;\n}\n`,
    found: ['2 wire/typed'],
  },
  {
    mistake: 'an inferred any in what a wire file exports',
    file: `${CORE}/wire/Inferred.ts`,
    text: `export function parse(text: string) {\n  return JSON.parse(text);\n}\n`,
    found: ['1 wire/typed'],
  },
  {
    mistake: 'nothing: unknown inside a function of a wire file',
    file: `${CORE}/wire/Inside.ts`,
    text: `export function isText(value: string | number): boolean {\n  const any: unknown = value;\n  return typeof any === 'string';\n}\n`,
    found: [],
  },
  {
    mistake: 'an if without braces',
    file: `${UI}/NoBraces.ets`,
    text: `export function f(one: boolean): number {\n  if (one) return 1;\n  return 2;\n}\n`,
    found: ['2 layout/braces'],
  },
  {
    mistake: 'double quotes',
    file: `${UI}/Quotes.ets`,
    text: `export const a: string = "a";\nexport const b: string = "it's";\n`,
    found: ['1 layout/quotes'],
  },
  {
    mistake: 'a line of 121 columns',
    file: `${UI}/Columns.ets`,
    text: `export const a: string = '${'x'.repeat(93)}';\nexport const b: string = '${'x'.repeat(92)}';\n`,
    found: ['1 layout/columns'],
  },
  {
    mistake: 'tabs, odd indents and trailing space',
    file: `${UI}/Spaces.ets`,
    text: `export class Spaces {\n\tpublic a: number = 1;\n   public b: number = 2;\n  public c: number = 3; \n}\n`,
    found: ['2 layout/tabs', '3 layout/indent', '4 layout/trailing-space'],
  },
  {
    mistake: 'nothing: spaces inside a template',
    file: `${UI}/Template.ets`,
    text: 'export const text: string = `a\n   b \n`;\n',
    found: [],
  },
  {
    mistake: 'a file without final newline',
    file: `${UI}/Newline.ets`,
    text: `export const a: number = 1;`,
    found: ['1 layout/final-newline'],
  },
  {
    mistake: 'a file of 401 lines',
    file: `${UI}/Long.ets`,
    text: `${'// a line\n'.repeat(400)}export const a: number = 1;\n`,
    found: ['401 layout/file-size'],
  },
  {
    mistake: 'a file name in lower case',
    file: `${UI}/lower.ets`,
    text: `export const a: number = 1;\n`,
    found: ['1 layout/file-name'],
  },
];

describe('check of sources', () => {
  let fixture: FixtureProject;
  let findings: Finding[];
  before(() => {
    fixture = createFixtureProject();
    PLANTED.forEach(({ file, text }) => fixture.write(file, text));
    findings = checkProject(fixture.root);
  });
  after(() => fixture.dispose());

  for (const { mistake, file, found } of PLANTED) {
    test(`reports ${mistake}`, () => {
      const own = findings.filter((one) => one.file === fixture.path(file));
      assert.deepEqual(
        own.map((one) => `${one.line} ${one.rule}`),
        found,
      );
    });
  }

  test('reports nothing outside the spoilt files', () => {
    const spoilt = new Set(PLANTED.map(({ file }) => fixture.path(file)));
    assert.deepEqual(
      findings.filter((one) => !spoilt.has(one.file)),
      [],
    );
  });
});
