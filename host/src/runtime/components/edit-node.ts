import { resolveString } from '../core/resources.js';
import { arkKeyEvent, type ArkKeyEvent } from './keys.js';
import { takeClick } from './event-node.js';
import { TextStyleNode } from './text-style-node.js';
import { twoWay, type TwoWay } from './two-way.js';
import { color, fontLength, fontWeight, length, type ColorValue, type LengthValue } from './style.js';
import type { EditTarget, TextAreaController, TextInputController } from './controllers.js';

type StringValue = Parameters<typeof resolveString>[0];
export type EditElement = HTMLInputElement | HTMLTextAreaElement;

export interface EditOptions {
  placeholder?: StringValue;
  text?: StringValue | TwoWay<string>;
  controller?: TextInputController | TextAreaController;
}

export interface SubmitEvent {
  text: string;
  keepEditableState(): void;
}

interface EditHandlers {
  change?: (value: string) => void;
  submit?: (enterKey: number, event: SubmitEvent) => void;
  edit?: (isEditing: boolean) => void;
  selection?: (start: number, end: number) => void;
  copy?: (text: string) => void;
  cut?: (text: string) => void;
  paste?: (text: string, event: { preventDefault?: () => void }) => void;
  preIme?: (event: ArkKeyEvent) => boolean;
}

/** EnterKeyType by number, as `enterkeyhint`. */
const ENTER_HINTS: Readonly<Record<number, string>> = {
  2: 'go',
  3: 'search',
  4: 'send',
  5: 'next',
  6: 'done',
  7: 'previous',
  8: 'enter',
};
const TEXT_ALIGNS = ['center', 'start', 'end', 'justify'] as const;
export const ENTER_NEW_LINE = 8;
/** Infinity is no CSS number. */
export const EDIT_MAX_LINES = 1000;

/** What TextInput and TextArea share. The box is ours, the field in it is the browser's. */
export abstract class EditNode extends TextStyleNode implements EditTarget {
  protected readonly edits: EditHandlers = {};
  protected enterKey: number;
  private bound: TwoWay<string> | null = null;
  private filter: { pattern: RegExp; error: ((text: string) => void) | undefined } | null = null;
  private placeholder = '';
  private controller: TextInputController | TextAreaController | null = null;

  protected constructor(
    protected readonly field: EditElement,
    className: string,
    enterKey: number,
  ) {
    super(document.createElement('div'));
    this.enterKey = enterKey;
    this.element.className = `ark ark-edit ${className}`;
    field.className = 'ark-field';
    field.autocomplete = 'off';
    field.spellcheck = false;
    this.element.appendChild(field);
    this.element.addEventListener('click', (event) => {
      takeClick(event);
      if (event.target === this.element) {
        field.focus();
      }
    });
    this.listen();
  }

  override get focusTarget(): HTMLElement {
    return this.field;
  }

  create(options: EditOptions = {}): void {
    this.placeholder = resolveString(options.placeholder);
    this.field.placeholder = this.placeholder;
    const text = options.text;
    this.bound = text === undefined ? null : twoWay<string>(text as string | TwoWay<string>);
    if (this.bound !== null) {
      this.setText(resolveString(this.bound.value));
    }
    this.controller = options.controller ?? null;
    this.controller?.attach(this);
  }

  placeholderColor(value: ColorValue): void {
    this.element.style.setProperty('--placeholder', color(value));
  }

  placeholderFont(value: { size?: LengthValue; weight?: number | string }): void {
    this.element.style.setProperty('--placeholder-size', fontLength(value.size));
    this.element.style.setProperty('--placeholder-weight', value.weight === undefined ? '' : fontWeight(value.weight));
  }

  caretColor(value: ColorValue): void {
    this.field.style.caretColor = color(value);
  }

  caretStyle(value: { width?: LengthValue; color?: ColorValue }): void {
    if (value.color !== undefined) {
      this.caretColor(value.color);
    }
  }

  selectedBackgroundColor(value: ColorValue): void {
    this.element.style.setProperty('--selection', color(value));
  }

  enterKeyType(value: number): void {
    this.enterKey = value;
    this.field.enterKeyHint = ENTER_HINTS[value] ?? 'done';
  }

  maxLength(value: number): void {
    this.field.maxLength = value;
  }

  textAlign(value: number): void {
    this.field.style.textAlign = TEXT_ALIGNS[value] ?? 'start';
  }

  textIndent(value: LengthValue): void {
    this.field.style.textIndent = length(value);
  }

  /** Characters that the pattern does not match are not taken. */
  inputFilter(value: StringValue, error?: (text: string) => void): void {
    this.filter = { pattern: new RegExp(resolveString(value), 'g'), error };
  }

  copyOption(value: number): void {
    this.field.classList.toggle('ark-unselectable', value === 0);
  }

  enableKeyboardOnFocus(value: boolean): void {
    this.field.inputMode = value ? '' : 'none';
  }

  onChange(handler: (value: string) => void): void {
    this.edits.change = handler;
  }

  onSubmit(handler: (enterKey: number, event: SubmitEvent) => void): void {
    this.edits.submit = handler;
  }

  onEditChange(handler: (isEditing: boolean) => void): void {
    this.edits.edit = handler;
  }

  onTextSelectionChange(handler: (start: number, end: number) => void): void {
    this.edits.selection = handler;
  }

  onCopy(handler: (text: string) => void): void {
    this.edits.copy = handler;
  }

  onCut(handler: (text: string) => void): void {
    this.edits.cut = handler;
  }

  onPaste(handler: (text: string, event: { preventDefault?: () => void }) => void): void {
    this.edits.paste = handler;
  }

  /** Before the input method and the field see the key; true takes it away from them. */
  onKeyPreIme(handler: (event: ArkKeyEvent) => boolean): void {
    this.edits.preIme = handler;
  }

  override enabled(value: boolean): void {
    super.enabled(value);
    this.field.disabled = !value;
    this.field.ariaDisabled = null;
  }

  setSelection(start: number, end: number): void {
    this.field.focus();
    this.field.setSelectionRange(start, end);
  }

  stopEditing(): void {
    this.field.blur();
  }

  caretOffset(): { index: number; x: number; y: number } {
    return { index: this.field.selectionStart ?? 0, x: 0, y: 0 };
  }

  override disposed(): void {
    this.controller?.attach(null);
    super.disposed();
  }

  protected override applyAccess(name: string): void {
    super.applyAccess(name === '' ? this.placeholder : name);
  }

  /** True when Enter sends instead of breaking the line. */
  protected abstract submitsOn(event: KeyboardEvent): boolean;
  protected abstract readonly blursOnSubmit: boolean;

  protected setText(text: string): void {
    if (this.field.value !== text) {
      this.field.value = text;
      this.textShown(text);
    }
  }

  /** After every change of the text, by the page or by the reader. */
  protected textShown(_text: string): void {}

  private listen(): void {
    const field = this.field;
    field.addEventListener('input', (event) => {
      if (!(event as InputEvent).isComposing) {
        this.takeText();
      }
      this.textShown(field.value);
    });
    field.addEventListener('compositionend', () => this.takeText());
    field.addEventListener('keydown', (event) => this.keyDown(event as KeyboardEvent));
    field.addEventListener('keyup', (event) => this.edits.preIme?.(arkKeyEvent(event as KeyboardEvent)));
    field.addEventListener('focus', () => this.edits.edit?.(true));
    field.addEventListener('blur', () => this.edits.edit?.(false));
    field.addEventListener('select', () => {
      this.edits.selection?.(field.selectionStart ?? 0, field.selectionEnd ?? 0);
    });
    field.addEventListener('copy', () => this.edits.copy?.(this.selectedText()));
    field.addEventListener('cut', () => this.edits.cut?.(this.selectedText()));
    field.addEventListener('paste', (event) => {
      const text = (event as ClipboardEvent).clipboardData?.getData('text/plain') ?? '';
      this.edits.paste?.(text, { preventDefault: () => event.preventDefault() });
    });
  }

  private takeText(): void {
    const filtered = this.filtered(this.field.value);
    if (filtered !== this.field.value) {
      this.field.value = filtered;
      this.textShown(filtered);
    }
    this.bound?.set(filtered);
    this.edits.change?.(filtered);
  }

  private filtered(text: string): string {
    if (this.filter === null) {
      return text;
    }
    const kept = (text.match(this.filter.pattern) ?? []).join('');
    if (kept !== text) {
      this.filter.error?.([...text].filter((char) => !kept.includes(char)).join(''));
    }
    return kept;
  }

  private keyDown(event: KeyboardEvent): void {
    // While a word is being composed, Enter belongs to the input method: it takes the word.
    if (event.isComposing) {
      return;
    }
    if (this.edits.preIme?.(arkKeyEvent(event)) === true) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    if (event.key === 'Enter' && this.submitsOn(event)) {
      event.preventDefault();
      this.submit();
    }
  }

  private submit(): void {
    let isKept = !this.blursOnSubmit;
    this.edits.submit?.(this.enterKey, {
      text: this.field.value,
      keepEditableState: () => {
        isKept = true;
      },
    });
    if (!isKept) {
      this.field.blur();
    }
  }

  private selectedText(): string {
    return this.field.value.slice(this.field.selectionStart ?? 0, this.field.selectionEnd ?? 0);
  }
}
