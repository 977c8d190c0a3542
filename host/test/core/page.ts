import { FakeFrameClock } from '../../src/runtime/core/frame-clock.js';
import { UINode } from '../../src/runtime/core/node.js';
import { useFrameClock } from '../../src/runtime/core/reactive.js';
import { __el, mountView, type MountedView } from '../../src/runtime/core/tree.js';
import { ViewV2 } from '../../src/runtime/core/view.js';
import { fakeHost, installFakeDom, type FakeNode } from './fake-dom.js';

/** Shows a text; counts how often its effect ran. */
export class Label extends UINode {
  runs = 0;

  constructor() {
    super(document.createElement('label'));
  }

  create(text: unknown): void {
    this.runs++;
    this.element.textContent = String(text);
  }
}

export class Box extends UINode {
  readonly heard: string[] = [];

  constructor() {
    super(document.createElement('box'));
  }

  create(): void {}

  override childAttached(child: UINode): void {
    this.heard.push(`+${child.element.textContent ?? ''}`);
  }

  override childDetached(child: UINode): void {
    this.heard.push(`-${child.element.textContent ?? ''}`);
  }
}

export function label(text: () => unknown, line = 1): void {
  __el(Label, (node) => (node as Label).create(text()), null, 'test/Page.ets', line);
}

export function box(content: () => void): void {
  __el(Box, (node) => (node as Box).create(), content, 'test/Page.ets', 1);
}

type PropertyDecorator = (prototype: object, name: string) => void;

/** Applies decorators as the compiled code does, the last one first. */
export function decorate(target: { prototype: object }, decorators: Record<string, PropertyDecorator[]>): void {
  for (const [name, list] of Object.entries(decorators)) {
    for (const decorator of [...list].reverse()) {
      decorator(target.prototype, name);
    }
  }
}

export interface TestPage {
  readonly clock: FakeFrameClock;
  readonly host: FakeNode & HTMLElement;
  readonly mounted: MountedView;
  /** The microtask, then a frame. */
  update(): Promise<void>;
  close(): void;
}

type ViewClass = Parameters<typeof mountView>[0];

/** Mounts a struct in a fake document, with frames that come when the test says so. */
export function openPage(View: ViewClass): TestPage {
  const undo = installFakeDom();
  const clock = new FakeFrameClock();
  useFrameClock(clock);
  const host = fakeHost();
  const mounted = mountView(View, host);
  return {
    clock,
    host,
    mounted,
    update: async () => {
      await Promise.resolve();
      clock.tick();
    },
    close: () => {
      mounted.dispose();
      undo();
    },
  };
}

/** A struct whose build() is the given function. */
export function struct(build: (view: ViewV2) => void): ViewClass {
  return class extends ViewV2 {
    override build(): void {
      build(this);
    }
  };
}
