import { Block } from './block.js';
import { currentView, orDispose, runInBlock, withView } from './context.js';
import type { EtsLocation } from './errors.js';
import { Scope } from './scope.js';
import type { ViewV2 } from './view.js';

/** What a lazy list gets for one item: the nodes stay valid wherever the list puts them, in this order. */
export interface LazyItem {
  /** Every DOM node of the item, anchors included. The list inserts all of them, next to each other. */
  domNodes(): Node[];
  /** The component nodes at the top of the item; one, if the page follows the rules. */
  nodes(): UINode[];
  dispose(): void;
}

export type MountLazyItem = (item: unknown, index: number) => LazyItem;

/** Structural form of ArkUI's IDataSource: what a lazy list needs of it. */
export interface LazySource {
  totalCount(): number;
  getData(index: number): unknown;
  registerDataChangeListener(listener: object): void;
  unregisterDataChangeListener(listener: object): void;
}

/**
 * One ArkUI component: one DOM element and one effect.
 *
 * The effect calls `create(...)` and then every attribute, in the order of the page, again in every run; all of them
 * must be idempotent. A child's element always sits directly in `contentElement`, where core put it.
 *
 * The registry must hold one class named `__Common__`: it carries common attributes chained on a custom component
 * (`Child().width(10)`), as ArkUI's node of that name does, and its size is that of its child.
 */
export abstract class UINode {
  readonly element: HTMLElement;
  parent: UINode | null = null;
  /** Set by core: the struct whose build() or builder made this node, and the line. */
  view: ViewV2 | null = null;
  at: EtsLocation | null = null;
  readonly scope: Scope = new Scope();
  private rootBlock: Block | null = null;
  private rerun: (() => void) | null = null;

  /** A subclass creates its element: `constructor() { super(document.createElement('div')); }`. */
  constructor(element: HTMLElement) {
    this.element = element;
  }

  /** The arguments of the ArkUI constructor. Called first in every run of the effect. */
  abstract create(...args: never[]): void;

  /** Where the DOM of the children goes. Must hold nothing else, and stay the same after `create`. */
  get contentElement(): HTMLElement {
    return this.element;
  }

  /** The child nodes in document order, through `if`, `ForEach` and custom components. */
  get children(): UINode[] {
    return this.rootBlock === null ? [] : this.rootBlock.nodes();
  }

  /** After the child and everything below it was built and inserted. */
  childAttached(_child: UINode): void {}

  /** Before the child's element leaves the DOM. */
  childDetached(_child: UINode): void {}

  /** After every run of the effect, the first included. The first one runs before the children exist. */
  afterUpdate(): void {}

  /** Once, after this node and its children were built and inserted. Kits of animation and `onAppear` start here. */
  mounted(): void {}

  /** Release listeners and timers. */
  disposed(): void {}

  /** Takes the element out of the DOM. Override to let a leave transition finish first. */
  detachElement(): void {
    this.element.remove();
  }

  /**
   * Lists override this to mount only what is visible. Core calls it where a `LazyForEach` stands among the children.
   * `keyOf` gives the page's key of an item. Items go in front of `anchor`, which stays in `contentElement`.
   * `mountItem` calls `childAttached` while the item is still outside of the document, and its nodes are not in
   * `children`. The node disposes its items in the returned `dispose`.
   */
  mountLazy(
    _source: LazySource,
    _mountItem: MountLazyItem,
    _keyOf: (item: unknown, index: number) => string,
    _anchor: Comment,
  ): { dispose(): void } {
    throw new Error('LazyForEach is not possible here: this component does not build its children lazily');
  }

  /** Runs the effect again in the next frame, as when a pressed state changes. */
  invalidate(): void {
    this.rerun?.();
  }

  /** For core only. */
  bindRerun(rerun: () => void): void {
    this.rerun = rerun;
  }

  /** For core only: the block of the children. */
  content(): Block {
    if (this.rootBlock === null) {
      const anchor = document.createComment('');
      this.contentElement.appendChild(anchor);
      this.rootBlock = new Block(this, anchor);
      this.scope.adopt(this.rootBlock.scope);
    }
    return this.rootBlock;
  }
}

/**
 * Builds what `builder` describes (a @Builder, a trailing block, a `CustomBuilder` given to an attribute) below `parent`
 * into `host`. Components in it find the @Provider values of `parent`, and `parent.childAttached` hears of them.
 */
export function mountBuilder(parent: UINode, host: HTMLElement, builder: () => void): { dispose(): void } {
  const anchor = document.createComment('');
  host.appendChild(anchor);
  const block = new Block(parent, anchor);
  parent.scope.adopt(block.scope);
  const view = parent.view ?? currentView();
  const dispose = (): void => {
    block.dispose();
    anchor.remove();
  };
  orDispose(dispose, () => withView(view, () => runInBlock(block, builder)));
  return { dispose };
}
