import { CommonNode } from './common-node.js';
import { color, length, type ColorValue, type LengthValue } from './style.js';
import type { ScrollTarget, Scroller } from './controllers.js';

/** ScrollState. */
const IDLE = 0;
const SCROLLING = 1;

/** ms without a scroll event after which the scrolling is over. */
const STOP_AFTER_MS = 120;
/** Half a pixel: zoomed pages scroll to fractions. */
const EDGE_TOLERANCE = 1;

/** What List and Scroll share. */
export abstract class ScrollNode extends CommonNode implements ScrollTarget {
  private stopTimer: ReturnType<typeof setTimeout> | undefined;
  private isScrolling = false;
  private last = { x: 0, y: 0 };
  private wasAtStart = false;
  private wasAtEnd = false;
  private bound: Scroller | null = null;
  protected isHorizontal = false;
  protected readonly on: {
    didScroll?: (x: number, y: number, state: number) => void;
    start?: () => void;
    stop?: () => void;
    reachStart?: () => void;
    reachEnd?: () => void;
  } = {};

  protected constructor(className: string) {
    const element = document.createElement('div');
    super(element);
    element.className = `ark ark-scroller ${className}`;
    element.addEventListener('scroll', () => this.handleScroll());
    element.addEventListener('scrollend', () => this.stopped());
  }

  /** BarState: Off, Auto (while scrolling; a browser's own thin bar), On. */
  scrollBar(value: number): void {
    this.element.dataset['bar'] = ['off', 'auto', 'on'][value] ?? 'auto';
  }

  scrollBarColor(value: ColorValue): void {
    this.element.style.setProperty('--bar', color(value));
  }

  scrollBarWidth(value: LengthValue): void {
    this.element.dataset['thin'] = String(Number.parseFloat(length(value)) < 8);
  }

  /** A browser draws its own effect, or none: Spring and Fade leave it to it, None forbids it. */
  edgeEffect(value: number, _options?: { alwaysEnabled: boolean }): void {
    this.element.style.overscrollBehavior = value === 2 ? 'none' : 'contain';
  }

  enableScrollInteraction(value: boolean): void {
    this.element.toggleAttribute('data-fixed', !value);
  }

  onScrollStart(handler: () => void): void {
    this.on.start = handler;
  }

  onScrollStop(handler: () => void): void {
    this.on.stop = handler;
  }

  onReachStart(handler: () => void): void {
    this.on.reachStart = handler;
  }

  onReachEnd(handler: () => void): void {
    this.on.reachEnd = handler;
  }

  get scrollOffset(): { x: number; y: number } {
    return { x: this.element.scrollLeft, y: this.element.scrollTop };
  }

  get isAtEnd(): boolean {
    const { element } = this;
    return this.isHorizontal
      ? element.scrollLeft + element.clientWidth >= element.scrollWidth - EDGE_TOLERANCE
      : element.scrollTop + element.clientHeight >= element.scrollHeight - EDGE_TOLERANCE;
  }

  get isAtStart(): boolean {
    return (this.isHorizontal ? this.element.scrollLeft : this.element.scrollTop) < EDGE_TOLERANCE;
  }

  scrollTo(x: number, y: number, isSmooth: boolean): void {
    this.element.scrollTo({ left: x, top: y, behavior: isSmooth ? 'smooth' : 'instant' });
  }

  scrollBy(dx: number, dy: number): void {
    this.element.scrollBy({ left: dx, top: dy, behavior: 'instant' });
  }

  /** Edge: Top 0, Bottom 2, Start 4, End 6. */
  scrollEdge(edge: number): void {
    const isEnd = edge === 2 || edge === 6;
    this.scrollTo(
      isEnd && this.isHorizontal ? this.element.scrollWidth : 0,
      isEnd ? this.element.scrollHeight : 0,
      false,
    );
  }

  scrollPage(isNext: boolean): void {
    const sign = isNext ? 1 : -1;
    this.scrollBy(
      this.isHorizontal ? sign * this.element.clientWidth : 0,
      this.isHorizontal ? 0 : sign * this.element.clientHeight,
    );
  }

  abstract scrollToIndex(index: number, isSmooth: boolean, align: number | undefined, extraOffset: number): void;
  abstract itemRect(index: number): { x: number; y: number; width: number; height: number };

  override disposed(): void {
    clearTimeout(this.stopTimer);
    this.bound?.attach(null);
    super.disposed();
  }

  protected bind(scroller: Scroller | undefined): void {
    if (this.bound !== (scroller ?? null)) {
      this.bound?.attach(null);
      this.bound = scroller ?? null;
    }
    this.bound?.attach(this);
  }

  /** Tells of an edge when it is reached, not while it stays there. */
  protected checkEdges(): void {
    if (this.element.clientHeight === 0) {
      return;
    }
    const isAtStart = this.isAtStart;
    const isAtEnd = this.isAtEnd;
    const reachedStart = isAtStart && !this.wasAtStart;
    const reachedEnd = isAtEnd && !this.wasAtEnd;
    this.wasAtStart = isAtStart;
    this.wasAtEnd = isAtEnd;
    if (reachedStart) {
      this.on.reachStart?.();
      this.edgeReached('start');
    }
    if (reachedEnd) {
      this.on.reachEnd?.();
      this.edgeReached('end');
    }
  }

  protected edgeReached(_edge: 'start' | 'end'): void {}
  protected scrolled(): void {}

  private handleScroll(): void {
    if (!this.isScrolling) {
      this.isScrolling = true;
      this.on.start?.();
    }
    clearTimeout(this.stopTimer);
    this.stopTimer = setTimeout(() => this.stopped(), STOP_AFTER_MS);
    const now = this.scrollOffset;
    this.on.didScroll?.(now.x - this.last.x, now.y - this.last.y, SCROLLING);
    this.last = now;
    this.scrolled();
    this.checkEdges();
  }

  private stopped(): void {
    clearTimeout(this.stopTimer);
    if (this.isScrolling) {
      this.isScrolling = false;
      this.on.didScroll?.(0, 0, IDLE);
      this.on.stop?.();
    }
  }
}
