import { PaintNode } from './paint-node.js';
import { GestureRecognizer, type Gesture } from './gestures.js';
import { arkKeyEvent, type ArkKeyEvent } from './keys.js';
import { clickEvent, targetOf, touchEvent, type ArkClickEvent, type ArkTouchEvent } from './pointer-events.js';

type AreaChange = (oldArea: unknown, newArea: unknown) => void;
type SizeChange = (oldSize: { width: number; height: number }, newSize: { width: number; height: number }) => void;

interface Handlers {
  click?: (event: ArkClickEvent) => void;
  touch?: (event: ArkTouchEvent) => void;
  hover?: (isHover: boolean, event: object) => void;
  key?: (event: ArkKeyEvent) => void;
  focus?: () => void;
  blur?: () => void;
  appear?: () => void;
  disappear?: () => void;
  attach?: () => void;
  detach?: () => void;
  area?: AreaChange;
  size?: SizeChange;
}

const HIT_TEST = ['', '', 'transparent', 'none'] as const;

/** A click belongs to the innermost component that listens, as ArkUI's gesture competition decides it. */
const taken = new WeakSet<Event>();

/** For components that use up clicks by themselves, such as an input. */
export function takeClick(event: Event): void {
  taken.add(event);
}

export abstract class EventNode extends PaintNode {
  private readonly handlers: Handlers = {};
  private readonly listening = new Set<string>();
  private recognizer: GestureRecognizer | null = null;
  private observer: ResizeObserver | null = null;
  protected isEnabled = true;

  /** The element that gets focus and keys: the inner input of a TextInput, else the element. */
  get focusTarget(): HTMLElement {
    return this.element;
  }

  onClick(handler: (event: ArkClickEvent) => void): void {
    this.handlers.click = handler;
    this.focusTarget.classList.add('ark-clickable');
    this.once('click', () => {
      this.element.addEventListener('click', (event) => {
        if (!taken.has(event) && this.acceptsInput()) {
          taken.add(event);
          this.handlers.click?.(clickEvent(this.element, event));
        }
      });
      this.focusTarget.addEventListener('keydown', (event) => this.clickByKey(event));
    });
  }

  onTouch(handler: (event: ArkTouchEvent) => void): void {
    this.handlers.touch = handler;
    this.once('touch', () => {
      for (const name of ['pointerdown', 'pointermove', 'pointerup', 'pointercancel'] as const) {
        this.element.addEventListener(name, (event) => {
          const isHovering = name === 'pointermove' && event.buttons === 0;
          if (!isHovering && this.acceptsInput()) {
            this.handlers.touch?.(touchEvent(this.element, event));
          }
        });
      }
    });
  }

  onHover(handler: (isHover: boolean, event: object) => void): void {
    this.handlers.hover = handler;
    this.once('hover', () => {
      const tell = (isHover: boolean, event: Event): void =>
        this.handlers.hover?.(isHover, { stopPropagation: () => event.stopPropagation(), timestamp: event.timeStamp });
      this.element.addEventListener('mouseenter', (event) => tell(true, event));
      this.element.addEventListener('mouseleave', (event) => tell(false, event));
    });
  }

  /** Bubbles from the focused component outwards until one stops it. Keys of a composition belong to the input method. */
  onKeyEvent(handler: (event: ArkKeyEvent) => void): void {
    this.handlers.key = handler;
    this.once('key', () => {
      for (const name of ['keydown', 'keyup'] as const) {
        this.element.addEventListener(name, (event) => {
          if (!event.isComposing && this.acceptsInput()) {
            this.handlers.key?.(arkKeyEvent(event));
          }
        });
      }
    });
  }

  onFocus(handler: () => void): void {
    this.handlers.focus = handler;
    this.once('focus', () => this.focusTarget.addEventListener('focus', () => this.handlers.focus?.()));
  }

  onBlur(handler: () => void): void {
    this.handlers.blur = handler;
    this.once('blur', () => this.focusTarget.addEventListener('blur', () => this.handlers.blur?.()));
  }

  focusable(value: boolean): void {
    this.focusTarget.tabIndex = value ? 0 : -1;
  }

  focusOnTouch(value: boolean): void {
    if (value) {
      this.focusTarget.tabIndex = Math.max(0, this.focusTarget.tabIndex);
    }
  }

  tabIndex(index: number): void {
    this.focusTarget.tabIndex = index;
  }

  /** The focus when the page or the sheet that holds this component comes up. */
  defaultFocus(value: boolean): void {
    this.focusTarget.toggleAttribute('data-default-focus', value);
  }

  enabled(value: boolean): void {
    this.isEnabled = value;
    this.element.toggleAttribute('data-disabled', !value);
    this.accessElement.ariaDisabled = value ? null : 'true';
  }

  hitTestBehavior(value: number): void {
    this.element.dataset['hitTest'] = HIT_TEST[value] ?? '';
  }

  id(value: string): void {
    this.element.id = value;
  }

  /** The older name of `id`. */
  key(value: string): void {
    this.element.id = value;
  }

  onAppear(handler: () => void): void {
    this.handlers.appear = handler;
  }

  onDisAppear(handler: () => void): void {
    this.handlers.disappear = handler;
  }

  onAttach(handler: () => void): void {
    this.handlers.attach = handler;
  }

  onDetach(handler: () => void): void {
    this.handlers.detach = handler;
  }

  onAreaChange(handler: AreaChange): void {
    this.handlers.area = handler;
    this.observeSize();
  }

  onSizeChange(handler: SizeChange): void {
    this.handlers.size = handler;
    this.observeSize();
  }

  gesture(value: Gesture): void {
    this.recognizer ??= new GestureRecognizer(this.element);
    this.recognizer.set(value);
  }

  override mounted(): void {
    super.mounted();
    this.handlers.attach?.();
    this.handlers.appear?.();
  }

  override disposed(): void {
    this.observer?.disconnect();
    this.recognizer?.dispose();
    this.handlers.disappear?.();
    this.handlers.detach?.();
    super.disposed();
  }

  /** Where roles and labels go. */
  get accessElement(): HTMLElement {
    return this.focusTarget;
  }

  protected get isClickable(): boolean {
    return this.handlers.click !== undefined;
  }

  protected acceptsInput(): boolean {
    return this.isEnabled && this.element.closest('[data-disabled]') === null;
  }

  private once(name: string, listen: () => void): void {
    if (!this.listening.has(name)) {
      this.listening.add(name);
      listen();
    }
  }

  /** Native buttons and inputs do this by themselves. */
  private clickByKey(event: KeyboardEvent): void {
    const target = this.focusTarget;
    const isNative =
      target instanceof HTMLButtonElement ||
      target instanceof HTMLInputElement ||
      target instanceof HTMLTextAreaElement;
    if (!isNative && event.target === target && (event.key === 'Enter' || event.key === ' ')) {
      event.preventDefault();
      target.click();
    }
  }

  private observeSize(): void {
    if (this.observer !== null) {
      return;
    }
    let last = { width: 0, height: 0 };
    let lastArea: unknown = { ...last, position: { x: 0, y: 0 }, globalPosition: { x: 0, y: 0 } };
    this.observer = new ResizeObserver(() => {
      const { area } = targetOf(this.element);
      const size = { width: area.width, height: area.height };
      const oldArea = lastArea;
      const oldSize = last;
      last = size;
      lastArea = area;
      this.handlers.area?.(oldArea, area);
      if (size.width !== oldSize.width || size.height !== oldSize.height) {
        this.handlers.size?.(oldSize, size);
      }
    });
    this.observer.observe(this.element);
  }
}
