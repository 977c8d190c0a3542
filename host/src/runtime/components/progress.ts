import { CommonNode } from './common-node.js';
import { color, length, type ColorValue, type LengthValue } from './style.js';

const LINEAR = 0;
const RING = 1;
const DEFAULT_TOTAL = 100;

interface ProgressOptions {
  value: number;
  total?: number;
  type?: number;
}

const KNOWN_STYLES = new Set(['strokeWidth']);

/** How much of a whole is done, as a bar or as a ring that begins at the top. `backgroundColor` is that of the rest. */
export class Progress extends CommonNode {
  private total = DEFAULT_TOTAL;
  private done = 0;

  constructor() {
    const element = document.createElement('div');
    element.className = 'ark ark-progress';
    super(element);
  }

  protected override get ownRole(): string {
    return 'progressbar';
  }

  create(options: ProgressOptions): void {
    const type = options.type ?? LINEAR;
    if (type !== LINEAR && type !== RING) {
      throw new Error('Progress: expected the type Linear or Ring, the host draws no other');
    }
    this.total = options.total ?? DEFAULT_TOTAL;
    this.done = options.value;
    this.element.dataset['type'] = type === RING ? 'ring' : 'linear';
    this.element.style.setProperty('--stroke', '');
  }

  value(value: number): void {
    this.done = value;
  }

  color(value: ColorValue): void {
    this.element.style.setProperty('--bar', color(value));
  }

  override backgroundColor(value: ColorValue): void {
    this.element.style.setProperty('--track', color(value));
  }

  style(options: { strokeWidth?: LengthValue }): void {
    const unknown = Object.keys(options).find((key) => !KNOWN_STYLES.has(key));
    if (unknown !== undefined) {
      throw new Error(`Progress: style "${unknown}" is not known here, expected strokeWidth`);
    }
    this.element.style.setProperty('--stroke', length(options.strokeWidth));
  }

  override afterUpdate(): void {
    super.afterUpdate();
    const value = Math.min(this.total, Math.max(0, this.done));
    this.element.style.setProperty('--done', String(this.total > 0 ? value / this.total : 0));
    this.element.setAttribute('aria-valuemax', String(this.total));
    this.element.setAttribute('aria-valuenow', String(value));
  }
}
