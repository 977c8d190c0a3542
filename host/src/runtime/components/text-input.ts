import { resolveString } from '../core/resources.js';
import { EditNode } from './edit-node.js';
import { eyeIcon, eyeOffIcon } from './glyphs.js';
import { label } from './labels.js';

type StringValue = Parameters<typeof resolveString>[0];

interface TypeRule {
  html: string;
  mode: string;
  complete: string;
}

const PLAIN: TypeRule = { html: 'text', mode: 'text', complete: 'off' };
/** InputType by number. */
const TYPES: Readonly<Record<number, TypeRule>> = {
  0: PLAIN,
  1: { html: 'text', mode: 'numeric', complete: 'off' },
  2: { html: 'tel', mode: 'tel', complete: 'tel' },
  3: { html: 'text', mode: 'email', complete: 'email' },
  4: { html: 'password', mode: 'text', complete: 'current-password' },
  8: { html: 'password', mode: 'numeric', complete: 'current-password' },
  10: { html: 'text', mode: 'text', complete: 'username' },
  11: { html: 'password', mode: 'text', complete: 'new-password' },
  12: { html: 'text', mode: 'decimal', complete: 'off' },
  13: { html: 'url', mode: 'url', complete: 'url' },
};
const ENTER_DONE = 6;

/** One line; passwords get an eye that shows them. Enter submits and ends editing unless the page keeps it. */
export class TextInput extends EditNode {
  private readonly eye = document.createElement('button');
  private readonly message = document.createElement('div');
  private rule = PLAIN;
  private isShown = false;
  private wantsEye = true;
  private error: string | null = null;

  constructor() {
    super(document.createElement('input'), 'ark-input', ENTER_DONE);
    this.eye.type = 'button';
    this.eye.className = 'ark-icon-button ark-eye';
    this.eye.addEventListener('click', (event) => {
      event.stopPropagation();
      this.isShown = !this.isShown;
      this.showType();
    });
    this.message.className = 'ark-input-error';
    this.message.setAttribute('role', 'alert');
  }

  protected override readonly blursOnSubmit = true;

  protected override submitsOn(): boolean {
    return true;
  }

  type(value: number): void {
    const rule = TYPES[value];
    if (rule === undefined) {
      throw new RangeError(`TextInput.type: expected one of ${Object.keys(TYPES).join(', ')}, got ${value}`);
    }
    this.rule = rule;
  }

  showPasswordIcon(value: boolean): void {
    this.wantsEye = value;
  }

  showPassword(value: boolean): void {
    this.isShown = value;
  }

  showUnderline(value: boolean): void {
    this.element.toggleAttribute('data-underline', value);
  }

  /** Text below the field, in the warning colour; undefined takes it away. */
  showError(value?: StringValue): void {
    this.error = value === undefined || value === null ? null : resolveString(value);
  }

  override afterUpdate(): void {
    super.afterUpdate();
    this.showType();
    this.showMessage();
  }

  private showType(): void {
    const field = this.field as HTMLInputElement;
    const isSecret = this.rule.html === 'password';
    const type = isSecret && this.isShown ? 'text' : this.rule.html;
    if (field.type !== type) {
      field.type = type;
    }
    field.inputMode ||= this.rule.mode;
    field.autocomplete = this.rule.complete as AutoFill;
    if (isSecret && this.wantsEye) {
      this.eye.innerHTML = this.isShown ? eyeIcon : eyeOffIcon;
      this.eye.setAttribute('aria-label', label(this.isShown ? 'hidePassword' : 'showPassword'));
      this.element.appendChild(this.eye);
    } else {
      this.eye.remove();
    }
  }

  private showMessage(): void {
    this.element.toggleAttribute('data-error', this.error !== null);
    this.field.setAttribute('aria-invalid', String(this.error !== null));
    if (this.error === null) {
      this.message.remove();
      return;
    }
    this.element.appendChild(this.message);
    if (this.message.textContent !== this.error) {
      this.message.textContent = this.error;
    }
  }
}
