import {
  resolveColor,
  resolveString,
  type ResourceColor,
  type ResourceStr,
} from '../../../../../src/runtime/core/index.js';
import { UINode, type LazyItem, type LazySource, type MountLazyItem } from '../../../../../src/runtime/core/node.js';

/** As little of ArkUI as the tests of compiler and core need: what they check is neither layout nor look. */
abstract class Common extends UINode {
  private click: (() => void) | null = null;

  id(value: string): void {
    this.element.id = value;
  }

  fontColor(value: ResourceColor): void {
    this.element.style.color = resolveColor(value);
  }

  width(value: number): void {
    this.element.style.width = `${value}px`;
  }

  justifyContent(value: number): void {
    this.element.dataset['justify'] = String(value);
  }

  onClick(listener: () => void): void {
    if (this.click === null) {
      this.element.addEventListener('click', () => this.click?.());
    }
    this.click = listener;
  }

  stateStyles(styles: Record<string, (node: Common) => void>): void {
    styles['normal']?.(this);
  }

  private menu: (() => void) | null = null;

  bindMenu(builder: () => void): void {
    this.menu = builder;
  }

  openMenu(): (() => void) | null {
    return this.menu;
  }
}

class Column extends Common {
  constructor() {
    super(document.createElement('div'));
  }

  create(): void {}
}

class Text extends Common {
  runs = 0;

  constructor() {
    super(document.createElement('span'));
  }

  create(value: ResourceStr | number = ''): void {
    this.runs++;
    this.element.textContent = resolveString(value);
    this.element.dataset['runs'] = String(this.runs);
  }
}

class Button extends Common {
  constructor() {
    super(document.createElement('button'));
  }

  create(value: ResourceStr = ''): void {
    this.element.textContent = resolveString(value);
  }
}

interface Bound {
  value: string;
  set(value: string): void;
}

class TextInput extends Common {
  private bound: Bound | null = null;

  constructor() {
    super(document.createElement('input'));
    this.element.addEventListener('input', () => this.bound?.set(this.input.value));
  }

  create(options: { text: string | Bound }): void {
    this.bound = typeof options.text === 'string' ? null : options.text;
    this.input.value = typeof options.text === 'string' ? options.text : options.text.value;
  }

  private get input(): HTMLInputElement {
    return this.element as HTMLInputElement;
  }
}

/** Mounts the first two items only. */
class List extends Column {
  override mountLazy(
    source: LazySource,
    mountItem: MountLazyItem,
    _keyOf: unknown,
    anchor: Comment,
  ): { dispose(): void } {
    const items: LazyItem[] = [];
    for (let index = 0; index < Math.min(2, source.totalCount()); index++) {
      const item = mountItem(source.getData(index), index);
      for (const node of item.domNodes()) {
        anchor.parentNode?.insertBefore(node, anchor);
      }
      items.push(item);
    }
    return { dispose: () => items.forEach((item) => item.dispose()) };
  }
}

export const components: Record<string, new () => UINode> = {
  Column,
  Text,
  Button,
  TextInput,
  List,
  __Common__: Column,
};

export const globals: Record<string, unknown> = { FlexAlign: { Start: 0, Center: 1, End: 2 } };
