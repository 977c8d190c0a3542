import { effect, signal, untracked, type Effect } from '../core/reactive.js';
import type { LazySource, MountLazyItem } from '../core/node.js';
import { RowHeights, indexAfterInsert, indexAfterRemove, rowWindow, type RowWindow } from './lazy-window.js';
import { arrangeBefore, contentTop, nextRowTop, outerHeight, outerTop } from './row-box.js';
import { MountedRows, type Row } from './mounted-rows.js';
import { LazyDataListener, type DataChange } from './lazy-listener.js';

/** What the section asks of its list. */
export interface LazyHost {
  readonly scroller: HTMLElement;
  readonly space: number;
  readonly cached: number | null;
  readonly keepsContent: boolean;
  /** After every pass: the range or the edges may be others now. */
  windowChanged(): void;
}

/** The row that must not move, and the distance of its top from the top of the viewport. */
interface Anchor {
  index: number;
  delta: number;
}

const MAX_PASSES = 10;

/**
 * The rows of one LazyForEach: between two spacers stand only those that are visible, and some on each side. While rows are
 * measured or changed above, the upper spacer takes up the difference, so that the scroll position, and with it the
 * reader's swing, stays untouched; only where the spacer ends must the position move.
 */
export class LazySection {
  readonly rows: RowHeights;
  private readonly mounted: MountedRows;
  private anchor: Anchor = { index: 0, delta: 0 };
  /** False until rows have stood: then there is nothing to hold on to, and the first row stands where the section starts. */
  private hasAnchor = false;
  private wanted: Anchor | null = null;
  private readonly upper = document.createElement('div');
  private readonly lower = document.createElement('div');
  private readonly version = signal(0);
  private readonly flushEffect: Effect;
  private readonly changes: DataChange[] = [];
  private readonly listener = new LazyDataListener((change) => this.changed(change));
  private isFlushing = false;
  private isDisposed = false;
  visible: RowWindow = { first: 0, last: -1, visibleFirst: 0, visibleLast: -1 };

  constructor(
    private readonly host: LazyHost,
    private readonly source: LazySource,
    mountItem: MountLazyItem,
    keyOf: (item: unknown, index: number) => string,
    private readonly end: Comment,
  ) {
    this.upper.className = 'ark-list-spacer';
    this.lower.className = 'ark-list-spacer';
    this.rows = new RowHeights(source.totalCount(), host.space);
    this.mounted = new MountedRows(this.rows, source, mountItem, keyOf, () => this.schedule());
    source.registerDataChangeListener(this.listener);
    this.flushEffect = effect(() => {
      // The first run only subscribes: the page around the list has no size yet.
      if (this.version.get() > 0) {
        untracked(() => this.flush());
      }
    });
    this.schedule();
  }

  get anchorNode(): Comment {
    return this.end;
  }

  owns(element: Element): boolean {
    return element === this.upper || element === this.lower || this.mounted.all.some((row) => row.element === element);
  }

  schedule(): void {
    if (!this.isFlushing && !this.isDisposed) {
      this.version.set(this.version.peek() + 1);
    }
  }

  /** The reader scrolled: the row under the upper edge becomes the anchor. */
  scrolled(): void {
    if (this.isFlushing || this.changes.length > 0) {
      return;
    }
    const offset = this.host.scroller.scrollTop - this.start();
    const visible = this.mounted.all.find((row) => this.bottomOf(row) > 0) ?? null;
    if (visible !== null && this.topOf(visible) < this.host.scroller.clientHeight) {
      this.anchor = { index: visible.index, delta: this.topOf(visible) };
    } else {
      const index = this.rows.indexAt(offset);
      this.anchor = { index, delta: this.rows.top(index) - offset };
      this.hasAnchor = true;
    }
    this.schedule();
  }

  /** Rows up to date and placed, now. `jump` puts its row where it says. */
  flush(jump: Anchor | null = null): void {
    this.wanted = jump ?? this.wanted;
    if (this.isFlushing || this.isDisposed) {
      return;
    }
    this.isFlushing = true;
    try {
      this.applyChanges();
      if (this.host.scroller.clientHeight > 0) {
        const natural = (): Anchor => ({ index: 0, delta: this.start() - this.host.scroller.scrollTop });
        this.anchor = this.wanted ?? (this.hasAnchor ? this.anchor : natural());
        const isJump = this.wanted !== null;
        this.wanted = null;
        this.settle(isJump);
      }
    } finally {
      this.isFlushing = false;
    }
    this.host.windowChanged();
  }

  built(): { index: number; element: HTMLElement }[] {
    return this.mounted.all.flatMap(({ index, element }) => (element === null ? [] : [{ index, element }]));
  }

  elementOf(index: number): HTMLElement | null {
    return this.mounted.at(index)?.element ?? null;
  }

  /** Where row `index` is now, or would be by the heights known: from the top of the viewport. */
  offsetOf(index: number): number {
    const row = this.mounted.at(index);
    return row?.element ? this.topOf(row) : this.start() + this.rows.top(index) - this.host.scroller.scrollTop;
  }

  dispose(): void {
    this.isDisposed = true;
    this.flushEffect.dispose();
    this.source.unregisterDataChangeListener(this.listener);
    this.mounted.dispose();
    this.upper.remove();
    this.lower.remove();
  }

  /** Mounts, measures and places until the window holds still. */
  private settle(isJump: boolean): void {
    this.rows.setSpace(this.host.space);
    const { scroller } = this.host;
    let mayScroll = isJump;
    for (let pass = 0; pass < MAX_PASSES; pass++) {
      this.anchor.index = Math.max(0, Math.min(this.anchor.index, this.rows.count - 1));
      const offset = this.rows.top(this.anchor.index) - this.anchor.delta;
      const bounded = Math.max(0, Math.min(offset, this.rows.total - scroller.clientHeight));
      const next = rowWindow(
        this.rows,
        this.mounted.all.length === 0 || mayScroll ? bounded : offset,
        scroller.clientHeight,
        this.host.cached,
      );
      const isSame = this.show(next);
      const isMeasured = this.measure();
      this.place(mayScroll);
      this.visible = next;
      if (isSame && !isMeasured) {
        break;
      }
      mayScroll = isJump;
    }
    this.keepAnchor();
  }

  /** True when the rows that are mounted are the wanted ones already. */
  private show(next: RowWindow): boolean {
    const { leaving, isSame } = this.mounted.fill(next);
    this.insert(leaving);
    // The new rows stand before the old ones go: so the content never gets shorter than the scroll position.
    leaving.forEach((row) => this.mounted.unmount(row));
    return isSame;
  }

  private insert(leaving: readonly Row[]): void {
    const order: Node[] = this.mounted.all.flatMap((row) => row.item.domNodes());
    if ((this.mounted.all[0]?.index ?? 0) > 0) {
      order.unshift(this.upper);
    } else {
      this.upper.remove();
    }
    if (this.mounted.all.length > 0 && (this.mounted.all.at(-1)?.index ?? 0) < this.rows.count - 1) {
      order.push(this.lower);
    } else {
      this.lower.remove();
    }
    arrangeBefore(this.end, order, new Set(leaving.flatMap((row) => row.item.domNodes())));
  }

  private measure(): boolean {
    let isChanged = false;
    for (const row of this.mounted.all) {
      const height = row.element === null ? -this.rows.space : outerHeight(row.element);
      isChanged = this.rows.measure(row.index, height) || isChanged;
    }
    return isChanged;
  }

  private place(mayScroll: boolean): void {
    const first = this.mounted.all[0];
    const last = this.mounted.all.at(-1);
    if (first === undefined || last === undefined) {
      return;
    }
    const { scroller } = this.host;
    this.lower.style.height = `${Math.max(0, this.rows.total - this.rows.top(last.index + 1))}px`;
    const exact = Math.max(0, this.rows.top(first.index) - this.rows.space);
    if (first.index === 0) {
      this.scrollToAnchor();
      return;
    }
    if (mayScroll) {
      this.upper.style.height = `${exact}px`;
      this.scrollToAnchor();
      return;
    }
    // Height of the spacer at which the anchor stands where it stood.
    const above = this.rows.top(this.anchor.index) - this.rows.top(first.index);
    const elastic = scroller.scrollTop + this.anchor.delta - this.start() - above - this.rows.space;
    if (elastic > 0 && Math.abs(elastic - exact) < Math.max(exact, scroller.clientHeight)) {
      this.upper.style.height = `${elastic}px`;
    } else {
      this.upper.style.height = `${exact}px`;
      this.scrollToAnchor();
    }
  }

  private scrollToAnchor(): void {
    const row = this.mounted.at(this.anchor.index);
    const top = row?.element ? this.topOf(row) : this.offsetOf(this.anchor.index);
    const difference = top - this.anchor.delta;
    if (Math.abs(difference) >= 1) {
      this.host.scroller.scrollTop += difference;
    }
  }

  /** The browser may have stopped at an end of the content: then the anchor is what it shows. */
  private keepAnchor(): void {
    const row = this.mounted.all.find((candidate) => this.bottomOf(candidate) > 0);
    this.hasAnchor = row !== undefined;
    if (row !== undefined) {
      this.anchor = { index: row.index, delta: this.topOf(row) };
      const { scroller } = this.host;
      const bottom = scroller.clientHeight - 0.5;
      const last = [...this.mounted.all].reverse().find((candidate) => this.topOf(candidate) < bottom) ?? row;
      this.visible = { ...this.visible, visibleFirst: row.index, visibleLast: Math.max(row.index, last.index) };
    }
  }

  private applyChanges(): void {
    const changes = this.changes.splice(0);
    if (changes.length === 0) {
      return;
    }
    this.mounted.apply(changes);
    if (this.host.keepsContent) {
      changes.forEach((change) => {
        this.anchor.index = anchorAfter(this.anchor.index, change);
      });
    }
  }

  private changed(change: DataChange): void {
    this.changes.push(change);
    this.schedule();
  }

  /** Top of the section in the scrolled content. */
  private start(): number {
    const zero = contentTop(this.host.scroller);
    const first = this.mounted.all[0];
    if (this.upper.isConnected) {
      return this.upper.getBoundingClientRect().top - zero;
    }
    if (first?.element?.isConnected) {
      return outerTop(first.element) - zero - this.rows.top(first.index);
    }
    return nextRowTop(this.end, this.rows.space) - zero;
  }

  private topOf(row: Row): number {
    const { scroller } = this.host;
    return row.element === null ? 0 : outerTop(row.element) - contentTop(scroller) - scroller.scrollTop;
  }

  private bottomOf(row: Row): number {
    return row.element === null ? 0 : this.topOf(row) + outerHeight(row.element);
  }
}

/** Where the content of row `index` is after the change; a removed row is followed by the next one. */
function anchorAfter(index: number, change: DataChange): number {
  switch (change.kind) {
    case 'add':
      return indexAfterInsert(index, change.index, change.count);
    case 'delete':
      return indexAfterRemove(index, change.index, change.count) ?? change.index;
    default:
      return index;
  }
}
