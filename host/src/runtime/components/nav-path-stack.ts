export interface PopInfo {
  info: NavPathInfo;
  result: object;
}

export class NavPathInfo {
  constructor(
    public name: string,
    public param?: unknown,
    public onPop?: (info: PopInfo) => void,
    public isEntry?: boolean,
  ) {}
}

/** What a page of the stack looks like from outside; the object stays the same while the page lives. */
export interface NavEntry {
  readonly id: string;
  info: NavPathInfo;
}

export interface NavChange {
  /** NavigationOperation: 1 push, 2 pop, 3 replace. */
  operation: 1 | 2 | 3;
  isAnimated: boolean;
}

export interface NavInterception {
  willShow?: (from: object | 'navBar', to: object | 'navBar', operation: number, isAnimated: boolean) => void;
  didShow?: (from: object | 'navBar', to: object | 'navBar', operation: number, isAnimated: boolean) => void;
  modeChange?: (mode: number) => void;
}

interface NavigationOptions {
  launchMode?: number;
  animated?: boolean;
}

const PUSH = 1;
const POP = 2;
const REPLACE = 3;
/** LaunchMode. */
const MOVE_TO_TOP_SINGLETON = 1;
const POP_TO_SINGLETON = 2;

type OnPop = (info: PopInfo) => void;

let nextId = 0;

/**
 * The pages above the navigation bar, bottom first. Pure logic: a Navigation shows it and asks it again after each change.
 * A result reaches `onPop` of the page that was on top, as in the engine, whichever page becomes the top.
 */
export class NavPathStack {
  private pages: NavEntry[] = [];
  private listener: ((change: NavChange) => void) | null = null;
  private isAnimationOff = false;
  private parent: NavPathStack | null = null;
  /** For Navigation. */
  interception: NavInterception = {};

  pushPath(info: NavPathInfo, options: boolean | NavigationOptions = true): void {
    const { launchMode = 0, animated = true } = typeof options === 'boolean' ? { animated: options } : options;
    const at = this.pages.map((page) => page.info.name).lastIndexOf(info.name);
    if (launchMode === MOVE_TO_TOP_SINGLETON && at >= 0) {
      const [page] = this.pages.splice(at, 1);
      this.raise(page, info, animated);
    } else if (launchMode === POP_TO_SINGLETON && at >= 0) {
      const page = this.pages[at];
      this.pages.length = at;
      this.raise(page, info, animated);
    } else {
      this.pages.push(entry(info));
      this.changed(PUSH, animated);
    }
  }

  pushPathByName(name: string, param: unknown, third?: OnPop | boolean, fourth?: boolean): void {
    const onPop = typeof third === 'function' ? third : undefined;
    const animated = (typeof third === 'boolean' ? third : fourth) ?? true;
    this.pushPath(new NavPathInfo(name, param, onPop), animated);
  }

  /** Resolves when the page stands; rejects, as pushPath throws, where no page has that name. */
  async pushDestination(info: NavPathInfo, options: boolean | NavigationOptions = true): Promise<void> {
    this.pushPath(info, options);
  }

  async pushDestinationByName(name: string, param: unknown, third?: OnPop | boolean, fourth?: boolean): Promise<void> {
    this.pushPathByName(name, param, third, fourth);
  }

  replacePath(info: NavPathInfo, options: boolean | NavigationOptions = true): void {
    const animated = typeof options === 'boolean' ? options : (options.animated ?? true);
    this.pages.pop();
    this.pages.push(entry(info));
    this.changed(REPLACE, animated);
  }

  replacePathByName(name: string, param: unknown, animated = true): void {
    this.replacePath(new NavPathInfo(name, param), animated);
  }

  pop(first?: object | boolean, second?: boolean): NavPathInfo | undefined {
    const top = this.pages.pop();
    if (top === undefined) {
      return undefined;
    }
    this.popped(top, first, second);
    return top.info;
  }

  /** -1 where no page has that name; then nothing happens. */
  popToName(name: string, first?: object | boolean, second?: boolean): number {
    const index = this.pages.findIndex((page) => page.info.name === name);
    if (index >= 0) {
      this.popToIndex(index, first, second);
    }
    return index;
  }

  popToIndex(index: number, first?: object | boolean, second?: boolean): void {
    const top = this.pages.at(-1);
    if (top === undefined || index < -1 || index >= this.pages.length - 1) {
      return;
    }
    this.pages.length = index + 1;
    this.popped(top, first, second);
  }

  moveToTop(name: string, animated = true): number {
    const index = this.pages.findIndex((page) => page.info.name === name);
    if (index >= 0) {
      this.moveIndexToTop(index, animated);
    }
    return index;
  }

  moveIndexToTop(index: number, animated = true): void {
    const [page] = index < 0 ? [] : this.pages.splice(index, 1);
    if (page !== undefined) {
      this.pages.push(page);
      this.changed(PUSH, animated);
    }
  }

  clear(animated = true): void {
    if (this.pages.length > 0) {
      this.pages = [];
      this.changed(POP, animated);
    }
  }

  removeByIndexes(indexes: number[]): number {
    const wanted = new Set(indexes);
    return this.removeWhere((_page, index) => wanted.has(index));
  }

  removeByName(name: string): number {
    return this.removeWhere((page) => page.info.name === name);
  }

  removeByNavDestinationId(id: string): boolean {
    return this.removeWhere((page) => page.id === id) > 0;
  }

  getAllPathName(): string[] {
    return this.pages.map((page) => page.info.name);
  }

  getParamByIndex(index: number): unknown {
    return this.pages[index]?.info.param;
  }

  getParamByName(name: string): unknown[] {
    return this.pages.filter((page) => page.info.name === name).map((page) => page.info.param);
  }

  getIndexByName(name: string): number[] {
    return this.pages.flatMap((page, index) => (page.info.name === name ? [index] : []));
  }

  size(): number {
    return this.pages.length;
  }

  getParent(): NavPathStack | null {
    return this.parent;
  }

  disableAnimation(value: boolean): void {
    this.isAnimationOff = value;
  }

  setInterception(interception: NavInterception): void {
    this.interception = interception;
  }

  /** For Navigation: the pages now, and word of every change. One Navigation shows a stack. */
  attach(listener: ((change: NavChange) => void) | null, parent: NavPathStack | null = null): void {
    this.listener = listener;
    this.parent = parent;
  }

  entries(): readonly NavEntry[] {
    return this.pages;
  }

  private raise(page: NavEntry | undefined, info: NavPathInfo, animated: boolean): void {
    if (page !== undefined) {
      page.info.param = info.param;
      page.info.onPop = info.onPop ?? page.info.onPop;
      this.pages.push(page);
      this.changed(PUSH, animated);
    }
  }

  private popped(top: NavEntry, first: object | boolean | undefined, second: boolean | undefined): void {
    const animated = (typeof first === 'boolean' ? first : second) ?? true;
    if (first !== undefined && typeof first !== 'boolean') {
      top.info.onPop?.({ info: top.info, result: first });
    }
    this.changed(POP, animated);
  }

  private removeWhere(isGone: (page: NavEntry, index: number) => boolean): number {
    const before = this.pages.length;
    this.pages = this.pages.filter((page, index) => !isGone(page, index));
    const count = before - this.pages.length;
    if (count > 0) {
      this.changed(POP, true);
    }
    return count;
  }

  private changed(operation: 1 | 2 | 3, isAnimated: boolean): void {
    this.listener?.({ operation, isAnimated: isAnimated && !this.isAnimationOff });
  }
}

function entry(info: NavPathInfo): NavEntry {
  return { id: String(nextId++), info };
}
