import { onSystemBack } from './system-back.js';

export interface ModalOptions {
  className: string;
  role: 'dialog' | 'alertdialog' | 'menu';
  label: string;
  /** The reader asks to close: scrim, Escape, back. The owner decides. */
  onDismiss(reason: DismissReason): void;
}

/** ArkUI's DismissReason, as far as it happens here. */
export enum DismissReason {
  PRESS_BACK = 0,
  TOUCH_OUTSIDE = 1,
  CLOSE_BUTTON = 2,
}

/**
 * A layer above the page. The browser's own modal dialog keeps the focus inside, gives it back, and makes the page inert;
 * this adds the scrim's click and the back gesture.
 */
export class Modal {
  readonly element: HTMLDialogElement;
  private readonly forgetBack: () => void;
  private isOpen = true;

  constructor(private readonly options: ModalOptions) {
    this.element = document.createElement('dialog');
    this.element.className = `ark-modal ${options.className}`;
    if (options.role !== 'menu') {
      this.element.setAttribute('role', options.role);
      this.element.setAttribute('aria-modal', 'true');
    }
    if (options.label !== '') {
      this.element.setAttribute('aria-label', options.label);
    }
    this.element.addEventListener('cancel', (event) => {
      event.preventDefault();
      this.dismiss(DismissReason.PRESS_BACK);
    });
    this.element.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !event.isComposing) {
        event.preventDefault();
        event.stopPropagation();
        this.dismiss(DismissReason.PRESS_BACK);
      }
    });
    this.element.addEventListener('pointerdown', (event) => {
      if (event.target === this.element && isOutside(this.element, event)) {
        this.dismiss(DismissReason.TOUCH_OUTSIDE);
      }
    });
    this.forgetBack = onSystemBack(() => {
      this.dismiss(DismissReason.PRESS_BACK);
      return true;
    });
    document.body.appendChild(this.element);
  }

  show(): void {
    this.element.showModal();
    const wished = this.element.querySelector<HTMLElement>('[data-default-focus]');
    wished?.focus();
  }

  close(): void {
    if (!this.isOpen) {
      return;
    }
    this.isOpen = false;
    this.forgetBack();
    this.element.close();
    this.element.remove();
  }

  private dismiss(reason: DismissReason): void {
    if (this.isOpen) {
      this.options.onDismiss(reason);
    }
  }
}

function isOutside(element: HTMLElement, event: PointerEvent): boolean {
  const box = element.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}

/** Places a small layer below its anchor, above it where there is no room, and inside the window in any case. */
export function placeNear(layer: HTMLElement, anchor: DOMRect, gap = 8): void {
  const box = layer.getBoundingClientRect();
  const fitsBelow = anchor.bottom + gap + box.height <= window.innerHeight;
  const top = fitsBelow ? anchor.bottom + gap : Math.max(gap, anchor.top - gap - box.height);
  const left = anchor.left + anchor.width / 2 - box.width / 2;
  layer.style.top = `${top}px`;
  layer.style.left = `${Math.max(gap, Math.min(left, window.innerWidth - box.width - gap))}px`;
}
