import type { Block } from './block.js';
import { requireBlock, runInBlock } from './context.js';
import { notify, track } from './observed.js';
import { untracked } from './reactive.js';
import { readItems, startEffect } from './tree.js';

/** What a Repeat gives its builders; both properties are observed. */
export class RepeatItem<T = unknown> {
  constructor(
    private currentItem: T,
    private currentIndex: number,
  ) {}

  get item(): T {
    track(this, 'item');
    return this.currentItem;
  }

  get index(): number {
    track(this, 'index');
    return this.currentIndex;
  }

  update(item: T, index: number): void {
    if (item !== this.currentItem) {
      this.currentItem = item;
      notify(this, 'item');
    }
    if (index !== this.currentIndex) {
      this.currentIndex = index;
      notify(this, 'index');
    }
  }
}

type ItemBuilder = (item: RepeatItem) => void;

/** Collects `.each(...).key(...).template(...).templateId(...)`. */
export class RepeatOptions {
  readonly builders = new Map<string, ItemBuilder>();
  keyOf: ((item: unknown, index: number) => string) | null = null;
  templateOf: ((item: unknown, index: number) => string) | null = null;

  each(builder: ItemBuilder): void {
    this.builders.set('', builder);
  }

  key(keyOf: (item: unknown, index: number) => string): void {
    this.keyOf = keyOf;
  }

  template(name: string, builder: ItemBuilder): void {
    this.builders.set(name, builder);
  }

  templateId(templateOf: (item: unknown, index: number) => string): void {
    this.templateOf = templateOf;
  }
}

interface Row {
  block: Block;
  item: RepeatItem;
  template: string;
}

/** `Repeat`: an item whose key stays gets the new item and index. */
export function __repeat(
  source: () => readonly unknown[],
  configure: (options: RepeatOptions) => void,
  file: string,
  line: number,
): void {
  const list = requireBlock('Repeat').insertBlock();
  const options = new RepeatOptions();
  configure(options);
  if (!options.builders.has('')) {
    throw new Error('Repeat has no .each(...)');
  }
  let rows = new Map<string, Row>();
  let extra = 0;
  startEffect(list.scope, 'Repeat', { file, line, column: 0 }, () => {
    const next = new Map<string, Row>();
    for (const [index, item] of readItems(source(), 'Repeat').entries()) {
      let id = String(options.keyOf?.(item, index) ?? `${index}__${JSON.stringify(item)}`);
      if (next.has(id)) {
        console.warn(`${file}:${line}: Repeat has the key '${id}' more than once.`);
        id = `${id} duplicate ${extra++}`;
      }
      const template = options.templateOf?.(item, index) ?? '';
      next.set(id, keep(rows.get(id), template, item, index) ?? add(template, item, index));
    }
    rows = next;
    untracked(() => list.arrange([...next.values()].map((row) => row.block)));
  });

  function keep(row: Row | undefined, template: string, item: unknown, index: number): Row | null {
    if (row === undefined || row.template !== template) {
      return null;
    }
    untracked(() => row.item.update(item, index));
    return row;
  }

  function add(template: string, item: unknown, index: number): Row {
    const builder = options.builders.get(template) ?? options.builders.get('');
    const row = { block: list.insertBlock(), item: new RepeatItem(item, index), template };
    runInBlock(row.block, () => builder?.(row.item));
    return row;
  }
}
