import path from 'node:path';
import { etsPlugin } from '../compiler/plugin.js';
import { loadRegistry } from '../compiler/registry.js';
import { readResources } from '../compiler/resources.js';
import { loadProject } from '../project/project.js';
import { bundle } from './bundle-core.js';
import { PLATFORM_DIR, ROOT } from './paths.js';

/**
 * Platform on the host's kits, as one ES module that imports `coreFile` instead of holding a second core. HTTP runs on
 * Node's own modules in the place of fetch.
 */
export async function bundlePlatform(outFile: string, coreFile: string): Promise<void> {
  const project = loadProject(ROOT);
  const resources = readResources(project);
  const core = `../${path.basename(path.dirname(coreFile))}/${path.basename(coreFile)}`;
  // The kit of databases too: tests look into what the stores wrote, and write what earlier versions of them did.
  const stores = JSON.stringify(path.join(ROOT, 'host/src/kits/ohos.data.relationalStore.ts'));
  const exported = `export * from './Index'; export { default as relationalStore } from ${stores};`;
  await bundle(exported, PLATFORM_DIR, outFile, [
    {
      name: 'one core',
      setup(build): void {
        build.onResolve({ filter: /^@parley\/core$/ }, () => ({ path: core, external: true }));
      },
    },
    {
      name: 'http of Node',
      setup(build): void {
        const file = path.join(ROOT, 'host/src/kits/node/http-exchange.ts');
        build.onResolve({ filter: /\/support\/http-exchange\.js$/ }, () => ({ path: file }));
      },
    },
    etsPlugin(project, await loadRegistry(), () => resources),
  ]);
}
