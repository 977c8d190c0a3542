import { ScrollNode } from './scroll-node.js';
import type { Scroller } from './controllers.js';

/** ScrollDirection: Vertical 0, Horizontal 1, Free 2, None 3. */
const OVERFLOW = [
  ['hidden', 'auto'],
  ['auto', 'hidden'],
  ['auto', 'auto'],
  ['hidden', 'hidden'],
] as const;

/** One child, as long as it likes along the scrolling; it starts at the top. */
export class Scroll extends ScrollNode {
  private readonly edges: { handler?: (edge: number) => void } = {};

  constructor() {
    super('ark-scroll');
  }

  create(scroller?: Scroller): void {
    this.bind(scroller);
  }

  scrollable(value: number): void {
    const [x, y] = OVERFLOW[value] ?? OVERFLOW[0];
    this.isHorizontal = value === 1;
    this.element.style.overflowX = x;
    this.element.style.overflowY = y;
    this.element.toggleAttribute('data-horizontal', this.isHorizontal);
  }

  onDidScroll(handler: (xOffset: number, yOffset: number, state: number) => void): void {
    this.on.didScroll = handler;
  }

  onScrollEdge(handler: (edge: number) => void): void {
    this.edges.handler = handler;
  }

  scrollToIndex(): void {
    throw new Error('Scroller.scrollToIndex works with a List, not with a Scroll');
  }

  itemRect(): { x: number; y: number; width: number; height: number } {
    return { x: 0, y: 0, width: 0, height: 0 };
  }

  override mounted(): void {
    super.mounted();
    this.checkEdges();
  }

  protected override edgeReached(edge: 'start' | 'end'): void {
    this.edges.handler?.(edge === 'start' ? (this.isHorizontal ? 4 : 0) : this.isHorizontal ? 6 : 2);
  }
}
