import { resolveString } from '../core/resources.js';
import { forgetShrunk, shrinkLater, type Shrinkable } from './text-shrink.js';
import { TextStyleNode } from './text-style-node.js';
import { length, type LengthValue } from './style.js';

type StringValue = Parameters<typeof resolveString>[0];

const TEXT_ALIGNS = ['center', 'start', 'end', 'justify'] as const;
const OVERFLOW_ELLIPSIS = 2;
const WORD_BREAKS = ['normal', 'break-all', 'break-word'] as const;

/**
 * The box is as large as its text, at most as wide as the parent; with a height the text stands in the middle.
 * The text lies in an inner element, because a CSS box cannot both cut lines and place them.
 */
export class Text extends TextStyleNode implements Shrinkable {
  readonly run = document.createElement('span');

  constructor() {
    super(document.createElement('div'));
    this.element.className = 'ark ark-text';
    this.run.className = 'ark-text-run';
    this.run.dir = 'auto'; // the first letter with a direction decides it for the whole text
    this.element.appendChild(this.run);
  }

  /** Spans, if there are any; they take the place of the content. */
  override get contentElement(): HTMLElement {
    return this.run;
  }

  protected override get ownRole(): string | null {
    // A name on plain text needs a role that may have one: the text is then read as its name.
    return this.element.hasAttribute('data-named') ? 'img' : null;
  }

  create(content?: StringValue): void {
    this.setContent(resolveString(content));
  }

  maxLines(value: number): void {
    this.run.style.setProperty('-webkit-line-clamp', value > 0 && Number.isFinite(value) ? String(value) : '');
    this.element.classList.toggle('ark-clamped', value > 0 && Number.isFinite(value));
    this.run.classList.toggle('ark-one-line', value === 1);
  }

  /** Cut lines end with an ellipsis, or just end. */
  textOverflow(value: { overflow: number }): void {
    this.element.classList.toggle('ark-ellipsis', value.overflow === OVERFLOW_ELLIPSIS);
  }

  textAlign(value: number): void {
    const side = TEXT_ALIGNS[value] ?? 'start';
    this.run.style.textAlign = side;
    this.run.style.justifySelf = side === 'justify' ? '' : side;
  }

  wordBreak(value: number): void {
    const mode = WORD_BREAKS[value] ?? 'break-word';
    this.run.style.wordBreak = mode === 'break-all' ? 'break-all' : 'normal';
    this.run.style.overflowWrap = mode === 'normal' ? 'normal' : 'anywhere';
  }

  textIndent(value: LengthValue): void {
    this.run.style.textIndent = length(value);
  }

  baselineOffset(value: LengthValue): void {
    this.run.style.position = 'relative';
    this.run.style.bottom = length(value);
  }

  /** Any option but None lets the reader select the text. */
  copyOption(value: number): void {
    this.element.classList.toggle('ark-selectable', value > 0);
  }

  override accessibilityText(value: StringValue): void {
    super.accessibilityText(value);
    this.element.toggleAttribute('data-named', resolveString(value) !== '');
  }

  get isFree(): boolean {
    return this.element.style.width === '' && !this.element.classList.contains('ark-weighted');
  }

  override afterUpdate(): void {
    super.afterUpdate();
    shrinkLater(this);
  }

  override disposed(): void {
    forgetShrunk(this);
    super.disposed();
  }

  private setContent(text: string): void {
    const first = this.run.firstChild;
    if (first instanceof window.Text) {
      if (first.data !== text) {
        first.data = text;
      }
    } else if (text !== '') {
      this.run.prepend(text);
    }
  }
}

/** A run of text inside a Text. */
export class Span extends TextStyleNode {
  constructor() {
    super(document.createElement('span'));
    this.element.className = 'ark-span';
  }

  create(content: StringValue): void {
    this.element.textContent = resolveString(content);
  }
}
