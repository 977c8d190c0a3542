import type { UIContext } from '@ohos.arkui.UIContext';
import { flushNow } from '../../runtime/core/reactive.js';

/** ArkUI's default. */
const DEFAULT_DURATION_MS = 1000;

/**
 * Runs the closure and shows its changes at once: only end states are right. What a device animates in between comes
 * from the components' own transitions.
 */
export const animateTo: UIContext['animateTo'] = (value, event) => {
  event();
  flushNow();
  const endMs = (value.delay ?? 0) + (value.duration ?? DEFAULT_DURATION_MS);
  if (value.onFinish !== undefined) {
    setTimeout(value.onFinish, endMs);
  }
};
