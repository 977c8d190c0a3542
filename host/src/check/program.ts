import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'ohos-typescript';
import { resolveImport, type Project } from '../project/project.js';
import { etsOptions, HYPIUM_DIR, packageDir, SDK_DIR } from '../project/sdk.js';
import { filesBelow, projectSources } from '../project/source-files.js';

/** Declarations of the ohpm packages that npm does not have. */
const TYPES_DIR: string = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../types');

const LIB_DIR = path.join(packageDir('ohos-typescript'), 'lib');

/** The SDK is read and bound once per process, not once per program. */
const sharedSourceFiles = new Map<string, ts.SourceFile | undefined>();

export interface CheckedProgram {
  readonly builder: ts.EmitAndSemanticDiagnosticsBuilderProgram;
  readonly program: ts.Program;
  /** The project's own .ets and .ts. */
  readonly sources: readonly ts.SourceFile[];
}

/** The options of the device tool chain: not strict, because there the linter is what demands strictness. */
function compilerOptions(): ts.CompilerOptions {
  return {
    target: ts.ScriptTarget.ES2021,
    module: ts.ModuleKind.CommonJS,
    moduleResolution: ts.ModuleResolutionKind.NodeJs,
    lib: ['lib.es2021.d.ts'],
    types: [],
    typeRoots: [],
    experimentalDecorators: true,
    alwaysStrict: true,
    importsNotUsedAsValues: ts.ImportsNotUsedAsValues.Preserve,
    noImplicitAny: false,
    noUnusedLocals: true,
    resolveJsonModule: true,
    skipLibCheck: true,
    noEmit: true,
    incremental: true,
    tsBuildInfoFile: '/no-build-info-is-written',
    ets: etsOptions(),
    compatibleSdkVersion: 12,
    compatibleSdkVersionStage: 'release',
    etsLoaderPath: path.join(SDK_DIR, 'build-tools/ets-loader'),
  };
}

export function createProgram(project: Project): CheckedProgram {
  const options = compilerOptions();
  const own = projectSources(project);
  const rootNames = [
    ...filesBelow(path.join(SDK_DIR, 'component'), '.d.ts'),
    path.join(SDK_DIR, 'global.d.ts'),
    ...filesBelow(path.join(SDK_DIR, 'api/@internal/full'), '.d.ts'),
    ...own,
  ];
  const builder = ts.createIncrementalProgramForArkTs({ rootNames, options, host: createHost(project, options) });
  const program = builder.getProgram();
  const sources = own.map((file) => program.getSourceFile(file)).filter((file) => file !== undefined);
  return { builder, program, sources };
}

function createHost(project: Project, options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options, true);
  const resolved = new Map<string, string | undefined>();
  host.getDefaultLibLocation = (): string => LIB_DIR;
  host.getSourceFile = (fileName, languageVersion): ts.SourceFile | undefined => {
    const shared = fileName.startsWith(SDK_DIR) || fileName.startsWith(LIB_DIR) || fileName.startsWith(HYPIUM_DIR);
    if (shared && sharedSourceFiles.has(fileName)) {
      return sharedSourceFiles.get(fileName);
    }
    const file = existsSync(fileName) ? parse(fileName, languageVersion, options) : undefined;
    if (shared) {
      sharedSourceFiles.set(fileName, file);
    }
    return file;
  };
  host.resolveModuleNames = (names, containingFile): (ts.ResolvedModule | undefined)[] =>
    names.map((name) => {
      const key = `${name.startsWith('.') ? path.dirname(containingFile) : ''}|${name}`;
      if (!resolved.has(key)) {
        resolved.set(key, resolveModule(project, containingFile, name));
      }
      const file = resolved.get(key);
      return file === undefined
        ? undefined
        : ({ resolvedFileName: file, extension: extensionOf(file) } as ts.ResolvedModule);
    });
  return host;
}

function parse(
  fileName: string,
  version: ts.ScriptTarget | ts.CreateSourceFileOptions,
  options: ts.CompilerOptions,
): ts.SourceFile {
  const text = readFileSync(fileName, 'utf8');
  // `$$this.x` (two-way binding) is no expression to the parser; blanks keep every offset right.
  const readable = fileName.endsWith('.ets') ? text.replaceAll('$$this.', '  this.') : text;
  const file = ts.createSourceFile(fileName, readable, version, true, ts.ScriptKind.Unknown, options);
  // Builder programs compare versions to find what changed.
  (file as ts.SourceFile & { version: string }).version = String(text.length);
  return file;
}

function resolveModule(project: Project, containingFile: string, name: string): string | undefined {
  const first = (...candidates: readonly string[]): string | undefined => candidates.find((file) => existsSync(file));
  if (name.startsWith('.') && containingFile.includes('/node_modules/')) {
    return first(...withDeclarationEndings(path.resolve(path.dirname(containingFile), name)));
  }
  const target = resolveImport(project, containingFile, name);
  if (target === null || typeof target === 'string') {
    return target ?? undefined;
  }
  if ('kit' in target) {
    return first(path.join(SDK_DIR, 'kits', `${target.kit}.d.ets`));
  }
  if ('ohos' in target) {
    return first(...withDeclarationEndings(path.join(SDK_DIR, 'api', target.ohos)));
  }
  if (target.package === '@ohos/hypium') {
    return path.join(HYPIUM_DIR, 'index.ets');
  }
  if (target.package.startsWith('@arkts.')) {
    return first(...withDeclarationEndings(path.join(SDK_DIR, 'arkts', target.package)));
  }
  return first(path.join(TYPES_DIR, `${target.package.replace('@', '').replace('/', '.')}.d.ts`));
}

function withDeclarationEndings(base: string): string[] {
  return ['.d.ts', '.d.ets', '.ets', '.ts', '/index.d.ts'].map((ending) => base + ending);
}

function extensionOf(file: string): ts.Extension {
  for (const extension of [ts.Extension.Dts, ts.Extension.Dets, ts.Extension.Ets, ts.Extension.Ts]) {
    if (file.endsWith(extension)) {
      return extension;
    }
  }
  throw new Error(`${file}: expected a .ets or .ts file`);
}
