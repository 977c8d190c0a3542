import type { LazyItem, LazySource, MountLazyItem } from '../core/node.js';
import type { DataChange } from './lazy-listener.js';
import { indexAfterInsert, indexAfterMove, indexAfterRemove, type RowHeights, type RowWindow } from './lazy-window.js';

export interface Row {
  index: number;
  readonly key: string;
  readonly item: LazyItem;
  /** The row's box; null where the page built nothing. */
  readonly element: HTMLElement | null;
  /** The source said that its data changed. */
  isStale: boolean;
}

/** The rows of a lazy list that exist, by index. */
export class MountedRows {
  private rows: Row[] = [];
  private readonly sizes: ResizeObserver;

  constructor(
    private readonly heights: RowHeights,
    private readonly source: LazySource,
    private readonly mountItem: MountLazyItem,
    private readonly keyOf: (item: unknown, index: number) => string,
    resized: () => void,
  ) {
    this.sizes = new ResizeObserver(resized);
  }

  get all(): readonly Row[] {
    return this.rows;
  }

  at(index: number): Row | undefined {
    return this.rows.find((row) => row.index === index);
  }

  /** Mounts what the window lacks. Answers with the rows outside of it, which `unmount` ends once the new ones stand. */
  fill(window: RowWindow): { leaving: Row[]; isSame: boolean } {
    const stays = (row: Row): boolean => row.index >= window.first && row.index <= window.last;
    const leaving = this.rows.filter((row) => !stays(row));
    const byIndex = new Map(this.rows.filter(stays).map((row) => [row.index, row]));
    const rows: Row[] = [];
    for (let index = window.first; index <= window.last; index++) {
      rows.push(byIndex.get(index) ?? this.mount(index));
    }
    const isSame = leaving.length === 0 && rows.length === byIndex.size;
    this.rows = rows;
    return { leaving, isSame };
  }

  unmount(row: Row): void {
    if (row.element !== null) {
      this.sizes.unobserve(row.element);
    }
    row.item.dispose();
  }

  /**
   * Follows the changes that the source has told since the last frame. Data are read only at the end, because the source is
   * already where all of them lead.
   */
  apply(changes: readonly DataChange[]): void {
    if (changes.some((change) => change.kind === 'reload')) {
      this.reload();
      return;
    }
    changes.forEach((change) => this.follow(change));
    const count = this.source.totalCount();
    if (count !== this.heights.count) {
      console.error(`LazyForEach: its source has ${count} items, but what it told adds up to ${this.heights.count}.`);
      this.reload();
      return;
    }
    this.rows = this.rows.map((row) => (row.isStale ? this.renew(row) : row));
  }

  dispose(): void {
    this.sizes.disconnect();
    this.rows.forEach((row) => row.item.dispose());
    this.rows = [];
  }

  private follow(change: DataChange): void {
    switch (change.kind) {
      case 'add':
        this.heights.insert(change.index, change.count);
        this.renumber((index) => indexAfterInsert(index, change.index, change.count));
        break;
      case 'delete':
        this.heights.remove(change.index, change.count);
        this.renumber((index) => indexAfterRemove(index, change.index, change.count));
        break;
      case 'move':
        this.heights.move(change.from, change.to);
        this.renumber((index) => indexAfterMove(index, change.from, change.to));
        break;
      case 'change': {
        const row = this.at(change.index);
        if (row !== undefined) {
          row.isStale = true;
        }
        break;
      }
      case 'reload':
        break;
    }
  }

  private renumber(next: (index: number) => number | null): void {
    this.rows = this.rows.filter((row) => {
      const index = next(row.index);
      if (index === null) {
        this.unmount(row);
        return false;
      }
      row.index = index;
      return true;
    });
    this.rows.sort((a, b) => a.index - b.index);
  }

  /** As on a device a row whose key stays the same is kept as it is. */
  private renew(row: Row): Row {
    row.isStale = false;
    if (this.keyOf(this.source.getData(row.index), row.index) === row.key) {
      return row;
    }
    const made = this.mount(row.index);
    this.unmount(row);
    return made;
  }

  /** Rows keep living under their key, wherever they are now. */
  private reload(): void {
    const count = this.source.totalCount();
    const old = new Map(this.rows.map((row) => [row.key, row]));
    const from = this.rows[0]?.index ?? 0;
    const to = Math.min(count, from + this.rows.length);
    this.heights.reset(count);
    this.rows = [];
    for (let index = from; index < to; index++) {
      const key = this.keyOf(this.source.getData(index), index);
      const row = old.get(key);
      if (row !== undefined) {
        old.delete(key);
        row.index = index;
        row.isStale = false;
        this.rows.push(row);
      }
    }
    old.forEach((row) => this.unmount(row));
  }

  private mount(index: number): Row {
    const data = this.source.getData(index);
    const item = this.mountItem(data, index);
    const element = item.nodes()[0]?.element ?? null;
    if (element !== null) {
      this.sizes.observe(element);
    }
    return { index, key: this.keyOf(data, index), item, element, isStale: false };
  }
}
