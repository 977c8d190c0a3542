/** As much of a document as core touches: a tree of elements, comments and fragments. */
export class FakeNode {
  parentNode: FakeNode | null = null;
  readonly childNodes: FakeNode[] = [];
  private text = '';

  constructor(
    readonly nodeType: number,
    readonly tag: string,
  ) {}

  get nextSibling(): FakeNode | null {
    const siblings = this.parentNode?.childNodes ?? [];
    return siblings[siblings.indexOf(this) + 1] ?? null;
  }

  get textContent(): string {
    return this.text + this.childNodes.map((child) => child.textContent).join('');
  }

  set textContent(value: string) {
    this.text = value;
  }

  appendChild(child: FakeNode): FakeNode {
    return this.insertBefore(child, null);
  }

  insertBefore(child: FakeNode, next: FakeNode | null): FakeNode {
    child.parentNode?.removeChild(child);
    const at = next === null ? this.childNodes.length : this.childNodes.indexOf(next);
    if (at < 0) {
      throw new Error('insertBefore: the reference is not a child');
    }
    this.childNodes.splice(at, 0, child);
    child.parentNode = this;
    return child;
  }

  removeChild(child: FakeNode): void {
    const at = this.childNodes.indexOf(child);
    if (at < 0) {
      throw new Error('removeChild: not a child');
    }
    this.childNodes.splice(at, 1);
    child.parentNode = null;
  }

  remove(): void {
    this.parentNode?.removeChild(this);
  }
}

const ELEMENT = 1;
const COMMENT = 8;
const FRAGMENT = 11;

/** Puts the fake in the place of `document`; undo with the function that it returns. */
export function installFakeDom(): () => void {
  const previous = Object.getOwnPropertyDescriptor(globalThis, 'document');
  Object.defineProperty(globalThis, 'document', {
    configurable: true,
    value: {
      createElement: (tag: string) => new FakeNode(ELEMENT, tag),
      createComment: () => new FakeNode(COMMENT, ''),
      createDocumentFragment: () => new FakeNode(FRAGMENT, ''),
    },
  });
  return () => {
    if (previous === undefined) {
      Reflect.deleteProperty(globalThis, 'document');
    } else {
      Object.defineProperty(globalThis, 'document', previous);
    }
  };
}

export function fakeHost(): FakeNode & HTMLElement {
  return new FakeNode(ELEMENT, 'host') as unknown as FakeNode & HTMLElement;
}
