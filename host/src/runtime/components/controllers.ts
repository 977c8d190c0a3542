import { resolveLength, resolveVp } from '../core/resources.js';

/** What an input lets its controller do. */
export interface EditTarget {
  setSelection(start: number, end: number): void;
  stopEditing(): void;
  caretOffset(): { index: number; x: number; y: number };
}

/** TextInputController and TextAreaController. Before the input is built its calls do nothing, as on a device. */
abstract class TextController {
  private target: EditTarget | null = null;

  attach(target: EditTarget | null): void {
    this.target = target;
  }

  caretPosition(value: number): void {
    this.target?.setSelection(value, value);
  }

  setTextSelection(start: number, end: number): void {
    this.target?.setSelection(start, end);
  }

  stopEditing(): void {
    this.target?.stopEditing();
  }

  getCaretOffset(): { index: number; x: number; y: number } {
    return this.target?.caretOffset() ?? { index: 0, x: 0, y: 0 };
  }
}

export class TextInputController extends TextController {}
export class TextAreaController extends TextController {}

export interface ScrollTarget {
  /** vp from the start of the content. */
  readonly scrollOffset: { x: number; y: number };
  readonly isAtEnd: boolean;
  scrollTo(x: number, y: number, isSmooth: boolean): void;
  scrollBy(dx: number, dy: number): void;
  scrollEdge(edge: number): void;
  scrollPage(isNext: boolean): void;
  scrollToIndex(index: number, isSmooth: boolean, align: number | undefined, extraOffset: number): void;
  itemRect(index: number): { x: number; y: number; width: number; height: number };
}

type LengthValue = Parameters<typeof resolveLength>[0];

/** Controls the List or Scroll that it was given to. Unbound, its calls do nothing, as on a device. */
export class Scroller {
  private target: ScrollTarget | null = null;

  attach(target: ScrollTarget | null): void {
    this.target = target;
  }

  scrollTo(value: { xOffset: LengthValue; yOffset: LengthValue; animation?: object | boolean }): void {
    const isSmooth = value.animation !== undefined && value.animation !== false;
    this.target?.scrollTo(resolveVp(value.xOffset), resolveVp(value.yOffset), isSmooth);
  }

  scrollEdge(edge: number): void {
    this.target?.scrollEdge(edge);
  }

  scrollPage(value: { next: boolean }): void {
    this.target?.scrollPage(value.next);
  }

  scrollBy(dx: LengthValue, dy: LengthValue): void {
    this.target?.scrollBy(resolveVp(dx), resolveVp(dy));
  }

  scrollToIndex(
    value: number,
    smooth = false,
    align?: number,
    options: { extraOffset?: { value: number } } = {},
  ): void {
    this.target?.scrollToIndex(value, smooth, align, options.extraOffset?.value ?? 0);
  }

  currentOffset(): { xOffset: number; yOffset: number } {
    const { x, y } = this.target?.scrollOffset ?? { x: 0, y: 0 };
    return { xOffset: x, yOffset: y };
  }

  isAtEnd(): boolean {
    return this.target?.isAtEnd ?? false;
  }

  getItemRect(index: number): { x: number; y: number; width: number; height: number } {
    return this.target?.itemRect(index) ?? { x: 0, y: 0, width: 0, height: 0 };
  }
}

export class ListScroller extends Scroller {}

export class TabsController {
  private change: ((index: number) => void) | null = null;

  attach(change: ((index: number) => void) | null): void {
    this.change = change;
  }

  changeIndex(value: number): void {
    this.change?.(value);
  }
}
