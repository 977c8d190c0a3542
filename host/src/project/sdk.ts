import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type ts from 'ohos-typescript';

/** Folder of the SDK declarations: api/, component/, kits/, arkts/. */
export const SDK_DIR: string = path.join(packageDir('@arkts/declarations'), 'dist');

export const HYPIUM_DIR: string = packageDir('@ohos/hypium');

let cached: ts.EtsOptions | undefined;

/**
 * What makes the front end read struct, build() and chained attributes as ArkTS does. The SDK ships these options as a
 * configuration file; here they are derived from the declarations, so that the two can never disagree.
 * `libs` stays empty: filled, every name look-up scans the whole program (25 s instead of 2 s for 16 files).
 */
export function etsOptions(): ts.EtsOptions {
  cached ??= readEtsOptions();
  return cached;
}

/** Names of every built-in component that the SDK declares. */
export function declaredComponents(): readonly string[] {
  return etsOptions().components;
}

function readEtsOptions(): ts.EtsOptions {
  const components: { name: string; type: string; instance: string }[] = [];
  for (const file of readdirSync(path.join(SDK_DIR, 'component'))) {
    const text = readFileSync(path.join(SDK_DIR, 'component', file), 'utf8');
    for (const match of text.matchAll(/declare const (\w+)Instance: (\w+Attribute)/g)) {
      components.push({ name: match[1] ?? '', type: match[2] ?? '', instance: `${match[1] ?? ''}Instance` });
    }
  }
  const property = (name: string, needInitialization: boolean): { name: string; needInitialization: boolean } => ({
    name,
    needInitialization,
  });
  return {
    render: { method: ['build', 'pageTransition'], decorator: ['Builder', 'LocalBuilder'] },
    // ForEach, LazyForEach and Repeat have no such constants, and must not: read as components they do not parse.
    components: components.map((component) => component.name).filter((name) => name !== 'Common'),
    libs: [],
    extend: { decorator: ['Extend', 'AnimatableExtend'], components },
    styles: {
      decorator: 'Styles',
      component: { name: 'Common', type: 'T', instance: 'CommonInstance' },
      property: 'stateStyles',
    },
    concurrent: { decorator: 'Concurrent' },
    customComponent: 'CustomComponent',
    propertyDecorators: [
      property('Local', true),
      property('Param', true),
      property('Provider', true),
      property('Consumer', true),
      property('Require', false),
      property('Once', false),
      property('Event', false),
      property('BuilderParam', false),
    ],
    emitDecorators: [],
    syntaxComponents: {
      paramsUICallback: ['ForEach', 'LazyForEach'],
      attrUICallback: [{ name: 'Repeat', attributes: ['each', 'template'] }],
    },
  };
}

/** The folder of an installed package, looked up as Node does: not every package exports its own package.json. */
export function packageDir(name: string): string {
  let dir = path.dirname(fileURLToPath(import.meta.url));
  while (!existsSync(path.join(dir, 'node_modules', name))) {
    if (dir === path.dirname(dir)) {
      throw new Error(`package ${name} is not installed: run npm ci`);
    }
    dir = path.dirname(dir);
  }
  return path.join(dir, 'node_modules', name);
}
