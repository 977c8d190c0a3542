import { CommonNode } from './common-node.js';
import { CROSS_ALIGN, ITEM_ALIGN, JUSTIFY, alignment, length, type LengthValue } from './style.js';

const SPACE_BETWEEN = 3;

function div(className: string): HTMLElement {
  const element = document.createElement('div');
  element.className = className;
  return element;
}

interface LinearOptions {
  space?: LengthValue;
}

/** Row and Column: children at the start of the main axis, in the middle of the cross axis. */
abstract class LinearNode extends CommonNode {
  private space = '';
  private isReversed = false;

  constructor(
    className: string,
    private readonly axis: 'row' | 'column',
  ) {
    super(div(`ark ${className}`));
  }

  create(options: LinearOptions = {}): void {
    this.space = length(options.space);
    this.element.style.gap = this.space;
  }

  /** With SpaceBetween, SpaceAround and SpaceEvenly a device ignores `space`. */
  justifyContent(value: number): void {
    this.element.style.justifyContent = JUSTIFY[value] ?? 'flex-start';
    this.element.style.gap = value >= SPACE_BETWEEN ? '' : this.space;
  }

  alignItems(value: number): void {
    this.element.style.alignItems = CROSS_ALIGN[value] ?? 'center';
  }

  reverse(value: boolean | undefined): void {
    this.isReversed = value ?? true;
    this.element.style.flexDirection = this.isReversed ? `${this.axis}-reverse` : '';
  }
}

export class Column extends LinearNode {
  constructor() {
    super('ark-column', 'column');
  }
}

export class Row extends LinearNode {
  constructor() {
    super('ark-row', 'row');
  }
}

interface FlexOptions {
  direction?: number;
  wrap?: number;
  justifyContent?: number;
  alignItems?: number;
  alignContent?: number;
  space?: { main?: { value: number } | LengthValue; cross?: { value: number } | LengthValue };
}

const FLEX_DIRECTIONS = ['row', 'column', 'row-reverse', 'column-reverse'] as const;
const FLEX_WRAPS = ['nowrap', 'wrap', 'wrap-reverse'] as const;

/** Unlike Row and Column: fills the width, children stretch and shrink by the rules of CSS. */
export class Flex extends CommonNode {
  constructor() {
    super(div('ark ark-flex'));
  }

  create(options: FlexOptions = {}): void {
    const style = this.element.style;
    style.flexDirection = FLEX_DIRECTIONS[options.direction ?? 0] ?? 'row';
    style.flexWrap = FLEX_WRAPS[options.wrap ?? 0] ?? 'nowrap';
    style.justifyContent = JUSTIFY[options.justifyContent ?? 0] ?? 'flex-start';
    const items = ITEM_ALIGN[options.alignItems ?? 1] ?? 'flex-start';
    style.alignItems = items === 'auto' ? 'flex-start' : items;
    style.alignContent = JUSTIFY[options.alignContent ?? 0] ?? 'flex-start';
    const isColumn = (options.direction ?? 0) % 2 === 1;
    const main = gapOf(options.space?.main);
    const cross = gapOf(options.space?.cross);
    style.columnGap = isColumn ? cross : main;
    style.rowGap = isColumn ? main : cross;
  }
}

/** LengthMetrics carry their number in `value`, in vp. */
function gapOf(value: { value: number } | LengthValue | undefined): string {
  return typeof value === 'object' && value !== null && 'value' in value && typeof value.value === 'number'
    ? `${value.value}px`
    : length(value as LengthValue | undefined);
}

/** Children lie on each other, by default in the middle. */
export class Stack extends CommonNode {
  constructor() {
    super(div('ark ark-stack'));
  }

  create(options: { alignContent?: number } = {}): void {
    if (options.alignContent !== undefined) {
      this.alignContent(options.alignContent);
    }
  }

  alignContent(value: number): void {
    const at = alignment(value);
    this.element.style.setProperty('--align-block', at.block);
    this.element.style.setProperty('--align-inline', at.inline);
  }
}

/** The node that carries attributes chained on a custom component. */
export class CommonWrapper extends CommonNode {
  constructor() {
    super(div('ark ark-stack'));
  }

  create(): void {}
}
