import { watch } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { BuildError } from '../compiler/fault.js';
import { PreviewBuilder } from '../compiler/preview-build.js';
import { servePreview } from '../compiler/preview-server.js';
import { moduleOf, type Project } from '../project/project.js';

/** After a burst of saved files one build is enough. */
const REBUILD_DELAY_MS = 80;

/** `npm run preview -- [--out DIR] [--serve PORT] [--watch]`. Without --serve and --watch it ends with 0, or 1 on faults. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      out: { type: 'string', default: 'build/preview' },
      serve: { type: 'string' },
      watch: { type: 'boolean', default: false },
    },
  });
  const root = process.cwd();
  const builder = await PreviewBuilder.create(root, path.resolve(root, values.out));
  let faults = await build(builder, root);
  if (values.watch) {
    watchSources(builder.project, async () => {
      faults = await build(builder, root);
    });
  } else {
    await builder.dispose();
  }
  if (values.serve !== undefined) {
    const { port } = await servePreview(builder.outDir, portOf(values.serve), () => faults);
    console.log(`Preview at http://localhost:${port}`);
  } else if (!values.watch) {
    process.exitCode = faults === '' ? 0 : 1;
  }
}

/** What is wrong, '' for nothing. */
async function build(builder: PreviewBuilder, root: string): Promise<string> {
  const startedAtMs = Date.now();
  try {
    await builder.build();
    console.log(`Built ${path.relative(root, builder.outDir)} in ${Date.now() - startedAtMs} ms.`);
    return '';
  } catch (error) {
    if (!(error instanceof BuildError)) {
      throw error;
    }
    console.error(error.message);
    return error.message;
  }
}

function watchSources(project: Project, changed: () => Promise<void>): void {
  let timer: NodeJS.Timeout | undefined;
  watch(project.root, { recursive: true }, (_event, file) => {
    if (file !== null && isSource(project, file)) {
      clearTimeout(timer);
      timer = setTimeout(() => void changed(), REBUILD_DELAY_MS);
    }
  });
}

function isSource(project: Project, file: string): boolean {
  return file.split(path.sep)[0] === 'AppScope' || moduleOf(project, path.join(project.root, file)) !== undefined;
}

function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new Error(`--serve: expected a port from 0 to 65535, got '${text}'`);
  }
  return port;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
