import { EDIT_MAX_LINES, EditNode, ENTER_NEW_LINE } from './edit-node.js';

/** Many lines; grows with its text until `maxLines`, then scrolls. Enter breaks the line unless enterKeyType says otherwise. */
export class TextArea extends EditNode {
  constructor() {
    const field = document.createElement('textarea');
    field.rows = 1;
    super(field, 'ark-area', ENTER_NEW_LINE);
  }

  protected override readonly blursOnSubmit = false;

  /** Shift+Enter always breaks the line. */
  protected override submitsOn(event: KeyboardEvent): boolean {
    return this.enterKey !== ENTER_NEW_LINE && !event.shiftKey;
  }

  maxLines(value: number): void {
    this.element.style.setProperty('--lines', String(Math.min(value, EDIT_MAX_LINES)));
  }

  /** A copy of the text behind the field gives the box its height. */
  protected override textShown(text: string): void {
    this.element.dataset['text'] = text;
  }
}
