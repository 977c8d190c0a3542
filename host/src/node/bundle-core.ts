import { readFileSync } from 'node:fs';
import path from 'node:path';
import { build, type Message, type Plugin } from 'esbuild';
import { ETS_TSCONFIG, loadPureEts } from '../compiler/pure-ets.js';
import { coreFiles, CORE_DIR, ROOT } from './paths.js';

/** Sources that cannot be built. One line per fault: file:line:column text. */
export class NodeBuildError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NodeBuildError';
  }
}

/** Core as one ES module: what Index.ets exports, the fakes of `testing`, and `files` for what has neither. */
export async function bundleCore(outFile: string): Promise<void> {
  const names = coreFiles();
  const places = names.map((name) => JSON.stringify(`./src/main/ets/${name}`));
  const entry = [
    `export * from './Index';`,
    ...names.flatMap((name, i) => (name.startsWith('testing/') ? [`export * from ${places[i]};`] : [])),
    ...places.map((place, i) => `import * as file${i} from ${place};`),
    `export const files = {${names.map((name, i) => `${JSON.stringify(name)}: file${i}`).join(', ')}};`,
  ].join('\n');
  await bundle(entry, CORE_DIR, outFile, [pureEts()]);
}

/**
 * Never minified: names stay as they are written, but for a number behind one that two files have, and stacks lead to the
 * .ets lines. Not with `keepNames`, which names every closure anew each time it is made: that cost more than an HTTP call.
 */
export async function bundle(
  entry: string,
  resolveDir: string,
  outFile: string,
  plugins: readonly Plugin[],
): Promise<void> {
  try {
    await build({
      stdin: { contents: entry, resolveDir, sourcefile: `<${path.basename(outFile)}>`, loader: 'ts' },
      outfile: outFile,
      bundle: true,
      platform: 'node',
      packages: 'external',
      format: 'esm',
      target: 'node20',
      sourcemap: 'inline',
      sourcesContent: false,
      logLevel: 'silent',
      absWorkingDir: ROOT,
      tsconfigRaw: ETS_TSCONFIG,
      resolveExtensions: ['.ets', '.ts', '.js', '.mjs', '.json'],
      plugins: [...plugins],
    });
  } catch (error) {
    const errors = (error as { errors?: Message[] }).errors;
    if (errors === undefined) {
      throw error;
    }
    throw new NodeBuildError(errors.map(describe).join('\n'));
  }
}

/** See `loadPureEts`. */
export function pureEts(): Plugin {
  return {
    name: 'pure ets',
    setup({ onLoad }): void {
      onLoad({ filter: /\.ets$/ }, (args) => loadPureEts(ROOT, args.path, readFileSync(args.path, 'utf8')));
    },
  };
}

function describe(message: Message): string {
  const at = message.location;
  return at === null ? message.text : `${at.file}:${at.line}:${at.column + 1} ${message.text}`;
}
