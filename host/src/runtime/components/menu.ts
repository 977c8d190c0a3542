import { mountBuilder, type UINode } from '../core/node.js';
import { resolveMedia, resolveString, type ResourceStr } from '../core/resources.js';
import { Modal, placeNear } from './modal.js';

type StringValue = ResourceStr;

export interface MenuElement {
  value: StringValue;
  icon?: StringValue;
  enabled?: boolean;
  action: () => void;
}

export type MenuContent = MenuElement[] | (() => void);

export interface MenuOptions {
  title?: StringValue;
  onAppear?: () => void;
  onDisappear?: () => void;
}

/** One open menu: closes after a choice, on a click outside and on the back gesture. */
export class Menu {
  private readonly modal: Modal;
  private content: { dispose(): void } | null = null;

  constructor(
    owner: UINode,
    content: MenuContent,
    private readonly options: MenuOptions,
    private readonly onClosed: () => void,
    at?: { x: number; y: number },
  ) {
    this.modal = new Modal({ className: 'ark-menu', role: 'menu', label: '', onDismiss: () => this.close() });
    const list = document.createElement('div');
    list.className = 'ark-menu-list';
    list.setAttribute('role', 'menu');
    if (options.title !== undefined) {
      list.setAttribute('aria-label', resolveString(options.title));
    }
    this.modal.element.appendChild(list);
    if (typeof content === 'function') {
      this.content = mountBuilder(owner, list, content);
    } else {
      content.forEach((element) => list.appendChild(this.item(element)));
    }
    list.addEventListener('keydown', (event) => moveFocus(list, event));
    this.modal.show();
    const anchor = at === undefined ? owner.element.getBoundingClientRect() : new DOMRect(at.x, at.y, 0, 0);
    placeNear(this.modal.element, anchor);
    options.onAppear?.();
  }

  close(): void {
    this.content?.dispose();
    this.modal.close();
    this.options.onDisappear?.();
    this.onClosed();
  }

  private item(element: MenuElement): HTMLElement {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'ark-menu-item';
    button.setAttribute('role', 'menuitem');
    button.disabled = element.enabled === false;
    if (element.icon !== undefined) {
      const image = document.createElement('img');
      image.src = resolveMedia(element.icon);
      image.alt = '';
      button.appendChild(image);
    }
    button.append(resolveString(element.value));
    button.addEventListener('click', () => {
      this.close();
      element.action();
    });
    return button;
  }
}

function moveFocus(list: HTMLElement, event: KeyboardEvent): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0) {
    return;
  }
  const items = [...list.querySelectorAll<HTMLElement>('[role=menuitem]:not(:disabled)')];
  const now = items.indexOf(document.activeElement as HTMLElement);
  items[(now + step + items.length) % items.length]?.focus();
  event.preventDefault();
}
