import path from 'node:path';
import { etsPlugin } from '../compiler/plugin.js';
import { loadRegistry } from '../compiler/registry.js';
import { readResources } from '../compiler/resources.js';
import { loadProject } from '../project/project.js';
import { bundle } from './bundle-core.js';
import { PLATFORM_DIR, ROOT } from './paths.js';

/** Platform on the host's kits, as one ES module that imports `coreFile` instead of holding a second core. */
export async function bundlePlatform(outFile: string, coreFile: string): Promise<void> {
  const project = loadProject(ROOT);
  const resources = readResources(project);
  const core = `../${path.basename(path.dirname(coreFile))}/${path.basename(coreFile)}`;
  await bundle(`export * from './Index';`, PLATFORM_DIR, outFile, [
    {
      name: 'one core',
      setup(build): void {
        build.onResolve({ filter: /^@parley\/core$/ }, () => ({ path: core, external: true }));
      },
    },
    etsPlugin(project, await loadRegistry(), () => resources),
  ]);
}
