import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { context, type BuildContext, type Message } from 'esbuild';
import { SQLITE_FILES, SQLITE_FOLDER } from '../kits/support/sqlite-files.js';
import { loadProject, type Project } from '../project/project.js';
import { ENTRY_EXPORT, makeEntryModule } from './entry-module.js';
import { BuildError, type Fault } from './fault.js';
import { previewHtml } from './html.js';
import { etsPlugin } from './plugin.js';
import { HOST_DIRS, loadRegistry, type HostDirs } from './registry.js';
import { readResources, type ResourceIndex } from './resources.js';

export { BuildError } from './fault.js';

const RELATIONAL_STORE = 'kits/ohos.data.relationalStore.ts';

export interface PreviewResult {
  readonly outDir: string;
  /** Every source of the build, absolute. */
  readonly files: readonly string[];
}

/** Compiles the app at `projectRoot` into a folder of static files. Throws BuildError. */
export async function buildPreview(
  projectRoot: string,
  outDir: string,
  dirs: HostDirs = HOST_DIRS,
): Promise<PreviewResult> {
  const builder = await PreviewBuilder.create(projectRoot, outDir, dirs);
  try {
    return await builder.build();
  } finally {
    await builder.dispose();
  }
}

/** Builds again and again, reading only what has changed. */
export class PreviewBuilder {
  private resources: ResourceIndex;
  private esbuild: BuildContext | null = null;

  private constructor(
    readonly project: Project,
    readonly outDir: string,
    private readonly dirs: HostDirs,
  ) {
    this.resources = readResources(project);
  }

  static async create(projectRoot: string, outDir: string, dirs: HostDirs = HOST_DIRS): Promise<PreviewBuilder> {
    const builder = new PreviewBuilder(loadProject(projectRoot), path.resolve(outDir), dirs);
    const registry = await loadRegistry(dirs);
    builder.esbuild = await context({
      stdin: {
        contents: `import 'host:entry';`,
        resolveDir: builder.project.root,
        sourcefile: 'start',
        loader: 'ts',
      },
      outfile: path.join(builder.outDir, 'app.js'),
      bundle: true,
      format: 'esm',
      target: 'es2022',
      platform: 'browser',
      // Names of classes are shown in messages, and AppStorageV2 keys them.
      keepNames: true,
      sourcemap: 'linked',
      sourcesContent: true,
      logLevel: 'silent',
      absWorkingDir: builder.project.root,
      metafile: true,
      tsconfigRaw: {},
      plugins: [
        {
          name: 'entry',
          setup: (build): void => {
            build.onResolve({ filter: /^host:entry$/ }, () => ({ path: 'entry', namespace: 'host' }));
            build.onLoad({ filter: /.*/, namespace: 'host' }, () => ({
              contents: makeEntryModule(builder.project, builder.resources, dirs).code,
              loader: 'ts',
              resolveDir: builder.project.root,
            }));
          },
        },
        etsPlugin(builder.project, registry, () => builder.resources),
      ],
    });
    return builder;
  }

  async build(): Promise<PreviewResult> {
    this.resources = readResources(this.project);
    const faults = [...this.resources.faults, ...makeEntryModule(this.project, this.resources, this.dirs).faults];
    const result = await this.rebuild(faults);
    this.writeStatic();
    if (Object.keys(result.inputs).some((file) => file.endsWith(RELATIONAL_STORE))) {
      this.writeSqlite();
    }
    const inputs = Object.keys(result.inputs).map((file) => path.resolve(this.project.root, file));
    return { outDir: this.outDir, files: [...inputs.filter((file) => existsSync(file)), ...this.resources.files] };
  }

  async dispose(): Promise<void> {
    await this.esbuild?.dispose();
  }

  private async rebuild(known: readonly Fault[]): Promise<{ inputs: Record<string, unknown> }> {
    try {
      const result = await this.esbuild?.rebuild();
      if (known.length > 0) {
        throw new BuildError(known);
      }
      return { inputs: result?.metafile?.inputs ?? {} };
    } catch (error) {
      const messages = (error as { errors?: Message[] }).errors;
      if (messages === undefined) {
        throw error;
      }
      throw new BuildError([...known, ...messages.map((message) => toFault(message))]);
    }
  }

  private writeStatic(): void {
    mkdirSync(this.outDir, { recursive: true });
    for (const folder of ['media', 'rawfile']) {
      rmSync(path.join(this.outDir, folder), { recursive: true, force: true });
    }
    for (const { from, to } of this.resources.copies) {
      const target = path.join(this.outDir, to);
      mkdirSync(path.dirname(target), { recursive: true });
      cpSync(from, target);
    }
    const css = path.join(this.dirs.runtime, 'components/layout.css');
    writeFileSync(path.join(this.outDir, 'app.css'), existsSync(css) ? readFileSync(css) : '');
    writeFileSync(path.join(this.outDir, 'index.html'), previewHtml(this.project, this.resources));
  }

  /** The page asks for these when the app opens its first database, and not before. */
  private writeSqlite(): void {
    const { resolve } = createRequire(import.meta.url);
    for (const name of Object.values(SQLITE_FILES)) {
      cpSync(resolve(`sql.js/dist/${name}`), path.join(this.outDir, SQLITE_FOLDER, name));
    }
  }
}

function toFault(message: Message): Fault {
  const at = message.location;
  const text = message.text.replace(` "${ENTRY_EXPORT}"`, ' an @Entry struct');
  return at === null
    ? { file: 'preview', line: 0, column: 0, text }
    : { file: at.file, line: at.line, column: at.line === 0 ? 0 : at.column + 1, text };
}
