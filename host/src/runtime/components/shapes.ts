import { CommonNode } from './common-node.js';
import { color, length, type ColorValue, type LengthValue } from './style.js';

function node(className: string): HTMLElement {
  const element = document.createElement('div');
  element.className = `ark ${className}`;
  return element;
}

/** Across the parent, one pixel by default; in a Row only with `vertical(true)` and a height. */
export class Divider extends CommonNode {
  private thickness = '1px';
  private isVertical = false;

  constructor() {
    super(node('ark-divider'));
  }

  protected override get ownRole(): string {
    return 'separator';
  }

  create(): void {
    this.thickness = `${1 / window.devicePixelRatio}px`;
    this.isVertical = false;
  }

  vertical(value: boolean): void {
    this.isVertical = value;
  }

  color(value: ColorValue): void {
    this.element.style.setProperty('--line', color(value));
  }

  strokeWidth(value: LengthValue): void {
    this.thickness = length(value);
  }

  lineCap(value: number): void {
    this.element.style.borderRadius = value === 1 ? '999px' : '';
  }

  override afterUpdate(): void {
    super.afterUpdate();
    this.element.toggleAttribute('data-vertical', this.isVertical);
    this.element.style.setProperty('--thickness', this.thickness);
    this.element.setAttribute('aria-orientation', this.isVertical ? 'vertical' : 'horizontal');
  }
}

/** Takes what is left on the main axis of a Row or Column that has a size there. */
export class Blank extends CommonNode {
  constructor() {
    super(node('ark-blank'));
  }

  create(min?: LengthValue): void {
    this.element.style.setProperty('--min', length(min, '0px'));
  }

  color(value: ColorValue): void {
    this.element.style.backgroundColor = color(value);
  }
}

/** Filled black where the page names no colour. */
export class Circle extends CommonNode {
  private strokeColor = '';
  private strokeSize = '1px';

  constructor() {
    super(node('ark-circle'));
  }

  create(size: { width?: LengthValue; height?: LengthValue } = {}): void {
    this.size(size);
  }

  fill(value: ColorValue): void {
    this.element.style.setProperty('--fill', color(value));
  }

  fillOpacity(value: number | string): void {
    this.element.style.setProperty('--fill-opacity', String(value));
  }

  stroke(value: ColorValue): void {
    this.strokeColor = color(value);
  }

  strokeWidth(value: LengthValue): void {
    this.strokeSize = length(value);
  }

  override afterUpdate(): void {
    super.afterUpdate();
    this.element.style.setProperty(
      '--stroke',
      this.strokeColor === '' ? 'none' : `${this.strokeSize} solid ${this.strokeColor}`,
    );
  }
}

/** A turning ring; it fills the smaller side of its box. */
export class LoadingProgress extends CommonNode {
  private isRunning = true;

  constructor() {
    super(node('ark-loading'));
    this.element.innerHTML = '<svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="9"/></svg>';
  }

  protected override get ownRole(): string {
    return 'progressbar';
  }

  create(): void {
    this.isRunning = true;
  }

  color(value: ColorValue): void {
    this.element.style.setProperty('--ring', color(value));
  }

  enableLoading(value: boolean): void {
    this.isRunning = value;
  }

  override afterUpdate(): void {
    super.afterUpdate();
    this.element.toggleAttribute('data-stopped', !this.isRunning);
  }
}

interface BadgeOptions {
  count?: number;
  maxCount?: number;
  value?: string;
  position?: number | { x: LengthValue; y: LengthValue };
  style: {
    color?: ColorValue;
    fontSize?: LengthValue;
    badgeSize?: LengthValue;
    badgeColor?: ColorValue;
    borderColor?: ColorValue;
    borderWidth?: LengthValue;
  };
}

const BADGE_PLACES = ['right-top', 'right', 'left'] as const;
const DEFAULT_MAX_COUNT = 99;

/** A mark on its only child: a number, a text, or a dot for an empty text; a count of 0 or less shows nothing. */
export class Badge extends CommonNode {
  private readonly mark = document.createElement('span');
  private readonly inner = document.createElement('div');

  constructor() {
    super(node('ark-badge'));
    this.inner.className = 'ark-badge-content';
    this.mark.className = 'ark-badge-mark';
    this.element.append(this.inner, this.mark);
  }

  override get contentElement(): HTMLElement {
    return this.inner;
  }

  create(options: BadgeOptions): void {
    const max = options.maxCount ?? DEFAULT_MAX_COUNT;
    const count = options.count;
    this.mark.hidden = count !== undefined && count <= 0;
    const text = count === undefined ? (options.value ?? '') : count > max ? `${max}+` : String(count);
    this.mark.textContent = text;
    this.mark.toggleAttribute('data-dot', text === '');
    const { style } = options;
    this.mark.style.color = color(style.color);
    this.mark.style.fontSize = style.fontSize === undefined ? '' : length(style.fontSize);
    this.mark.style.setProperty('--badge', length(style.badgeSize));
    this.mark.style.backgroundColor = color(style.badgeColor);
    this.mark.style.border =
      style.borderColor === undefined && style.borderWidth === undefined
        ? ''
        : `${length(style.borderWidth, '1px')} solid ${color(style.borderColor, 'transparent')}`;
    this.place(options.position);
  }

  private place(position: BadgeOptions['position']): void {
    const isFree = typeof position === 'object';
    this.mark.dataset['place'] = isFree ? 'free' : BADGE_PLACES[position ?? 0];
    this.mark.style.left = isFree ? length(position.x) : '';
    this.mark.style.top = isFree ? length(position.y) : '';
  }
}
