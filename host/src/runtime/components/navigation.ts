import { mountBuilder } from '../core/node.js';
import { effect, signal, untracked, type Effect } from '../core/reactive.js';
import { CommonNode } from './common-node.js';
import { NavDestination, withNavSlot, type NavDestinationContext, type NavSlot } from './nav-destination.js';
import { NavPathStack, type NavChange, type NavEntry } from './nav-path-stack.js';
import { routeNames, routeOf, type RouteBuilder } from './nav-routes.js';
import { NavTitleBar, type NavMenuItem, type NavTitle } from './nav-title.js';
import { onSystemBack, setBackable } from './system-back.js';
import { length, wantsMotion, type LengthValue } from './style.js';

/** NavigationMode. */
export enum NavMode {
  STACK = 0,
  SPLIT = 1,
  AUTO = 2,
}

interface Page {
  entry: NavEntry;
  host: HTMLElement;
  node: NavDestination | null;
  context: NavDestinationContext;
  content: { dispose(): void } | null;
  isShown: boolean;
  focusBefore: Element | null;
}

/** vp. Auto splits where both minima fit side by side: 240 + 360 = 600, documented since API 10. */
const MIN_NAV_BAR = 240;
const MIN_CONTENT = 360;
const PUSH_MS = 250;

export function navModeFor(mode: NavMode, width: number, minNavBar: number, minContent: number): NavMode {
  return mode === NavMode.AUTO ? (width >= minNavBar + minContent ? NavMode.SPLIT : NavMode.STACK) : mode;
}

export class Navigation extends CommonNode {
  private readonly bar = document.createElement('div');
  private readonly barContent = document.createElement('div');
  private readonly pagesElement = document.createElement('div');
  private readonly titleBar: NavTitleBar;
  private readonly sizeObserver = new ResizeObserver(() => this.measure());
  private readonly version = signal(0);
  private sync: Effect | null = null;
  private stack = new NavPathStack();
  private pages: Page[] = [];
  private builder: RouteBuilder | null = null;
  private changes: NavChange[] = [];
  private wish: NavMode = NavMode.AUTO;
  private current: NavMode | null = null;
  private minNavBar = MIN_NAV_BAR;
  private minContent = MIN_CONTENT;
  private isBarHidden = false;
  private isBarVisible = true;
  private titleValue: NavTitle | null = null;
  private menuValue: NavMenuItem[] | (() => void) = [];
  private isTitleHidden = false;
  private modeHandler: ((mode: number) => void) | null = null;
  private barHandler: ((isVisible: boolean) => void) | null = null;
  private forgetBack: (() => void) | null = null;

  constructor() {
    super(document.createElement('div'));
    this.element.className = 'ark ark-navigation';
    this.bar.className = 'ark-nav-bar';
    this.barContent.className = 'ark-column ark-nav-content';
    this.pagesElement.className = 'ark-nav-pages';
    this.titleBar = new NavTitleBar(this, 'root', () => undefined);
    this.bar.append(this.titleBar.element, this.barContent);
    this.element.append(this.bar, this.pagesElement);
    this.sizeObserver.observe(this.element);
  }

  override get contentElement(): HTMLElement {
    return this.barContent;
  }

  create(stack?: NavPathStack): void {
    if (stack !== undefined && stack !== this.stack) {
      this.stack.attach(null);
      this.stack = stack;
    }
    this.stack.attach((change) => {
      this.changes.push(change);
      this.version.set(this.version.peek() + 1);
    });
  }

  title(value: NavTitle, _options?: object): void {
    this.titleValue = value;
  }

  menus(value: NavMenuItem[] | (() => void)): void {
    this.menuValue = value;
  }

  hideTitleBar(value: boolean): void {
    this.isTitleHidden = value;
  }

  /** The root page has no back arrow in the preview: there is nothing behind it. */
  hideBackButton(value: boolean): void {
    this.element.toggleAttribute('data-no-back', value);
  }

  /** Free and Full give the title a bar of 112 vp, Mini of 56. */
  titleMode(value: number): void {
    this.element.dataset['title'] = ['free', 'full', 'mini'][value] ?? 'free';
  }

  mode(value: number): void {
    this.wish = value;
  }

  navBarWidth(value: LengthValue): void {
    this.element.style.setProperty('--nav-bar', length(value));
  }

  navBarWidthRange(value: [LengthValue, LengthValue]): void {
    this.minNavBar = Number.parseFloat(length(value[0])) || MIN_NAV_BAR;
    this.element.style.setProperty('--nav-bar-min', length(value[0]));
    this.element.style.setProperty('--nav-bar-max', length(value[1]));
  }

  minContentWidth(value: LengthValue): void {
    this.minContent = Number.parseFloat(length(value)) || MIN_CONTENT;
  }

  navBarPosition(value: number): void {
    this.element.toggleAttribute('data-bar-end', value === 1);
  }

  /** Hides the bar in both modes; the pages then take all of the width. */
  hideNavBar(value: boolean): void {
    this.isBarHidden = value;
  }

  navDestination(builder: RouteBuilder): void {
    this.builder = builder;
  }

  onNavBarStateChange(handler: (isVisible: boolean) => void): void {
    this.barHandler = handler;
  }

  onNavigationModeChange(handler: (mode: number) => void): void {
    this.modeHandler = handler;
  }

  ignoreLayoutSafeArea(types: number[] = [], edges: number[] = []): void {
    this.expandSafeArea(types, edges);
  }

  override afterUpdate(): void {
    this.titleBar.update(this.titleValue, this.menuValue, this.isTitleHidden || this.titleValue === null, false);
    super.afterUpdate();
    untracked(() => {
      this.measure();
      this.show();
    });
  }

  override mounted(): void {
    super.mounted();
    this.forgetBack = onSystemBack(() => this.back());
    this.measure();
    this.sync = effect(() => {
      this.version.get();
      untracked(() => this.update());
    });
  }

  override disposed(): void {
    this.sync?.dispose();
    this.sizeObserver.disconnect();
    this.forgetBack?.();
    this.stack.attach(null);
    [...this.pages].reverse().forEach((page) => this.end(page));
    this.pages = [];
    super.disposed();
  }

  /** Brings the pages in line with the stack. Kept pages keep their instance. */
  private update(): void {
    const change = this.changes.at(-1) ?? { operation: 1, isAnimated: false };
    this.changes = [];
    const before = this.pages.at(-1) ?? null;
    const wanted = this.stack.entries();
    const leaving = this.pages.filter((page) => !wanted.includes(page.entry));
    const kept = new Map(this.pages.map((page) => [page.entry, page]));
    this.pages = wanted.map((entry) => kept.get(entry) ?? this.build(entry));
    this.pages.forEach((page) => this.pagesElement.appendChild(page.host));
    const after = this.pages.at(-1) ?? null;
    const isMoved = before !== after;
    const { willShow, didShow } = this.stack.interception;
    const from = before?.context ?? 'navBar';
    const to = after?.context ?? 'navBar';
    if (isMoved) {
      willShow?.(from, to, change.operation, change.isAnimated);
    }
    this.show(leaving);
    if (isMoved) {
      this.animate(after, change);
      this.moveFocus(before, after, leaving);
    }
    leaving.reverse().forEach((page) => this.end(page));
    if (isMoved) {
      didShow?.(from, to, change.operation, change.isAnimated);
    }
    setBackable(this.canGoBack());
  }

  private build(entry: NavEntry): Page {
    const host = document.createElement('div');
    host.className = 'ark-nav-page';
    this.pagesElement.appendChild(host);
    const context: NavDestinationContext = {
      pathInfo: entry.info,
      pathStack: this.stack,
      navDestinationId: entry.id,
      getConfigInRouteMap: () => undefined,
    };
    const page: Page = {
      entry,
      host,
      node: null,
      context,
      content: null,
      isShown: false,
      focusBefore: document.activeElement,
    };
    const { name, param } = entry.info;
    const slot: NavSlot = {
      entry,
      context,
      register: (node) => {
        page.node ??= node;
      },
    };
    const tryBuild = (builder: RouteBuilder): void => {
      page.content = withNavSlot(slot, () => mountBuilder(this, host, () => builder(name, param)));
    };
    if (this.builder !== null) {
      tryBuild(this.builder);
    }
    const route = routeOf(name);
    if (page.node === null && route !== null) {
      page.content?.dispose();
      tryBuild(route);
    }
    if (page.node === null) {
      throw new Error(
        `Navigation: no page "${name}": its navDestination builder made none, and the route table has ` +
          `${routeNames().join(', ') || 'no routes'}`,
      );
    }
    return page;
  }

  /** Which pages are seen: the top one, and below dialogs what they let through. */
  private show(leaving: readonly Page[] = []): void {
    let base = this.pages.length - 1;
    while (base > 0 && this.pages[base]?.node?.isDialog === true) {
      base--;
    }
    const hiding = [
      ...leaving.filter((page) => page.isShown),
      ...this.pages.filter((page, at) => page.isShown && at < base),
    ];
    const showing = this.pages.filter((page, at) => !page.isShown && at >= base);
    hiding.forEach((page) => page.node?.fire('willHide'));
    showing.forEach((page) => page.node?.fire('willShow'));
    hiding.forEach((page) => this.setShown(page, false));
    showing.forEach((page) => this.setShown(page, true));
    const isSplit = this.current === NavMode.SPLIT;
    this.pages.forEach((page, at) => page.node?.showBack(!(at === 0 && (isSplit || this.isBarHidden))));
    const isCovered = !isSplit && this.pages.some((page) => page.node?.isDialog === false);
    this.setBarVisible(!this.isBarHidden && !isCovered);
    this.element.dataset['mode'] = isSplit && !this.isBarHidden ? 'split' : 'stack';
    this.pagesElement.classList.toggle('ark-empty', this.pages.length === 0);
  }

  private setShown(page: Page, isShown: boolean): void {
    page.isShown = isShown;
    page.host.classList.toggle('ark-shown', isShown);
    page.host.inert = !isShown;
    page.node?.fire(isShown ? 'shown' : 'hidden');
  }

  private setBarVisible(isVisible: boolean): void {
    this.bar.classList.toggle('ark-covered', !isVisible);
    this.bar.inert = !isVisible;
    if (isVisible !== this.isBarVisible) {
      this.isBarVisible = isVisible;
      this.barHandler?.(isVisible);
    }
  }

  private end(page: Page): void {
    page.node?.fire('willDisappear');
    page.content?.dispose();
    page.host.remove();
  }

  private measure(): void {
    const width = this.element.clientWidth;
    if (width === 0) {
      return;
    }
    const next = navModeFor(this.wish, width, this.minNavBar, this.minContent);
    if (next !== this.current) {
      this.current = next;
      this.show();
      this.modeHandler?.(next);
      this.stack.interception.modeChange?.(next);
    }
  }

  private animate(page: Page | null, change: NavChange): void {
    if (
      change.isAnimated &&
      change.operation === 1 &&
      page !== null &&
      wantsMotion() &&
      this.current === NavMode.STACK
    ) {
      page.host.animate([{ translate: '100% 0' }, { translate: '0 0' }], {
        duration: PUSH_MS,
        easing: 'cubic-bezier(0.2,0,0.2,1)',
      });
    }
  }

  /** To what the page asks for, else to the page; back to where it was when the page goes. */
  private moveFocus(before: Page | null, after: Page | null, leaving: readonly Page[]): void {
    const returning = before !== null && leaving.includes(before) ? before.focusBefore : null;
    if (
      returning instanceof HTMLElement &&
      returning.isConnected &&
      returning.checkVisibility({ visibilityProperty: true })
    ) {
      returning.focus({ preventScroll: true });
      return;
    }
    if (after === null) {
      return;
    }
    after.host.tabIndex = -1;
    const wished = after.host.querySelector<HTMLElement>('[data-default-focus]') ?? after.host;
    wished.focus({ preventScroll: true });
  }

  private canGoBack(): boolean {
    const isRootFixed = this.current === NavMode.SPLIT || this.isBarHidden;
    return this.stack.size() > (isRootFixed ? 1 : 0);
  }

  private back(): boolean {
    if (!this.element.checkVisibility({ visibilityProperty: true })) {
      return false;
    }
    if (this.pages.at(-1)?.node?.askBack() === true) {
      return true;
    }
    if (!this.canGoBack()) {
      return false;
    }
    this.stack.pop();
    return true;
  }
}
