/** Boxes of list rows, margins included. Margins are always inline: the attribute writes them there. */
export function outerHeight(element: HTMLElement): number {
  return element.getBoundingClientRect().height + marginOf(element, 'marginTop') + marginOf(element, 'marginBottom');
}

function marginOf(element: HTMLElement, side: 'marginTop' | 'marginBottom'): number {
  return Number.parseFloat(element.style[side]) || 0;
}

/** The upper edge of the row's margin, from the top of the window. */
export function outerTop(element: HTMLElement): number {
  return element.getBoundingClientRect().top - marginOf(element, 'marginTop');
}

/** Top of the scrolled content, from the top of the window. */
export function contentTop(scroller: HTMLElement): number {
  return scroller.getBoundingClientRect().top + scroller.clientTop - scroller.scrollTop;
}

/** Where a row would stand that is put in front of `end`: below what stands there now. */
export function nextRowTop(end: Node, space: number): number {
  let before: Node | null = end.previousSibling;
  while (before !== null && !(before instanceof HTMLElement)) {
    before = before.previousSibling;
  }
  if (before instanceof HTMLElement) {
    return before.getBoundingClientRect().bottom + space;
  }
  return end.parentElement?.getBoundingClientRect().top ?? 0;
}

/**
 * Puts the nodes in front of `end`, in order, moving only those that stand wrong: a moved element would lose its focus.
 * `leaving` nodes, which are removed next, may stand between them.
 */
export function arrangeBefore(end: Node, order: readonly Node[], leaving: ReadonlySet<Node>): void {
  const parent = end.parentNode;
  let next: Node = end;
  for (const node of [...order].reverse()) {
    let following = node.nextSibling;
    while (following !== null && following !== next && leaving.has(following)) {
      following = following.nextSibling;
    }
    if (following !== next) {
      parent?.insertBefore(node, next);
    }
    next = node;
  }
}
