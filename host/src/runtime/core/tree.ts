import { Block } from './block.js';
import {
  currentBlock,
  currentView,
  orDispose,
  requireBlock,
  runInBlock,
  runWithoutBlock,
  withView,
} from './context.js';
import { describeFailure, HostError, type EtsLocation } from './errors.js';
import type { LazyItem, LazySource, UINode } from './node.js';
import { Phase, Subscriber, untracked } from './reactive.js';
import type { Scope } from './scope.js';
import { startDerived } from './derived.js';
import { isView } from './state-v2.js';
import { checkPassed, trailingParam, updateParams, ViewV2 } from './view.js';

export type ComponentClass = new () => UINode;

/** A component: its attributes are an effect of their own, its children are built once. */
export function __el(
  Component: ComponentClass,
  attributes: (node: UINode) => void,
  content: (() => void) | null,
  file: string,
  line: number,
): void {
  const at = { file, line, column: 0 };
  const block = requireBlock(Component.name);
  const view = currentView();
  guard(Component.name, at, () => {
    const node = new Component();
    node.parent = block.parentNode;
    node.view = view;
    node.at = at;
    block.insertNode(node);
    node.scope.beforeDispose(() => {
      if (node.parent?.scope.isDisposed === false) {
        node.parent.childDetached(node);
      }
    });
    node.scope.onDispose(() => node.disposed());
    const effect = startEffect(node.scope, Component.name, at, () => {
      attributes(node);
      node.afterUpdate();
    });
    node.bindRerun(() => effect.invalidate());
    if (content !== null) {
      runInBlock(node.content(), content);
    }
    untracked(() => {
      node.mounted();
      node.parent?.childAttached(node);
    });
  });
}

/** `if`: a branch is built when it is chosen and ended when another one is; nothing happens while the choice stays. */
export function __if(choose: () => number, branches: readonly (() => void)[], file: string, line: number): void {
  const block = requireBlock('if').insertBlock();
  let chosen: number | null = null;
  startEffect(block.scope, 'if', { file, line, column: 0 }, () => {
    const next = choose();
    if (next !== chosen) {
      chosen = next;
      untracked(() => block.clear());
      const branch = branches[next];
      if (branch !== undefined) {
        runInBlock(block, branch);
      }
    }
  });
}

/** `ForEach`: an item whose key stays keeps the closure that it was built with. */
export function __forEach(
  source: () => readonly unknown[],
  build: (item: unknown, index: number) => void,
  key: ((item: unknown, index: number) => string) | null,
  file: string,
  line: number,
): void {
  const list = requireBlock('ForEach').insertBlock();
  let blocks = new Map<string, Block>();
  startEffect(list.scope, 'ForEach', { file, line, column: 0 }, () => {
    const next = new Map<string, Block>();
    for (const [index, item] of readItems(source(), 'ForEach').entries()) {
      const id = String(key === null ? `${index}__${JSON.stringify(item)}` : key(item, index));
      if (next.has(id)) {
        console.warn(`${file}:${line}: ForEach has the key '${id}' more than once; only the first item is shown.`);
        continue;
      }
      let block = blocks.get(id);
      if (block === undefined) {
        block = list.insertBlock();
        runInBlock(block, () => build(item, index));
      }
      next.set(id, block);
    }
    blocks = next;
    untracked(() => list.arrange([...next.values()]));
  });
}

/** `LazyForEach`: the parent decides which items exist. */
export function __lazyForEach(
  source: () => LazySource,
  build: (item: unknown, index: number) => void,
  key: ((item: unknown, index: number) => string) | null,
  file: string,
  line: number,
): void {
  const block = requireBlock('LazyForEach').insertBlock();
  const parent = block.parentNode;
  const view = currentView();
  if (parent === null) {
    throw new HostError('LazyForEach needs a component around it', { file, line, column: 0 });
  }
  const mountItem = (item: unknown, index: number): LazyItem => {
    const anchor = document.createComment('');
    document.createDocumentFragment().appendChild(anchor);
    const itemBlock = new Block(parent, anchor);
    block.scope.adopt(itemBlock.scope);
    const dispose = (): void => {
      itemBlock.dispose();
      anchor.parentNode?.removeChild(anchor);
    };
    orDispose(dispose, () => withView(view, () => runInBlock(itemBlock, () => build(item, index))));
    return { domNodes: () => itemBlock.domNodes(), nodes: () => itemBlock.nodes(), dispose };
  };
  const keyOf = (item: unknown, index: number): string =>
    String(key === null ? `${index}__${JSON.stringify(item)}` : key(item, index));
  let mounted: { dispose(): void } | null = null;
  block.scope.onDispose(() => mounted?.dispose());
  startEffect(block.scope, 'LazyForEach', { file, line, column: 0 }, () => {
    const data = source();
    untracked(() => {
      mounted?.dispose();
      mounted = parent.mountLazy(data, mountItem, keyOf, block.anchor);
    });
  });
}

/**
 * `X(...)` in a builder, where X is not a component of ArkUI: a struct or a @Builder. `args` with `byReference` is one
 * object of getters: a struct's parameters, or a builder parameter that stays up to date.
 */
export function __call(
  callee: unknown,
  args: readonly unknown[],
  trailing: (() => void) | null,
  file: string,
  line: number,
): void {
  const at = { file, line, column: 0 };
  if (isView(callee)) {
    buildView(callee, (args[0] ?? {}) as Readonly<Record<string, unknown>>, trailing, at);
    return;
  }
  if (typeof callee !== 'function') {
    throw new HostError(`a ${callee === null ? 'null' : typeof callee} is called as a component or @Builder`, at);
  }
  if (trailing !== null) {
    throw new HostError(`${callee.name} is a @Builder and takes no trailing block`, at);
  }
  guard(callee.name, at, () => Reflect.apply(callee, undefined, args));
}

/** The same for `this.content(...)`. */
export function __method(target: object, name: string, args: readonly unknown[], file: string, line: number): void {
  const at = { file, line, column: 0 };
  const callee: unknown = Reflect.get(target, name);
  if (isView(callee)) {
    buildView(callee, (args[0] ?? {}) as Readonly<Record<string, unknown>>, null, at);
    return;
  }
  if (typeof callee !== 'function') {
    throw new HostError(`'${name}' is called as a @Builder but is ${String(callee)}`, at);
  }
  guard(name, at, () => Reflect.apply(callee, target, args));
}

/** The body of every @Builder: builds when called while building, else answers with what builds later. */
export function __build(body: () => void): (() => void) | undefined {
  if (currentBlock() !== null) {
    body();
    return undefined;
  }
  return () => body();
}

type ViewClass = new (passed: Record<string, unknown>) => ViewV2;

function buildView(
  View: ViewClass,
  params: Readonly<Record<string, unknown>>,
  trailing: (() => void) | null,
  at: EtsLocation | null,
): ViewV2 {
  const block = requireBlock(View.name).insertBlock();
  return guard(View.name, at, () => {
    let passed: Record<string, unknown> = {};
    let view: ViewV2 | null = null;
    startEffect(block.scope, View.name, at, () => {
      const values = { ...params };
      if (view === null) {
        passed = values;
      } else {
        updateParams(view, values);
      }
    });
    if (trailing !== null) {
      passed[trailingParam(View.prototype as object)] = trailing;
    }
    const made = runWithoutBlock(() => untracked(() => new View(passed)));
    view = made;
    checkPassed(made);
    ViewV2.markBuilt(made);
    withView(made, () => {
      runWithoutBlock(() =>
        untracked(() => {
          startDerived(made, block.scope);
          block.scope.beforeDispose(() => withView(made, () => runWithoutBlock(() => made.aboutToDisappear?.())));
          made.aboutToAppear?.();
        }),
      );
      runInBlock(block, () => made.build());
      runWithoutBlock(() => untracked(() => made.onDidBuild?.()));
    });
    return made;
  });
}

export interface MountedView {
  readonly view: ViewV2;
  /** The root component, of which there is one. */
  nodes(): UINode[];
  dispose(): void;
}

/** Builds a page into `host`. */
export function mountView(View: ViewClass, host: HTMLElement, params: Record<string, unknown> = {}): MountedView {
  const anchor = document.createComment('');
  host.appendChild(anchor);
  const block = new Block(null, anchor);
  const holder: { view: ViewV2 | null } = { view: null };
  const dispose = (): void => {
    block.dispose();
    anchor.parentNode?.removeChild(anchor);
  };
  orDispose(dispose, () =>
    withView(null, () =>
      runInBlock(block, () => {
        holder.view = buildView(View, params, null, null);
      }),
    ),
  );
  return { view: holder.view as unknown as ViewV2, nodes: () => block.nodes(), dispose };
}

interface NodeEffect {
  invalidate(): void;
}

/** An effect that belongs to `scope`, knows its struct, and names the component when it fails. */
export function startEffect(scope: Scope, name: string, at: EtsLocation | null, run: () => void): NodeEffect {
  const view = currentView();
  const subscriber = new Subscriber(Phase.NODE, () =>
    guard(name, at, () => withView(view, () => runWithoutBlock(run))),
  );
  scope.onDispose(() => subscriber.dispose());
  subscriber.execute();
  return { invalidate: () => subscriber.invalidate() };
}

/** Items with everything tracked that a device tracks here: the length and each index. */
export function readItems(source: readonly unknown[], what: string): unknown[] {
  if (!Array.isArray(source)) {
    throw new TypeError(`${what} needs an array, got ${source === null ? 'null' : typeof source}`);
  }
  const items: unknown[] = [];
  for (let index = 0; index < source.length; index++) {
    items.push(source[index]);
  }
  return items;
}

function guard<T>(name: string, at: EtsLocation | null, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw describeFailure(name, at, error);
  }
}

/** One object literal of parameters: every property is evaluated when it is read. */
export function __ref(properties: Readonly<Record<string, () => unknown>>): object {
  const object = {};
  for (const [name, read] of Object.entries(properties)) {
    Object.defineProperty(object, name, { enumerable: true, configurable: true, get: read });
  }
  return object;
}
