import { mountBuilder, type UINode } from '../core/node.js';
import { Resource, resolveMedia, resolveString, resolveSvg, type ResourceStr } from '../core/resources.js';
import { CommonNode } from './common-node.js';
import { isTwoWay, twoWay, type TwoWay } from './two-way.js';
import { color, length, wantsMotion, type ColorValue, type LengthValue } from './style.js';
import type { TabsController } from './controllers.js';

type TabBar = ResourceStr | (() => void) | { icon?: ResourceStr; text?: ResourceStr };

interface TabsOptions {
  barPosition?: number;
  index?: number | TwoWay<number>;
  controller?: TabsController;
}

interface Tab {
  button: HTMLElement;
  content: { dispose(): void } | null;
  shown: TabBar | null;
}

let nextId = 0;

/** Pages beside each other under one bar. Pages that are not shown stay alive. */
export class Tabs extends CommonNode {
  private readonly bar = document.createElement('div');
  private readonly pagesElement = document.createElement('div');
  private readonly tabs = new Map<TabContent, Tab>();
  private readonly prefix = `ark-tabs-${nextId++}`;
  private index = 0;
  private lastGiven: number | null = null;
  private bound: TwoWay<number> | null = null;
  private controller: TabsController | null = null;
  private durationMs = 0;
  private changeHandler: ((index: number) => void) | null = null;
  private clickHandler: ((index: number) => void) | null = null;
  private willChange: ((current: number, coming: number) => boolean) | null = null;

  constructor() {
    super(document.createElement('div'));
    this.element.className = 'ark ark-tabs';
    this.bar.className = 'ark-tab-bar';
    this.bar.setAttribute('role', 'tablist');
    this.pagesElement.className = 'ark-tab-pages';
    this.element.append(this.bar, this.pagesElement);
    this.bar.addEventListener('keydown', (event) => this.moveByKey(event));
  }

  override get contentElement(): HTMLElement {
    return this.pagesElement;
  }

  create(options: TabsOptions = {}): void {
    this.barPosition(options.barPosition ?? 0);
    const given = options.index;
    this.bound = isTwoWay<number>(given) ? twoWay<number>(given) : null;
    const value = this.bound?.value ?? (given as number | undefined);
    if (value !== undefined && value !== this.lastGiven) {
      this.lastGiven = value;
      this.select(value, false);
    }
    if (options.controller !== undefined && options.controller !== this.controller) {
      this.controller?.attach(null);
      this.controller = options.controller;
      this.controller.attach((index) => this.select(index, true));
    }
  }

  barPosition(value: number): void {
    this.element.toggleAttribute('data-bar-end', value === 1);
  }

  vertical(value: boolean): void {
    this.element.toggleAttribute('data-vertical', value);
    this.bar.setAttribute('aria-orientation', value ? 'vertical' : 'horizontal');
  }

  /** Swiping between pages is a gesture of touch screens; the preview has none, so only `false` is exact. */
  scrollable(value: boolean): void {
    this.element.toggleAttribute('data-swipeable', value);
  }

  barMode(value: number, _options?: object): void {
    this.bar.toggleAttribute('data-scrollable', value === 0);
  }

  barWidth(value: LengthValue): void {
    this.bar.style.width = length(value);
  }

  barHeight(value: LengthValue): void {
    this.bar.style.height = length(value);
  }

  barBackgroundColor(value: ColorValue): void {
    this.bar.style.backgroundColor = color(value);
  }

  barOverlap(value: boolean): void {
    this.element.toggleAttribute('data-overlap', value);
  }

  animationDuration(value: number): void {
    this.durationMs = value;
  }

  divider(value: { strokeWidth: LengthValue; color?: ColorValue } | null): void {
    this.bar.style.setProperty(
      '--tab-line',
      value === null ? '' : `${length(value.strokeWidth)} solid ${color(value.color, '#33182431')}`,
    );
  }

  onChange(handler: (index: number) => void): void {
    this.changeHandler = handler;
  }

  onTabBarClick(handler: (index: number) => void): void {
    this.clickHandler = handler;
  }

  onContentWillChange(handler: (current: number, coming: number) => boolean): void {
    this.willChange = handler;
  }

  override childAttached(child: UINode): void {
    super.childAttached(child);
    this.refresh();
  }

  override childDetached(child: UINode): void {
    super.childDetached(child);
    if (child instanceof TabContent) {
      this.tabs.get(child)?.button.remove();
      this.tabs.delete(child);
    }
  }

  override disposed(): void {
    this.controller?.attach(null);
    super.disposed();
  }

  /** For TabContent: its tab looks different now. */
  refresh(): void {
    const contents = this.children.filter((child) => child instanceof TabContent);
    contents.forEach((content, index) => {
      const tab = this.tabOf(content);
      this.bar.appendChild(tab.button);
      this.draw(tab, content);
      const isSelected = index === this.index;
      tab.button.setAttribute('aria-selected', String(isSelected));
      tab.button.tabIndex = isSelected ? 0 : -1;
      tab.button.setAttribute('aria-controls', `${this.prefix}-${index}`);
      tab.button.id = `${this.prefix}-tab-${index}`;
      content.element.id ||= `${this.prefix}-${index}`;
      content.element.setAttribute('aria-labelledby', tab.button.id);
      content.setShown(isSelected);
    });
  }

  private tabOf(content: TabContent): Tab {
    let tab = this.tabs.get(content);
    if (tab === undefined) {
      const button = document.createElement('button');
      button.setAttribute('role', 'tab');
      (button as HTMLButtonElement).type = 'button';
      button.className = 'ark-tab';
      button.addEventListener('click', () => this.clicked(content));
      tab = { button, content: null, shown: null };
      this.tabs.set(content, tab);
    }
    return tab;
  }

  private clicked(content: TabContent): void {
    const index = this.children.indexOf(content);
    this.clickHandler?.(index);
    this.select(index, true);
  }

  private select(index: number, isByReader: boolean): void {
    if (index === this.index) {
      return;
    }
    if (isByReader && this.willChange?.(this.index, index) === false) {
      return;
    }
    this.index = index;
    const contents = this.children;
    if (contents.length > 0) {
      this.refresh();
      this.animate(contents[index]);
      this.bound?.set(index);
      this.changeHandler?.(index);
    }
  }

  private animate(page: UINode | undefined): void {
    if (page !== undefined && this.durationMs > 0 && wantsMotion()) {
      page.element.animate([{ opacity: 0 }, { opacity: 1 }], { duration: this.durationMs });
    }
  }

  private draw(tab: Tab, content: TabContent): void {
    const bar = content.bar;
    if (typeof bar === 'function') {
      if (typeof tab.shown !== 'function') {
        tab.button.replaceChildren();
        tab.content = mountBuilder(content, tab.button, bar);
      }
    } else {
      tab.content?.dispose();
      tab.content = null;
      tab.button.replaceChildren(...plainTab(bar));
    }
    tab.shown = bar;
  }

  private moveByKey(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const count = this.children.length;
    if (step !== undefined && count > 0) {
      event.preventDefault();
      this.select((this.index + step + count) % count, true);
      (this.bar.children[this.index] as HTMLElement | undefined)?.focus();
    }
  }
}

function plainTab(bar: TabBar | null): Node[] {
  const isPair = typeof bar === 'object' && bar !== null && !(bar instanceof Resource);
  const icon = isPair && 'icon' in bar ? bar.icon : undefined;
  const text = isPair ? ('text' in bar ? bar.text : undefined) : (bar as ResourceStr | null);
  const parts: Node[] = [];
  if (icon !== undefined) {
    const svg = resolveSvg(icon);
    const holder = document.createElement(svg === null ? 'img' : 'span');
    if (holder instanceof HTMLImageElement) {
      holder.src = resolveMedia(icon);
      holder.alt = '';
    } else {
      holder.innerHTML = svg ?? '';
    }
    holder.className = 'ark-tab-icon';
    parts.push(holder);
  }
  const caption = document.createElement('span');
  caption.textContent = resolveString(text);
  parts.push(caption);
  return parts;
}

export class TabContent extends CommonNode {
  bar: TabBar | null = null;
  private isShown = false;
  private willShowHandler: (() => void) | null = null;
  private willHideHandler: (() => void) | null = null;

  constructor() {
    super(document.createElement('div'));
    this.element.className = 'ark ark-stack ark-tab-page';
  }

  protected override get ownRole(): string {
    return 'tabpanel';
  }

  create(): void {}

  tabBar(value: TabBar): void {
    this.bar = value;
  }

  onWillShow(handler: () => void): void {
    this.willShowHandler = handler;
  }

  onWillHide(handler: () => void): void {
    this.willHideHandler = handler;
  }

  override afterUpdate(): void {
    super.afterUpdate();
    if (this.parent instanceof Tabs) {
      this.parent.refresh();
    }
  }

  /** For Tabs. */
  setShown(isShown: boolean): void {
    if (isShown !== this.isShown) {
      (isShown ? this.willShowHandler : this.willHideHandler)?.();
      this.isShown = isShown;
    }
    this.element.classList.toggle('ark-shown', isShown);
    this.element.inert = !isShown;
  }
}
