import { untracked } from '../core/reactive.js';
import { CommonNode } from './common-node.js';
import { NavTitleBar, type NavMenuItem, type NavTitle } from './nav-title.js';
import { systemBack } from './system-back.js';
import type { NavEntry, NavPathInfo, NavPathStack } from './nav-path-stack.js';

export interface NavDestinationContext {
  pathInfo: NavPathInfo;
  pathStack: NavPathStack;
  navDestinationId: string;
  getConfigInRouteMap(): { name: string; pageSourceFile: string; data: object } | undefined;
}

/** What Navigation gives to the page that it is building. */
export interface NavSlot {
  readonly entry: NavEntry;
  readonly context: NavDestinationContext;
  register(page: NavDestination): void;
}

let slot: NavSlot | null = null;

export function withNavSlot<T>(next: NavSlot, build: () => T): T {
  const outer = slot;
  slot = next;
  try {
    return build();
  } finally {
    slot = outer;
  }
}

type Lifecycle = 'willAppear' | 'willShow' | 'shown' | 'willHide' | 'hidden' | 'willDisappear';
const DIALOG = 1;

/** One page of a Navigation. It lives, hidden, while others lie on it. */
export class NavDestination extends CommonNode {
  private readonly body = document.createElement('div');
  private readonly bar: NavTitleBar;
  private readonly slot: NavSlot;
  private readonly events: Partial<Record<Lifecycle, () => void>> = {};
  private readyHandler: ((context: NavDestinationContext) => void) | null = null;
  private backHandler: (() => boolean) | null = null;
  private titleValue: NavTitle | null = null;
  private menuValue: NavMenuItem[] | (() => void) = [];
  private isBarHidden = false;
  private hasBack = true;
  private isReady = false;
  isDialog = false;

  constructor() {
    super(document.createElement('div'));
    if (slot === null) {
      throw new Error('NavDestination can only be built as a page of a Navigation, by its builder or by a route');
    }
    this.slot = slot;
    this.element.className = 'ark ark-destination';
    this.body.className = 'ark-column ark-destination-content';
    this.bar = new NavTitleBar(this, 'page', () => systemBack());
    this.element.append(this.bar.element, this.body);
    slot.register(this);
  }

  override get contentElement(): HTMLElement {
    return this.body;
  }

  protected override get ownRole(): string {
    return 'region';
  }

  create(): void {}

  title(value: NavTitle, _options?: object): void {
    this.titleValue = value;
  }

  hideTitleBar(value: boolean): void {
    this.isBarHidden = value;
  }

  menus(value: NavMenuItem[] | (() => void)): void {
    this.menuValue = value;
  }

  /** DIALOG lets the page below show through. */
  mode(value: number): void {
    this.isDialog = value === DIALOG;
    this.element.toggleAttribute('data-dialog', this.isDialog);
  }

  onReady(handler: (context: NavDestinationContext) => void): void {
    this.readyHandler = handler;
  }

  onBackPressed(handler: () => boolean): void {
    this.backHandler = handler;
  }

  onWillAppear(handler: () => void): void {
    this.events.willAppear = handler;
  }

  onWillShow(handler: () => void): void {
    this.events.willShow = handler;
  }

  onShown(handler: () => void): void {
    this.events.shown = handler;
  }

  onWillHide(handler: () => void): void {
    this.events.willHide = handler;
  }

  onHidden(handler: () => void): void {
    this.events.hidden = handler;
  }

  onWillDisappear(handler: () => void): void {
    this.events.willDisappear = handler;
  }

  /** A browser page has no bars to draw under. */
  ignoreLayoutSafeArea(types: number[] = [], edges: number[] = []): void {
    this.expandSafeArea(types, edges);
  }

  override afterUpdate(): void {
    this.bar.update(this.titleValue, this.menuValue, this.isBarHidden, this.hasBack);
    super.afterUpdate();
    if (!this.isReady) {
      this.isReady = true;
      // Before the children exist: they read what the page takes out of the context.
      untracked(() => {
        this.fire('willAppear');
        this.readyHandler?.(this.slot.context);
      });
    }
  }

  /** For Navigation. */
  fire(event: Lifecycle): void {
    this.events[event]?.();
  }

  askBack(): boolean {
    return this.backHandler?.() === true;
  }

  showBack(value: boolean): void {
    if (value !== this.hasBack) {
      this.hasBack = value;
      this.bar.update(this.titleValue, this.menuValue, this.isBarHidden, value);
    }
  }

  protected override applyAccess(name: string): void {
    super.applyAccess(name === '' ? this.bar.text : name);
  }
}
