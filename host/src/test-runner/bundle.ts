import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Message, type Plugin } from 'esbuild';
import { ETS_TSCONFIG, loadPureEts } from '../compiler/pure-ets.js';
import { moduleOf, resolveImport, withDependencies, type Module, type Project } from '../project/project.js';
import { moduleSources } from '../project/source-files.js';
import { HYPIUM_DIR } from '../project/sdk.js';

/** Decorators, structs, resources, kits: what plain TypeScript cannot run. */
const NEEDS_COMPILER = /@(kit|ohos)\.|^\s*@[A-Z]|\bstruct\s|\$r\(/m;

const HARNESS = path.join(path.dirname(fileURLToPath(import.meta.url)), 'harness.ts');

/** A module whose tests cannot be built. `message` has one line per fault: file:line:column text. */
export class BundleError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BundleError';
  }
}

/**
 * One bundle per List file, because hypium's core is a singleton of the process: the harness, hypium, the tests and all
 * that they import, in one ES module. Never minified: hypium reads the parameter count and names of test functions.
 */
export async function bundleTests(project: Project, module: Module, listFile: string, outFile: string): Promise<void> {
  const entry = [
    `import { run } from ${JSON.stringify(HARNESS)};`,
    `import { Core, Hypium, MockKit } from '@ohos/hypium';`,
    `import testsuite from ${JSON.stringify(listFile)};`,
    `run({ Core, Hypium, MockKit }, testsuite);`,
  ].join('\n');
  try {
    await build({
      stdin: { contents: entry, resolveDir: module.dir, sourcefile: `<tests of ${module.name}>`, loader: 'ts' },
      outfile: outFile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      keepNames: true,
      sourcemap: 'inline',
      sourcesContent: false,
      logLevel: 'silent',
      absWorkingDir: project.root,
      tsconfigRaw: ETS_TSCONFIG,
      plugins: [testPlugin(project), ...(needsCompiler(project, module) ? [await compilerPlugin(project)] : [])],
    });
  } catch (error) {
    const errors = (error as { errors?: Message[] }).errors;
    if (errors === undefined) {
      throw error;
    }
    throw new BundleError(errors.map(describeMessage).join('\n'));
  }
}

/** Pure modules such as core are tested without the compiler, and so without the time it takes to load. */
function needsCompiler(project: Project, module: Module): boolean {
  return withDependencies(project, module).some((one) =>
    moduleSources(one).some(
      (file) => !file.includes('ohosTest') && file.endsWith('.ets') && NEEDS_COMPILER.test(readFileSync(file, 'utf8')),
    ),
  );
}

async function compilerPlugin(project: Project): Promise<Plugin> {
  const { etsPlugin } = await import('../compiler/plugin.js');
  const { loadRegistry } = await import('../compiler/registry.js');
  const { readResources } = await import('../compiler/resources.js');
  const resources = readResources(project);
  return etsPlugin(project, await loadRegistry(), () => resources);
}

function describeMessage(message: Message): string {
  const at = message.location;
  return at === null ? message.text : `${at.file}:${at.line}:${at.column + 1} ${message.text}`;
}

/** Real hypium, and .ets whose meaning is plain TypeScript's. What needs ArkUI or a kit is left to the preview's compiler. */
function testPlugin(project: Project): Plugin {
  return {
    name: 'tests',
    setup(build): void {
      build.onResolve({ filter: /^@ohos\/hypium$/ }, () => ({ path: path.join(HYPIUM_DIR, 'index.js') }));
      build.onResolve({ filter: /.*/ }, (args) => {
        if (path.isAbsolute(args.path) || moduleOf(project, args.importer) === undefined) {
          return undefined;
        }
        const target = resolveImport(project, args.importer, args.path);
        if (target === null) {
          return { errors: [{ text: `'${args.path}' leads to no file or module of this project` }] };
        }
        return typeof target === 'string' ? { path: target } : undefined;
      });
      build.onLoad({ filter: /\.ets$/ }, (args) => {
        const text = readFileSync(args.path, 'utf8');
        if (NEEDS_COMPILER.test(text)) {
          return undefined;
        }
        return loadPureEts(project.root, args.path, text);
      });
    },
  };
}
