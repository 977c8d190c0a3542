import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const HOST = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const CONFIG = path.join(HOST, 'tsconfig.kits.json');
const DECLARATIONS = path.join(path.dirname(HOST), 'node_modules/@arkts/declarations/dist/api');

/** The files that this configuration is for; what they import has its own check. */
const OWN = /^(src\/kits|src\/runtime\/boot|src\/runtime\/ability|test\/kits)/;

interface Drift {
  readonly kit: string;
  readonly from: string;
  readonly to: string;
  readonly finding: RegExp;
}

const DRIFTS: readonly Drift[] = [
  {
    kit: 'ohos.hilog.ts',
    from: 'FATAL: 7',
    to: 'FATAL: 8',
    finding: /ohos\.hilog\.ts.*Type '8' is not assignable to type '7'/,
  },
  {
    kit: 'ohos.net.webSocket.ts',
    from: 'send(data: string | ArrayBuffer): Promise<boolean>;',
    to: 'send(data: string | ArrayBuffer): Promise<string>;',
    finding: /ohos\.net\.webSocket\.ts.*HostWebSocket/,
  },
  {
    kit: 'ohos.i18n.ts',
    from: 'isRTL: (locale) =>',
    to: 'isRightToLeft: (locale: string) =>',
    finding: /ohos\.i18n\.ts.*isRightToLeft/,
  },
];

const parsed = ts.getParsedCommandLineOfConfigFile(CONFIG, { noEmit: true }, {
  ...ts.sys,
  onUnRecoverableConfigFileDiagnostic: (diagnostic): void => {
    throw new Error(textOf(diagnostic));
  },
} as ts.ParseConfigFileHost);

function textOf(diagnostic: ts.Diagnostic): string {
  const file = path.relative(HOST, diagnostic.file?.fileName ?? CONFIG);
  return `${file}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ')}`;
}

/** The program of the kits, with some files changed; what an earlier program has read is not read again. */
function createProgram(changed: ReadonlyMap<string, string>, earlier?: ts.Program): ts.Program {
  assert.ok(parsed !== undefined);
  assert.deepEqual(parsed.errors.map(textOf), []);
  const host = ts.createCompilerHost(parsed.options, true);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, version, ...rest): ts.SourceFile | undefined => {
    const text = changed.get(name);
    return text === undefined
      ? (earlier?.getSourceFile(name) ?? read(name, version, ...rest))
      : ts.createSourceFile(name, text, version, true);
  };
  return ts.createProgram(parsed.fileNames, parsed.options, host, earlier);
}

function findingsIn(program: ts.Program, isWanted: (file: string) => boolean): string[] {
  const files = program.getSourceFiles().filter((file) => isWanted(path.relative(HOST, file.fileName)));
  assert.ok(files.length > 0);
  return files.flatMap((file) =>
    [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(textOf),
  );
}

describe('the compiler holds the kits to the SDK declarations', () => {
  let program: ts.Program;
  before(() => {
    program = createProgram(new Map());
  });

  test('every kit conforms', () => {
    const options = [...program.getOptionsDiagnostics(), ...program.getGlobalDiagnostics()].map(textOf);
    assert.deepEqual([...options, ...findingsIn(program, (file) => OWN.test(file))], []);
  });

  test('a signature or a value that drifted does not compile', () => {
    const changed = new Map(
      DRIFTS.map(({ kit, from, to }) => {
        const name = path.join(HOST, 'src/kits', kit);
        const text = program.getSourceFile(name)?.text ?? '';
        assert.ok(text.includes(from), `${kit} no longer contains ${from}`);
        return [name, text.replace(from, to)];
      }),
    );
    const found = findingsIn(createProgram(changed, program), (file) => changed.has(path.join(HOST, file)));
    for (const { finding } of DRIFTS) {
      assert.match(found.join('\n'), finding);
    }
  });

  test('every kit file stands for a module that the SDK has', () => {
    const kits = readdirSync(path.join(HOST, 'src/kits')).filter((name) => name.startsWith('ohos.'));
    const declared = new Set(readdirSync(DECLARATIONS));
    assert.ok(kits.length > 20);
    assert.deepEqual(
      kits.filter((name) => !declared.has(`@${name.replace(/\.ts$/, '.d.ts')}`)),
      [],
    );
  });
});
