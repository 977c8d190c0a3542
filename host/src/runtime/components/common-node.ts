import { AccessNode, setAttribute } from './access-node.js';
import { Cover, type CoverOptions } from './cover.js';
import { Menu, type MenuContent, type MenuOptions } from './menu.js';
import { Sheet, type SheetOptions } from './sheet.js';
import { twoWay, type TwoWay } from './two-way.js';

type Styler = (node: CommonNode) => void;

interface StateStyles {
  normal?: Styler;
  pressed?: Styler;
  disabled?: Styler;
  focused?: Styler;
}

const RESPONSE_RIGHT_CLICK = 0;
const LONG_PRESS_MS = 500;

/** Every attribute that all components share. */
export abstract class CommonNode extends AccessNode {
  private sheet: Sheet | null = null;
  private cover: Cover | null = null;
  private menu: Menu | null = null;
  private menuContent: { content: MenuContent; options: MenuOptions } | null = null;
  private styles: StateStyles | null = null;
  private isPressed = false;
  private isFocused = false;

  bindSheet(isShow: boolean | TwoWay<boolean>, builder: () => void, options: SheetOptions = {}): void {
    const bound = twoWay(isShow);
    this.pendingSheet = { bound, builder, options };
  }

  /** The third argument may be a ModalTransition alone; all of them look the same here. */
  bindContentCover(isShow: boolean | TwoWay<boolean>, builder: () => void, options: CoverOptions | number = {}): void {
    this.pendingCover = { bound: twoWay(isShow), builder, options: typeof options === 'number' ? {} : options };
  }

  bindMenu(...args: [MenuContent, MenuOptions?] | [boolean | TwoWay<boolean>, MenuContent, MenuOptions?]): void {
    const first = args[0];
    if (Array.isArray(first) || typeof first === 'function') {
      this.menuContent = { content: first, options: (args[1] as MenuOptions | undefined) ?? {} };
      setAttribute(this.accessElement, 'aria-haspopup', 'menu');
      this.listenForMenu();
      return;
    }
    const bound = twoWay(first as boolean | TwoWay<boolean>);
    const content = args[1] as MenuContent;
    const options = (args[2] as MenuOptions | undefined) ?? {};
    this.pendingMenu = { bound, content, options };
  }

  /** Opens at the pointer: by the right button, or by a long press, which a mouse may do as well. */
  bindContextMenu(content: () => void, response: number, options: MenuOptions = {}): void {
    this.contextMenu = { content, options };
    if (this.isContextListening) {
      return;
    }
    this.isContextListening = true;
    const open = (x: number, y: number): void => {
      if (this.contextMenu !== null && this.menu === null && this.acceptsInput()) {
        this.openMenu(this.contextMenu.content, this.contextMenu.options, () => undefined, { x, y });
      }
    };
    this.element.addEventListener('contextmenu', (event) => {
      event.preventDefault();
      open(event.clientX, event.clientY);
    });
    if (response !== RESPONSE_RIGHT_CLICK) {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const stop = (): void => clearTimeout(timer);
      this.element.addEventListener('pointerdown', (event) => {
        timer = setTimeout(() => open(event.clientX, event.clientY), LONG_PRESS_MS);
      });
      ['pointerup', 'pointercancel', 'pointerleave'].forEach((name) => this.element.addEventListener(name, stop));
    }
  }

  /** Attributes that hold only in a state; `normal` holds in none of the others. */
  stateStyles(styles: StateStyles): void {
    if (this.styles === null) {
      this.listenForStates();
    }
    this.styles = styles;
  }

  override afterUpdate(): void {
    super.afterUpdate();
    this.applyStates();
    this.updateSheet();
    this.updateCover();
    this.updateMenu();
  }

  override mounted(): void {
    super.mounted();
    this.isMounted = true;
    this.updateSheet();
    this.updateCover();
    this.updateMenu();
  }

  override disposed(): void {
    this.sheet?.dispose();
    this.sheet = null;
    this.cover?.dispose();
    this.cover = null;
    this.menu?.close();
    super.disposed();
  }

  private isMounted = false;
  private isContextListening = false;
  private contextMenu: { content: MenuContent; options: MenuOptions } | null = null;
  private pendingSheet: { bound: TwoWay<boolean>; builder: () => void; options: SheetOptions } | null = null;
  private pendingCover: { bound: TwoWay<boolean>; builder: () => void; options: CoverOptions } | null = null;
  private pendingMenu: { bound: TwoWay<boolean>; content: MenuContent; options: MenuOptions } | null = null;

  private updateSheet(): void {
    const wanted = this.pendingSheet;
    if (wanted === null || !this.isMounted) {
      return;
    }
    if (wanted.bound.value && this.sheet === null) {
      this.sheet = new Sheet(this, wanted.builder, wanted.options, () => this.closeSheet());
    } else if (!wanted.bound.value && this.sheet !== null) {
      this.closeSheet();
    } else {
      this.sheet?.update(wanted.options);
    }
  }

  private closeSheet(): void {
    const closing = this.sheet;
    this.sheet = null;
    this.pendingSheet?.bound.set(false);
    closing?.dispose();
  }

  private updateCover(): void {
    const wanted = this.pendingCover;
    if (wanted === null || !this.isMounted) {
      return;
    }
    if (wanted.bound.value && this.cover === null) {
      this.cover = new Cover(this, wanted.builder, wanted.options, () => this.closeCover());
    } else if (!wanted.bound.value && this.cover !== null) {
      this.closeCover();
    }
  }

  private closeCover(): void {
    const closing = this.cover;
    this.cover = null;
    this.pendingCover?.bound.set(false);
    closing?.dispose();
  }

  private updateMenu(): void {
    const wanted = this.pendingMenu;
    if (wanted === null || !this.isMounted) {
      return;
    }
    if (wanted.bound.value && this.menu === null) {
      this.openMenu(wanted.content, wanted.options, () => wanted.bound.set(false));
    } else if (!wanted.bound.value) {
      this.menu?.close();
    }
  }

  private openMenu(
    content: MenuContent,
    options: MenuOptions,
    closed: () => void,
    at?: { x: number; y: number },
  ): void {
    this.menu = new Menu(
      this,
      content,
      options,
      () => {
        this.menu = null;
        closed();
      },
      at,
    );
  }

  private listenForMenu(): void {
    if (this.isClickable) {
      return;
    }
    this.onClick(() => {
      if (this.menuContent !== null && this.menu === null) {
        this.openMenu(this.menuContent.content, this.menuContent.options, () => undefined);
      }
    });
  }

  private listenForStates(): void {
    const press = (isPressed: boolean) => (): void => this.setState(isPressed, this.isFocused);
    this.element.addEventListener('pointerdown', press(true));
    ['pointerup', 'pointercancel', 'pointerleave'].forEach((name) => this.element.addEventListener(name, press(false)));
    this.focusTarget.addEventListener('focus', () => {
      this.setState(this.isPressed, this.focusTarget.matches(':focus-visible'));
    });
    this.focusTarget.addEventListener('blur', () => this.setState(this.isPressed, false));
  }

  private setState(isPressed: boolean, isFocused: boolean): void {
    if (isPressed !== this.isPressed || isFocused !== this.isFocused) {
      this.isPressed = isPressed;
      this.isFocused = isFocused;
      this.invalidate();
    }
  }

  private applyStates(): void {
    const styles = this.styles;
    if (styles === null) {
      return;
    }
    const state = !this.isEnabled
      ? styles.disabled
      : this.isPressed
        ? styles.pressed
        : this.isFocused
          ? styles.focused
          : undefined;
    styles.normal?.(this);
    state?.(this);
  }
}
