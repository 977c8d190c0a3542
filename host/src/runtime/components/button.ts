import { resolveString } from '../core/resources.js';
import { TextStyleNode } from './text-style-node.js';
import { length, type LengthValue } from './style.js';

type StringValue = Parameters<typeof resolveString>[0];

interface ButtonOptions {
  type?: number;
  stateEffect?: boolean;
  buttonStyle?: number;
  controlSize?: string;
  role?: number;
}

const TYPES = ['capsule', 'circle', 'normal'] as const;
const STYLES = ['normal', 'emphasized', 'textual'] as const;
const EMPHASIZED = 1;
const ROLE_ERROR = 1;

/** 40 vp high capsule in the brand colour with a white label of 16 fp, weight medium; grey with buttonStyle NORMAL. */
export class Button extends TextStyleNode {
  private readonly caption = document.createElement('span');
  private wantsCaption = false;

  constructor() {
    const button = document.createElement('button');
    button.type = 'button';
    super(button);
    this.element.className = 'ark ark-button';
    this.caption.className = 'ark-button-label';
    this.type(0);
    this.buttonStyle(EMPHASIZED);
    this.stateEffect(true);
  }

  create(first?: StringValue | ButtonOptions, second: ButtonOptions = {}): void {
    const isOptions = typeof first === 'object' && first !== null && !('moduleName' in first);
    const options = isOptions ? (first as ButtonOptions) : second;
    this.wantsCaption = !isOptions && first !== undefined;
    if (this.wantsCaption) {
      this.caption.textContent = resolveString(first as StringValue);
      if (this.caption.parentElement === null) {
        this.element.prepend(this.caption);
      }
    }
    this.element.toggleAttribute('data-labelled', this.wantsCaption);
    if (options.type !== undefined) {
      this.type(options.type);
    }
    if (options.stateEffect !== undefined) {
      this.stateEffect(options.stateEffect);
    }
    if (options.buttonStyle !== undefined) {
      this.buttonStyle(options.buttonStyle);
    }
    if (options.controlSize !== undefined) {
      this.controlSize(options.controlSize);
    }
    if (options.role !== undefined) {
      this.role(options.role);
    }
  }

  type(value: number): void {
    this.element.dataset['type'] = TYPES[value] ?? 'capsule';
  }

  /** Darkens while pressed. */
  stateEffect(value: boolean): void {
    this.element.toggleAttribute('data-state-effect', value);
  }

  buttonStyle(value: number): void {
    this.element.dataset['style'] = STYLES[value] ?? 'emphasized';
  }

  /** SMALL is 28 vp high with 12 fp. */
  controlSize(value: string): void {
    this.element.dataset['size'] = value;
  }

  /** ERROR takes the warning colour. */
  role(value: number): void {
    this.element.toggleAttribute('data-error', value === ROLE_ERROR);
  }

  labelStyle(value: { maxLines?: number; overflow?: number }): void {
    this.caption.style.setProperty('-webkit-line-clamp', value.maxLines === undefined ? '' : String(value.maxLines));
  }

  override enabled(value: boolean): void {
    super.enabled(value);
    (this.element as HTMLButtonElement).disabled = !value;
    this.element.ariaDisabled = null;
  }

  override borderRadius(value: Parameters<TextStyleNode['borderRadius']>[0]): void {
    // The radius of a capsule or a circle is half its height whatever the page says.
    if (this.element.dataset['type'] === 'normal') {
      super.borderRadius(value);
    }
  }

  override width(value: LengthValue): void {
    super.width(value);
    this.element.style.setProperty('--diameter', length(value));
  }

  override height(value: LengthValue): void {
    super.height(value);
    this.element.style.setProperty('--diameter', length(value));
  }
}
