import type window from '@ohos.window';
import type { AsyncCallback, Callback } from '@ohos.base';
import { device, windowSize } from '../../runtime/core/config.js';
import { HostError } from '../../runtime/core/errors.js';
import { KitError, settle } from './business-error.js';
import { vp2px } from './density.js';
import { Listeners } from './listeners.js';
import { loud } from './loud.js';
import { Orientation, WindowStatusType, WindowType } from './window-enums.js';
import { uiContext } from './ui-context.js';

/** Shows the page that `loadContent` names; `boot` provides it. */
export type LoadPage = (path: string) => void;

const MAIN_WINDOW_ID = 1;
const NO_RECT: window.Rect = { left: 0, top: 0, width: 0, height: 0 };

interface WindowEvents {
  windowSizeChange: Listeners<Callback<window.Size>>;
  avoidAreaChange: Listeners<Callback<window.AvoidAreaOptions>>;
  keyboardHeightChange: Listeners<Callback<number>>;
  windowVisibilityChange: Listeners<Callback<boolean>>;
  windowEvent: Listeners<Callback<window.WindowEventType>>;
  windowStatusChange: Listeners<Callback<window.WindowStatusType>>;
}

/**
 * The main window: the browser's viewport, in px as the kit counts (vp times density). It has no system bars and no
 * soft keyboard of its own, so avoid areas are empty and their events do not come.
 */
export class HostWindow {
  readonly events: WindowEvents = {
    windowSizeChange: new Listeners(),
    avoidAreaChange: new Listeners(),
    keyboardHeightChange: new Listeners(),
    windowVisibilityChange: new Listeners(),
    windowEvent: new Listeners(),
    windowStatusChange: new Listeners(),
  };
  private isLayoutFullScreen = false;
  private isVisible = false;
  private hasContent = false;

  constructor(private readonly loadPage: LoadPage) {}

  /** The declared face of this window. */
  readonly api: window.Window = loud<window.Window>('window.Window', {
    getWindowProperties: () => this.properties(),
    getWindowAvoidArea: () => ({
      visible: false,
      leftRect: NO_RECT,
      topRect: NO_RECT,
      rightRect: NO_RECT,
      bottomRect: NO_RECT,
    }),
    getUIContext: () => this.context(),
    isWindowShowing: () => this.isVisible,
    isFocused: () => document.hasFocus(),
    getWindowStatus: () => WindowStatusType.FULL_SCREEN,
    getPreferredOrientation: () => Orientation.UNSPECIFIED,
    setWindowBackgroundColor: (color) => this.setBackground(color),
    setWindowLayoutFullScreen: this.accepting((isFullScreen: boolean) => {
      this.isLayoutFullScreen = isFullScreen;
    }) as window.Window['setWindowLayoutFullScreen'],
    setWindowSystemBarProperties: this.accepting(
      (_properties: window.SystemBarProperties) => {},
    ) as window.Window['setWindowSystemBarProperties'],
    setWindowSystemBarEnable: this.accepting((_names: string[]) => {}) as window.Window['setWindowSystemBarEnable'],
    setPreferredOrientation: this.accepting(
      (_orientation: window.Orientation) => {},
    ) as window.Window['setPreferredOrientation'],
    setWindowKeepScreenOn: this.accepting((_isOn: boolean) => {}) as window.Window['setWindowKeepScreenOn'],
    on: this.on.bind(this) as unknown as window.Window['on'],
    off: this.off.bind(this) as unknown as window.Window['off'],
  });

  load(path: string): void {
    this.hasContent = true;
    this.loadPage(path);
  }

  resize(widthVp: number, heightVp: number): void {
    const before = windowSize.peek();
    if (before.width !== widthVp || before.height !== heightVp) {
      windowSize.set({ width: widthVp, height: heightVp });
      this.events.windowSizeChange.emit(this.sizePx());
    }
  }

  setVisible(isVisible: boolean): void {
    if (this.isVisible !== isVisible) {
      this.isVisible = isVisible;
      this.events.windowVisibilityChange.emit(isVisible);
    }
  }

  /** A device throws 1300002 before the content is loaded. */
  private context(): ReturnType<window.Window['getUIContext']> {
    if (!this.hasContent) {
      throw new KitError(1300002, 'This window state is abnormal: getUIContext before loadContent.');
    }
    return uiContext();
  }

  private sizePx(): window.Size {
    const { width, height } = windowSize.peek();
    return { width: Math.round(vp2px(width)), height: Math.round(vp2px(height)) };
  }

  private properties(): window.WindowProperties {
    const rect = { left: 0, top: 0, ...this.sizePx() };
    return {
      windowRect: rect,
      drawableRect: rect,
      type: WindowType.TYPE_APP,
      isFullScreen: device.peek() === 'phone',
      isLayoutFullScreen: this.isLayoutFullScreen,
      focusable: true,
      touchable: true,
      brightness: -1,
      dimBehindValue: 0,
      isKeepScreenOn: false,
      isPrivacyMode: false,
      isRoundCorner: false,
      isTransparent: false,
      id: MAIN_WINDOW_ID,
      displayId: 0,
    };
  }

  /** Accepts `#RRGGBB` and `#AARRGGBB`, as the kit does. */
  private setBackground(color: string): void {
    const match = /^#([0-9a-f]{2})?([0-9a-f]{6})$/i.exec(color);
    if (match === null) {
      throw new KitError(401, `Parameter error. color: expected #RRGGBB or #AARRGGBB, got ${color}`);
    }
    document.body.style.backgroundColor = `#${match[2]}${match[1] ?? ''}`;
  }

  /** The window kit's callbacks read `err.code`, so a success hands them a code 0. */
  private accepting<A>(apply: (value: A) => void) {
    return (value: A, callback?: AsyncCallback<void>): Promise<void> | undefined =>
      settle(
        Promise.resolve().then(() => apply(value)),
        callback,
        'codeZero',
      );
  }

  private on(type: keyof WindowEvents, callback: (...args: never[]) => void): void {
    this.listeners(type).add(callback);
  }

  private off(type: keyof WindowEvents, callback?: (...args: never[]) => void): void {
    this.listeners(type).remove(callback);
  }

  private listeners(type: keyof WindowEvents): Listeners<(...args: never[]) => void> {
    const found = this.events[type] as Listeners<(...args: never[]) => void> | undefined;
    if (found === undefined) {
      throw new HostError(`window.on('${String(type)}') is not implemented by the host`);
    }
    return found;
  }
}

/** What onWindowStageCreate gets. */
export class HostWindowStage {
  readonly events = new Listeners<Callback<window.WindowStageEventType>>();

  constructor(readonly main: HostWindow) {}

  readonly api: window.WindowStage = loud<window.WindowStage>('window.WindowStage', {
    getMainWindowSync: () => this.main.api,
    getMainWindow: ((callback?: AsyncCallback<window.Window>) =>
      settle(Promise.resolve(this.main.api), callback, 'codeZero')) as window.WindowStage['getMainWindow'],
    loadContent: ((path: string, second?: unknown, third?: AsyncCallback<void>) => {
      const callback = typeof second === 'function' ? (second as AsyncCallback<void>) : third;
      if (second !== undefined && typeof second !== 'function') {
        throw new HostError('windowStage.loadContent with a LocalStorage is not implemented by the host');
      }
      return settle(
        Promise.resolve().then(() => this.main.load(path)),
        callback,
        'codeZero',
      );
    }) as window.WindowStage['loadContent'],
    on: (eventType, callback) => this.stageListeners(eventType).add(callback),
    off: (eventType, callback) => this.stageListeners(eventType).remove(callback),
  });

  private stageListeners(type: string): Listeners<Callback<window.WindowStageEventType>> {
    if (type !== 'windowStageEvent') {
      throw new HostError(`windowStage.on('${type}') is not implemented by the host`);
    }
    return this.events;
  }
}
