import {
  flushNow,
  liveSubscribers,
  mountView,
  setResources,
  type ResourceTables,
} from '../../../../src/runtime/core/index.js';
import { colorMode, locale } from '../../../../src/runtime/core/config.js';

interface Options {
  ability: new () => object;
  pages: Record<string, Record<string, Parameters<typeof mountView>[0]>>;
  resources: ResourceTables;
}

/** Shows the first page and lets a test reach what it must steer. */
export function boot(options: Options): void {
  setResources(options.resources);
  new options.ability();
  const [page] = Object.values(options.pages);
  const [struct] = Object.values(page ?? {});
  const host = document.getElementById('app');
  if (struct === undefined || host === null) {
    throw new Error('no page');
  }
  const mounted = mountView(struct, host);
  Object.assign(globalThis, { hostTest: { mounted, colorMode, locale, flushNow, liveSubscribers } });
}
