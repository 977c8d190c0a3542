import type { UINode } from './node.js';
import { Scope } from './scope.js';

/**
 * A run of children whose number can change: the content of a component, a branch of `if`, a list, one item of a list.
 * Its comment stands behind its last node, so that everything can be inserted or moved without looking for neighbours.
 */
export class Block {
  private entries: (UINode | Block)[] = [];
  private content = new Scope();
  /** Lives as long as the block; `clear` ends only what is in it. */
  readonly scope = new Scope();

  constructor(
    readonly parentNode: UINode | null,
    readonly anchor: Comment,
  ) {
    this.scope.adopt(this.content);
  }

  /** Whoever is built into the block belongs to this scope. */
  get contentScope(): Scope {
    return this.content;
  }

  insertNode(node: UINode): void {
    this.hostNode().insertBefore(node.element, this.anchor);
    this.entries.push(node);
    this.content.adopt(node.scope);
  }

  /** A block at the end of this one. */
  insertBlock(): Block {
    const anchor = document.createComment('');
    this.hostNode().insertBefore(anchor, this.anchor);
    const block = new Block(this.parentNode, anchor);
    this.entries.push(block);
    this.content.adopt(block.scope);
    return block;
  }

  nodes(): UINode[] {
    return this.entries.flatMap((entry) => (entry instanceof Block ? entry.nodes() : [entry]));
  }

  /** Every DOM node of the block in order; the anchor is the last one. */
  domNodes(): Node[] {
    const inside = this.entries.flatMap((entry): Node[] =>
      entry instanceof Block ? entry.domNodes() : [entry.element],
    );
    return [...inside, this.anchor];
  }

  /** Puts blocks of this block into the given order and drops the others. */
  arrange(blocks: readonly Block[]): void {
    const wanted = new Set<UINode | Block>(blocks);
    for (const entry of this.entries) {
      if (entry instanceof Block && !wanted.has(entry)) {
        entry.remove();
      }
    }
    const host = this.hostNode();
    let next: Node = this.anchor;
    for (const block of [...blocks].reverse()) {
      if (block.anchor.nextSibling !== next) {
        for (const node of block.domNodes()) {
          host.insertBefore(node, next);
        }
      }
      next = block.domNodes()[0] ?? block.anchor;
    }
    this.entries = [...blocks];
  }

  /** Ends and removes the content; the block can be filled again. */
  clear(): void {
    const nodes = this.nodes();
    const anchors = this.domNodes().filter((node) => node.nodeType === COMMENT_NODE && node !== this.anchor);
    this.entries = [];
    this.content.dispose();
    this.content = new Scope();
    if (!this.scope.isDisposed) {
      this.scope.adopt(this.content);
    }
    for (const node of nodes) {
      node.detachElement();
    }
    for (const anchor of anchors) {
      anchor.parentNode?.removeChild(anchor);
    }
  }

  /** Ends the block and takes its nodes out of the DOM. */
  dispose(): void {
    this.scope.dispose();
    this.clear();
  }

  private remove(): void {
    this.dispose();
    this.anchor.parentNode?.removeChild(this.anchor);
  }

  private hostNode(): Node {
    const host = this.anchor.parentNode;
    if (host === null) {
      throw new Error('A block whose anchor left the DOM cannot be built into');
    }
    return host;
  }
}

const COMMENT_NODE = 8;
