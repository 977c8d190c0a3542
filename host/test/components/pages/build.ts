import {
  __el,
  mountView,
  ViewV2,
  installTheme,
  signal,
  windowSize,
  type ComponentClass,
  type Signal,
  type UINode,
} from './runtime.js';

/** Everything that a component answers to: fixtures call attributes by name, as compiled pages do. */
export type Attributes = Record<string, (...args: unknown[]) => void> & UINode;

/** What the compiler emits for `X(args).a().b() { content }`. */
export function el(component: ComponentClass, attributes: (node: Attributes) => void, content?: () => void): void {
  __el(component, attributes as (node: UINode) => void, content ?? null, 'fixture.ts', 1);
}

export const acts: Record<string, (...args: never[]) => unknown> = {};
export const log: string[] = [];
acts['log'] = () => log.splice(0);

/** Offers pages by name to the test, which shows one of them. */
export function offer(pages: Record<string, () => void>): void {
  Object.assign(window, {
    acts,
    show: (name: string) => {
      windowSize.set({ width: innerWidth, height: innerHeight });
      installTheme();
      const build = pages[name];
      if (build === undefined) {
        throw new Error(`no fixture page ${name}`);
      }
      class FixturePage extends ViewV2 {
        build(): void {
          build?.();
        }
      }
      mountView(FixturePage, document.getElementById('app') as HTMLElement);
    },
  });
}

export { signal, type Signal };
