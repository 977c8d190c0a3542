import { resolveVp } from '../core/resources.js';
import type { LazySource, MountLazyItem } from '../core/node.js';
import { LazySection, type LazyHost } from './lazy-section.js';
import { ScrollNode } from './scroll-node.js';
import { CommonNode } from './common-node.js';
import { color, length, wantsMotion, type ColorValue, type LengthValue } from './style.js';
import type { Scroller } from './controllers.js';

interface ListOptions {
  initialIndex?: number;
  space?: LengthValue;
  scroller?: Scroller;
}

interface DividerOptions {
  strokeWidth: LengthValue;
  color?: ColorValue;
  startMargin?: LengthValue;
  endMargin?: LengthValue;
}

/** ScrollAlign. */
enum Align {
  START,
  CENTER,
  END,
  AUTO,
}

const CROSS = ['start', 'center', 'end'] as const;

/** An item of the list: a row that was built, or the place of one that a LazyForEach would build. */
type Entry = { section: LazySection; index: number } | { element: HTMLElement };

interface Jump {
  index: number;
  align: Align;
  extra: number;
}

export class List extends ScrollNode implements LazyHost {
  readonly scroller: HTMLElement;
  space = 0;
  cached: number | null = null;
  keepsContent = false;
  private readonly body = document.createElement('div');
  private readonly sections = new Set<LazySection>();
  private readonly viewport: ResizeObserver;
  private pending: Jump | null = null;
  private isEntered = false;
  private smooth: Jump | null = null;
  private scrollIndex: ((start: number, end: number, center: number) => void) | null = null;
  private lastRange = '';

  constructor() {
    super('ark-list');
    this.scroller = this.element;
    this.body.className = 'ark-list-content';
    this.body.setAttribute('role', 'list');
    this.element.appendChild(this.body);
    this.viewport = new ResizeObserver(() => this.resized());
    this.viewport.observe(this.element);
    this.viewport.observe(this.body);
    this.element.addEventListener('scrollend', () => this.finishSmooth());
  }

  override get contentElement(): HTMLElement {
    return this.body;
  }

  override get accessElement(): HTMLElement {
    return this.body;
  }

  protected override get ownRole(): string {
    return 'list';
  }

  create(options: ListOptions = {}): void {
    this.space = options.space === undefined ? 0 : resolveVp(options.space);
    this.body.style.gap = `${this.space}px`;
    this.bind(options.scroller);
    if (!this.isEntered && this.pending === null && (options.initialIndex ?? 0) > 0) {
      this.pending = { index: options.initialIndex ?? 0, align: Align.START, extra: 0 };
    }
  }

  listDirection(value: number): void {
    this.isHorizontal = value === 1;
    this.element.toggleAttribute('data-horizontal', this.isHorizontal);
  }

  alignListItem(value: number): void {
    this.body.style.alignItems = CROSS[value] ?? 'start';
  }

  cachedCount(value: number): void {
    this.cached = value;
  }

  maintainVisibleContentPosition(value: boolean): void {
    this.keepsContent = value;
  }

  contentStartOffset(value: number): void {
    this.body.style.paddingTop = `${value}px`;
  }

  contentEndOffset(value: number): void {
    this.body.style.paddingBottom = `${value}px`;
  }

  /** Lines between items, in the middle of `space`. */
  divider(value: DividerOptions | null): void {
    this.element.toggleAttribute('data-divided', value !== null);
    const style = this.body.style;
    style.setProperty('--line-width', length(value?.strokeWidth));
    style.setProperty('--row-line', color(value?.color));
    style.setProperty('--line-start', length(value?.startMargin, '0px'));
    style.setProperty('--line-end', length(value?.endMargin, '0px'));
  }

  onScrollIndex(handler: (start: number, end: number, center: number) => void): void {
    this.scrollIndex = handler;
  }

  onDidScroll(handler: (offset: number, state: number) => void): void {
    this.on.didScroll = (x, y, state) => handler(this.isHorizontal ? x : y, state);
  }

  override mountLazy(
    source: LazySource,
    mountItem: MountLazyItem,
    keyOf: (item: unknown, index: number) => string,
    anchor: Comment,
  ): { dispose(): void } {
    const section = new LazySection(this, source, mountItem, keyOf, anchor);
    this.sections.add(section);
    return {
      dispose: () => {
        section.dispose();
        this.sections.delete(section);
      },
    };
  }

  /** The sections report after every pass; a wish from before the first layout is granted here. */
  windowChanged(): void {
    if (this.element.clientHeight === 0) {
      return;
    }
    this.isEntered = true;
    const wish = this.pending;
    if (wish !== null && this.entries().length > 0) {
      this.pending = null;
      this.jump(wish);
      return;
    }
    this.tellRange();
    this.checkEdges();
  }

  override scrollToIndex(index: number, isSmooth: boolean, align: number | undefined, extra: number): void {
    const jump: Jump = { index, align: align ?? Align.START, extra };
    if (this.element.clientHeight === 0 || !this.isEntered) {
      this.pending = jump;
      return;
    }
    this.flush();
    const top = this.targetOf(jump);
    if (top === null) {
      return;
    }
    if (isSmooth && wantsMotion()) {
      this.smooth = jump;
      this.element.scrollTo({ top, behavior: 'smooth' });
    } else {
      this.jump(jump);
    }
  }

  override scrollEdge(edge: number): void {
    const isEnd = edge === 2 || edge === 6;
    const last = (): number => this.entries().length - 1;
    if (this.element.clientHeight === 0 || !this.isEntered) {
      this.pending = { index: isEnd ? Number.MAX_SAFE_INTEGER : 0, align: isEnd ? Align.END : Align.START, extra: 0 };
      return;
    }
    this.smooth = null;
    this.flush();
    this.jump({ index: isEnd ? last() : 0, align: isEnd ? Align.END : Align.START, extra: 0 });
  }

  override itemRect(index: number): { x: number; y: number; width: number; height: number } {
    const element = this.elementOf(this.entries()[index]);
    if (element === null) {
      return { x: 0, y: 0, width: 0, height: 0 };
    }
    const outer = this.element.getBoundingClientRect();
    const box = element.getBoundingClientRect();
    return { x: box.left - outer.left, y: box.top - outer.top, width: box.width, height: box.height };
  }

  override disposed(): void {
    this.viewport.disconnect();
    super.disposed();
  }

  protected override scrolled(): void {
    this.sections.forEach((section) => section.scrolled());
    if (this.sections.size === 0) {
      this.tellRange();
    }
  }

  private resized(): void {
    if (this.sections.size > 0) {
      this.sections.forEach((section) => section.schedule());
    } else if (this.element.clientHeight > 0) {
      this.windowChanged();
    }
  }

  private flush(): void {
    this.sections.forEach((section) => section.flush());
  }

  private jump(jump: Jump): void {
    const entries = this.entries();
    const index = Math.max(0, Math.min(jump.index, entries.length - 1));
    const entry = entries[index];
    if (entry === undefined || (jump.align === Align.AUTO && this.isWhollyVisible(entry))) {
      return;
    }
    // Twice: only after the first pass is the row measured, and what lies around it.
    for (let pass = 0; pass < 2; pass++) {
      const delta = this.deltaFor(entry, jump.align) - jump.extra;
      if ('section' in entry) {
        entry.section.flush({ index: entry.index, delta });
      } else {
        const top = entry.element.getBoundingClientRect().top - this.element.getBoundingClientRect().top;
        this.element.scrollTop += top - delta;
      }
    }
    if (jump.align === Align.END && index === entries.length - 1) {
      this.element.scrollTop = this.element.scrollHeight;
    }
    this.tellRange();
  }

  /** Distance of the item's top from the viewport's top that the alignment asks for. */
  private deltaFor(entry: Entry, align: Align): number {
    const height = 'section' in entry ? entry.section.rows.heightOf(entry.index) : entry.element.offsetHeight;
    const room = this.element.clientHeight - height;
    switch (align) {
      case Align.START:
        return 0;
      case Align.CENTER:
        return room / 2;
      case Align.END:
        return room;
      case Align.AUTO: {
        const now = this.offsetOf(entry);
        return now < 0 ? 0 : Math.min(now, Math.max(0, room));
      }
    }
  }

  private isWhollyVisible(entry: Entry): boolean {
    const top = this.offsetOf(entry);
    const height = 'section' in entry ? entry.section.rows.heightOf(entry.index) : entry.element.offsetHeight;
    return this.elementOf(entry) !== null && top > -1 && top + height < this.element.clientHeight + 1;
  }

  private targetOf(jump: Jump): number | null {
    const entry = this.entries()[jump.index];
    return entry === undefined
      ? null
      : this.element.scrollTop + this.offsetOf(entry) - this.deltaFor(entry, jump.align);
  }

  /** On its way a smooth scroll met rows that were higher than guessed. */
  private finishSmooth(): void {
    const jump = this.smooth;
    this.smooth = null;
    if (jump !== null) {
      this.flush();
      const top = this.targetOf(jump);
      if (top !== null && Math.abs(top - this.element.scrollTop) > 1) {
        this.jump(jump);
      }
    }
  }

  private offsetOf(entry: Entry): number {
    return 'section' in entry
      ? entry.section.offsetOf(entry.index)
      : entry.element.getBoundingClientRect().top - this.element.getBoundingClientRect().top;
  }

  private elementOf(entry: Entry | undefined): HTMLElement | null {
    if (entry === undefined) {
      return null;
    }
    return 'section' in entry ? entry.section.elementOf(entry.index) : entry.element;
  }

  /** All items in order, those that are not built included. */
  private entries(): Entry[] {
    const byEnd = new Map([...this.sections].map((section) => [section.anchorNode as Node, section]));
    const found: Entry[] = [];
    for (const node of this.body.childNodes) {
      const section = byEnd.get(node);
      if (section !== undefined) {
        for (let index = 0; index < section.rows.count; index++) {
          found.push({ section, index });
        }
      } else if (node instanceof HTMLElement && node.classList.contains('ark-list-item') && !this.isLazy(node)) {
        found.push({ element: node });
      }
    }
    return found;
  }

  private isLazy(element: HTMLElement): boolean {
    return [...this.sections].some((section) => section.owns(element));
  }

  private tellRange(): void {
    if (this.scrollIndex === null || this.element.clientHeight === 0) {
      return;
    }
    const edge = this.element.getBoundingClientRect();
    let start = -1;
    let end = -1;
    for (const { index, element } of this.built()) {
      const box = element.getBoundingClientRect();
      if (box.bottom > edge.top + 0.5 && box.top < edge.bottom - 0.5) {
        start = start < 0 ? index : start;
        end = index;
      }
    }
    const range = `${start}-${end}`;
    if (start >= 0 && range !== this.lastRange) {
      this.lastRange = range;
      this.scrollIndex(start, end, Math.floor((start + end) / 2));
    }
  }

  /** The items that exist, with their place among all. */
  private *built(): Generator<{ index: number; element: HTMLElement }> {
    const byEnd = new Map([...this.sections].map((section) => [section.anchorNode as Node, section]));
    let index = 0;
    for (const node of this.body.childNodes) {
      const section = byEnd.get(node);
      if (section !== undefined) {
        for (const row of section.built()) {
          yield { index: index + row.index, element: row.element };
        }
        index += section.rows.count;
      } else if (node instanceof HTMLElement && node.classList.contains('ark-list-item') && !this.isLazy(node)) {
        yield { index, element: node };
        index++;
      }
    }
  }
}

/** As wide as the list; its child keeps its own size and stands in the middle. */
export class ListItem extends CommonNode {
  private readonly inner = document.createElement('div');

  constructor() {
    super(document.createElement('div'));
    this.element.className = 'ark ark-list-item';
    this.element.setAttribute('role', 'listitem');
    this.inner.className = 'ark-list-item-content';
    this.element.appendChild(this.inner);
  }

  create(_options?: { style?: number } | string): void {}

  override get contentElement(): HTMLElement {
    return this.inner;
  }

  /** The element stays a list item for assistive technology; what is in it is the button. */
  override get focusTarget(): HTMLElement {
    return this.inner;
  }
}
