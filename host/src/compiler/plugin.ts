import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Plugin } from 'esbuild';
import { moduleOf, resolveImport, type Project } from '../project/project.js';
import { compileFile } from './compile-file.js';
import { toMessage } from './fault-message.js';
import type { Registry } from './registry.js';
import type { ResourceIndex } from './resources.js';

/** Lets esbuild read .ets files and find the modules of the project. */
export function etsPlugin(project: Project, registry: Registry, resources: () => ResourceIndex): Plugin {
  return {
    name: 'ets',
    setup(build): void {
      build.onResolve({ filter: /.*/ }, (args) => {
        if (path.isAbsolute(args.path) || moduleOf(project, args.importer) === undefined) {
          return undefined;
        }
        const target = resolveImport(project, args.importer, args.path);
        return typeof target === 'string' ? { path: target } : undefined;
      });
      build.onLoad({ filter: /\.ets$/ }, async (args) => {
        const text = await readFile(args.path, 'utf8');
        const { code, faults } = await compileFile(project, registry, resources(), args.path, text);
        if (faults.length > 0) {
          return { errors: faults.map(toMessage), watchFiles: [args.path] };
        }
        // Loader ts, not js: esbuild then drops imports and re-exports of what was only a type.
        return { contents: code, loader: 'ts', resolveDir: path.dirname(args.path) };
      });
    },
  };
}
