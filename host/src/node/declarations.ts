import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { coreFiles, CORE_DIR, PLATFORM_DIR, ROOT, TYPES_DIR } from './paths.js';

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
  types: [],
  strict: true,
  skipLibCheck: true,
  declaration: true,
  emitDeclarationOnly: true,
  rootDir: ROOT,
  outDir: TYPES_DIR,
};

/**
 * Declarations of core and platform for the TypeScript of Node. Pure ArkTS is TypeScript in all that a declaration shows, so
 * each .ets is read as the .ts of the same name. Types of kits are unknown here; platform's signatures hardly name them.
 */
export function writeDeclarations(): void {
  const nodeCore = path.join(CORE_DIR, 'NodeCore.ts');
  const testing = coreFiles().filter((name) => name.startsWith('testing/'));
  const exports = ['./Index', ...testing.map((name) => `./src/main/ets/${name}`)];
  const texts = new Map([[nodeCore, exports.map((file) => `export * from '${file}';`).join('\n')]]);
  const roots = [
    nodeCore,
    path.join(PLATFORM_DIR, 'Index.ts'),
    ...coreFiles().map((name) => path.join(CORE_DIR, 'src/main/ets', `${name}.ts`)),
  ];
  const program = ts.createProgram(roots, OPTIONS, etsHost(texts));
  program.emit(undefined, (file, emitted) => {
    const core = path.relative(path.dirname(file), path.join(TYPES_DIR, 'common/core/Index.js'));
    const text = emitted.replaceAll(`'@parley/core'`, `'${core}'`);
    // Unchanged files keep their time, so that editors and incremental builds see no change.
    if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  });
}

/** Sees every `X.ets` of the project as `X.ts`, and `texts` as files. */
function etsHost(texts: ReadonlyMap<string, string>): ts.CompilerHost {
  const host = ts.createCompilerHost(OPTIONS);
  const { fileExists, readFile } = host;
  const realName = (file: string): string => (fileExists(file) ? file : file.replace(/\.ts$/, '.ets'));
  host.fileExists = (file): boolean =>
    texts.has(file) || fileExists(file) || (isOurs(file) && fileExists(realName(file)));
  host.readFile = (file): string | undefined => texts.get(file) ?? readFile(isOurs(file) ? realName(file) : file);
  host.getSourceFile = (file, options): ts.SourceFile | undefined => {
    const text = host.readFile(file);
    return text === undefined ? undefined : ts.createSourceFile(file, text, options, true);
  };
  host.resolveModuleNameLiterals = (
    literals,
    containingFile,
    _redirected,
    options,
  ): ts.ResolvedModuleWithFailedLookupLocations[] =>
    literals.map(({ text }) =>
      text === '@parley/core'
        ? { resolvedModule: { resolvedFileName: path.join(CORE_DIR, 'Index.ts'), extension: ts.Extension.Ts } }
        : ts.resolveModuleName(text, containingFile, options, host),
    );
  return host;
}

function isOurs(file: string): boolean {
  return file.startsWith(path.join(ROOT, 'common')) && file.endsWith('.ts') && !file.endsWith('.d.ts');
}
