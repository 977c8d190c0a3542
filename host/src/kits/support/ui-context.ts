import type { KeyboardAvoidMode, PromptAction, UIContext } from '@ohos.arkui.UIContext';
import type common from '@ohos.app.ability.common';
import * as overlays from '../../runtime/components/overlays.js';
import { animateTo } from './animate.js';
import { fp2px, px2fp, px2vp, vp2px } from './density.js';
import { loud } from './loud.js';
import { promptAction } from './prompt-action.js';

let hostContext: common.Context | undefined;
let avoidMode = 0 as KeyboardAvoidMode;

/** What `getHostContext()` returns: the context of the ability. */
export function setHostContext(context: common.Context): void {
  hostContext = context;
}

const context: UIContext = loud<UIContext>('UIContext', {
  getHostContext: () => hostContext,
  getPromptAction: () => loud<PromptAction>('PromptAction', promptAction as Partial<PromptAction>),
  showAlertDialog: (options) => overlays.showAlertDialog(options as overlays.AlertDialogOptions),
  animateTo,
  // The browser moves the focused field into view by itself; only the choice is kept.
  setKeyboardAvoidMode: (value) => {
    avoidMode = value;
  },
  getKeyboardAvoidMode: () => avoidMode,
  // Everything runs in the one UI scope of the page.
  runScopedTask: (callback) => callback(),
  getWindowName: () => 'main',
  vp2px,
  px2vp,
  fp2px,
  px2fp,
  getFocusController: () =>
    loud<ReturnType<UIContext['getFocusController']>>('FocusController', {
      clearFocus: () => (document.activeElement as HTMLElement | null)?.blur(),
      requestFocus: (key) => {
        const target = document.getElementById(key);
        target?.focus();
        return undefined as never;
      },
    }),
  postFrameCallback: (callback) => {
    requestAnimationFrame((timeMs) => callback.onFrame(timeMs * 1_000_000));
  },
});

/** One window, one UIContext. */
export function uiContext(): UIContext {
  return context;
}
