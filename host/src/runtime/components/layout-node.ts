import { UINode } from '../core/node.js';
import { ITEM_ALIGN, edgeLengths, length, alignment, type Box, type Edges, type LengthValue } from './style.js';

interface ConstraintSize {
  minWidth?: LengthValue;
  maxWidth?: LengthValue;
  minHeight?: LengthValue;
  maxHeight?: LengthValue;
}

interface Position {
  x?: LengthValue;
  y?: LengthValue;
}

const VISIBILITY_NONE = 2;
const DIRECTION = ['ltr', 'rtl', ''] as const;

/**
 * Size and place. Two rules of ArkUI that CSS does not have: a child without a size of its own is measured with at most the
 * whole parent, never shrunk; one with a size may be larger than the parent.
 */
export abstract class LayoutNode extends UINode {
  private hasWidth = false;
  private hasHeight = false;
  private limits: ConstraintSize = {};
  private outer: Box<string> = { top: '0', end: '0', bottom: '0', start: '0' };

  width(value: LengthValue): void {
    this.hasWidth = true;
    this.element.style.width = sizeOf(value);
    this.applyLimits();
  }

  height(value: LengthValue): void {
    this.hasHeight = true;
    this.element.style.height = sizeOf(value);
    this.applyLimits();
  }

  size(value: { width?: LengthValue; height?: LengthValue }): void {
    if (value.width !== undefined) {
      this.width(value.width);
    }
    if (value.height !== undefined) {
      this.height(value.height);
    }
  }

  constraintSize(value: ConstraintSize): void {
    this.limits = value;
    this.element.style.minWidth = length(value.minWidth);
    this.element.style.minHeight = length(value.minHeight);
    this.applyLimits();
  }

  padding(value: LengthValue | Edges<LengthValue>): void {
    setBox(this.element.style, 'padding', edgeLengths(value));
  }

  margin(value: LengthValue | Edges<LengthValue>): void {
    this.outer = edgeLengths(value);
    setBox(this.element.style, 'margin', this.outer);
    this.applyLimits();
  }

  /** A share of what the unweighted siblings leave; the size on the main axis is ignored. */
  layoutWeight(value: number | string): void {
    const weight = Number(value);
    const isWeighted = weight > 0;
    this.element.classList.toggle('ark-weighted', isWeighted);
    this.element.style.setProperty('--weight', isWeighted ? String(weight) : '');
  }

  flexGrow(value: number): void {
    this.element.style.flexGrow = String(value);
  }

  flexShrink(value: number): void {
    this.element.style.flexShrink = String(value);
  }

  flexBasis(value: number | string): void {
    this.element.style.flexBasis = value === 'auto' ? 'auto' : length(value);
  }

  alignSelf(value: number): void {
    this.element.style.alignSelf = ITEM_ALIGN[value] ?? 'auto';
  }

  /** Where the content sits in a box that is larger than it. Row and Column place their children by their own rules. */
  align(value: number): void {
    const at = alignment(value);
    this.element.style.setProperty('--align-block', at.block);
    this.element.style.setProperty('--align-inline', at.inline);
  }

  position(value: Position | Edges<LengthValue>): void {
    this.element.style.position = 'absolute';
    const place = value as Position & Edges<LengthValue>;
    const style = this.element.style;
    style.insetInlineStart = length(place.x ?? place.start ?? place.left, (place.end ?? place.right) ? 'auto' : '0');
    style.top = length(place.y ?? place.top, place.bottom === undefined ? '0' : 'auto');
    style.insetInlineEnd = length(place.end ?? place.right, 'auto');
    style.bottom = length(place.bottom, 'auto');
  }

  /** Moves the drawing, not the space that the component takes. */
  offset(value: Position | Edges<LengthValue>): void {
    const by = value as Position & Edges<LengthValue>;
    const style = this.element.style;
    style.insetInlineStart = length(by.x ?? by.start ?? by.left, 'auto');
    style.top = length(by.y ?? by.top, 'auto');
    style.insetInlineEnd = length(by.end ?? by.right, 'auto');
    style.bottom = length(by.bottom, 'auto');
  }

  zIndex(value: number): void {
    this.element.style.zIndex = String(value);
  }

  aspectRatio(value: number): void {
    this.element.style.aspectRatio = String(value);
  }

  direction(value: number): void {
    this.element.dir = DIRECTION[value] ?? '';
  }

  /** Hidden keeps the space, None gives it up. */
  visibility(value: number): void {
    this.element.classList.toggle('ark-none', value === VISIBILITY_NONE);
    this.element.style.visibility = value === 1 ? 'hidden' : '';
  }

  /** A browser page has no status bar and no navigation bar: its safe area is all of it, so nothing has to grow. */
  expandSafeArea(types: number[] = [], safeEdges: number[] = []): void {
    if (!Array.isArray(types) || !Array.isArray(safeEdges)) {
      throw new TypeError('expandSafeArea: expected arrays of SafeAreaType and SafeAreaEdge');
    }
  }

  private applyLimits(): void {
    const style = this.element.style;
    const { maxWidth, maxHeight } = this.limits;
    const room = (a = '0', b = '0'): string => (a === '0' && b === '0' ? '' : `calc(100% - ${a} - ${b})`);
    style.maxWidth = length(maxWidth, this.hasWidth ? 'none' : room(this.outer.start, this.outer.end));
    style.maxHeight = length(maxHeight, this.hasHeight ? 'none' : '');
  }
}

function sizeOf(value: LengthValue): string {
  return value === 'auto' ? 'auto' : length(value, 'auto');
}

export function setBox(style: CSSStyleDeclaration, name: 'padding' | 'margin', box: Box<string>): void {
  style.setProperty(`${name}-top`, box.top ?? '0');
  style.setProperty(`${name}-inline-end`, box.end ?? '0');
  style.setProperty(`${name}-bottom`, box.bottom ?? '0');
  style.setProperty(`${name}-inline-start`, box.start ?? '0');
}
