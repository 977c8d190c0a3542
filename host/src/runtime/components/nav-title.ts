import { mountBuilder, type UINode } from '../core/node.js';
import { Resource, resolveMedia, resolveString, resolveSvg, type ResourceStr } from '../core/resources.js';
import { backIcon } from './glyphs.js';
import { label } from './labels.js';

export interface NavMenuItem {
  value: string;
  icon?: ResourceStr;
  isEnabled?: boolean;
  action?: () => void;
}

export type NavTitle = ResourceStr | (() => void) | { main: ResourceStr; sub?: ResourceStr } | { builder: () => void };

/** The bar of 56 vp above a page: back arrow, title with a line below it, menu. */
export class NavTitleBar {
  readonly element = document.createElement('div');
  private readonly back = document.createElement('button');
  private readonly place = document.createElement('div');
  private readonly menu = document.createElement('div');
  private built: { builder: () => void; content: { dispose(): void } } | null = null;
  text = '';

  constructor(
    private readonly owner: UINode,
    level: 'page' | 'root',
    onBack: () => void,
  ) {
    this.element.className = `ark-title-bar ark-title-${level}`;
    this.back.type = 'button';
    this.back.className = 'ark-icon-button ark-back';
    this.back.innerHTML = backIcon;
    this.back.addEventListener('click', onBack);
    this.place.className = 'ark-title';
    this.menu.className = 'ark-title-menu';
    this.element.append(this.back, this.place, this.menu);
  }

  update(title: NavTitle | null, menus: NavMenuItem[] | (() => void), isHidden: boolean, hasBack: boolean): void {
    this.element.hidden = isHidden;
    this.back.hidden = !hasBack;
    this.back.setAttribute('aria-label', label('back'));
    this.showTitle(title);
    this.showMenus(menus);
  }

  private showTitle(title: NavTitle | null): void {
    const builder =
      typeof title === 'function'
        ? title
        : typeof title === 'object' && title !== null && 'builder' in title
          ? title.builder
          : null;
    if (builder !== null) {
      this.text = '';
      if (this.built === null) {
        this.place.replaceChildren();
        this.built = { builder, content: mountBuilder(this.owner, this.place, builder) };
      }
      return;
    }
    this.built?.content.dispose();
    this.built = null;
    const isPair = typeof title === 'object' && title !== null && !(title instanceof Resource) && 'main' in title;
    const main = isPair ? resolveString(title.main) : resolveString(title as ResourceStr | null);
    const sub = isPair ? resolveString(title.sub) : '';
    this.text = main;
    const heading = document.createElement('h1');
    heading.textContent = main;
    const below = document.createElement('p');
    below.textContent = sub;
    this.place.replaceChildren(...(main === '' ? [] : [heading]), ...(sub === '' ? [] : [below]));
  }

  private showMenus(menus: NavMenuItem[] | (() => void)): void {
    if (typeof menus === 'function') {
      if (this.menu.childElementCount === 0) {
        mountBuilder(this.owner, this.menu, menus);
      }
      return;
    }
    this.menu.replaceChildren(...menus.map(menuButton));
  }
}

function menuButton(item: NavMenuItem): HTMLElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'ark-icon-button';
  button.setAttribute('aria-label', resolveString(item.value));
  button.disabled = item.isEnabled === false;
  const svg = item.icon === undefined ? null : resolveSvg(item.icon);
  if (svg !== null) {
    button.innerHTML = svg;
  } else if (item.icon !== undefined) {
    const image = document.createElement('img');
    image.src = resolveMedia(item.icon);
    image.alt = '';
    button.appendChild(image);
  } else {
    button.textContent = resolveString(item.value);
  }
  button.addEventListener('click', () => item.action?.());
  return button;
}
