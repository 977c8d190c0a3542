import { takeClick } from './event-node.js';
import { TextStyleNode } from './text-style-node.js';
import { twoWay, type TwoWay } from './two-way.js';
import { color, type ColorValue } from './style.js';

const TYPES = ['checkbox', 'switch', 'button'] as const;

/** A switch of 36 × 20 vp, a round checkbox of 20 vp, or a button that stays down. */
export class Toggle extends TextStyleNode {
  private isOn = false;
  private bound: TwoWay<boolean> = twoWay(false);
  private handler: ((isOn: boolean) => void) | null = null;
  private kind: (typeof TYPES)[number] = 'switch';

  constructor() {
    const button = document.createElement('button');
    button.type = 'button';
    super(button);
    this.element.className = 'ark ark-toggle';
    this.element.addEventListener('click', (event) => {
      if (this.acceptsInput()) {
        takeClick(event);
        this.flip();
      }
    });
  }

  protected override get ownRole(): string | null {
    return this.kind === 'button' ? null : this.kind;
  }

  create(options: { type: number; isOn?: boolean | TwoWay<boolean> }): void {
    this.kind = TYPES[options.type] ?? 'switch';
    this.element.dataset['kind'] = this.kind;
    const bound = twoWay<boolean>(options.isOn ?? false);
    // A run that brings the old value again must not undo what the reader did: a device compares with the last argument.
    if (this.bound.value !== bound.value || this.element.dataset['on'] === undefined) {
      this.isOn = bound.value;
    }
    this.bound = bound;
    this.show();
  }

  onChange(handler: (isOn: boolean) => void): void {
    this.handler = handler;
  }

  selectedColor(value: ColorValue): void {
    this.element.style.setProperty('--on', color(value));
  }

  switchPointColor(value: ColorValue): void {
    this.element.style.setProperty('--point', color(value));
  }

  override enabled(value: boolean): void {
    super.enabled(value);
    (this.element as HTMLButtonElement).disabled = !value;
    this.element.ariaDisabled = null;
  }

  private flip(): void {
    this.isOn = !this.isOn;
    this.show();
    this.bound.set(this.isOn);
    this.handler?.(this.isOn);
  }

  private show(): void {
    this.element.dataset['on'] = String(this.isOn);
    this.element.setAttribute(this.kind === 'button' ? 'aria-pressed' : 'aria-checked', String(this.isOn));
  }
}
