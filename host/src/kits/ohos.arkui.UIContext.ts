import type { KeyboardAvoidMode as DeclaredMode } from '@ohos.arkui.UIContext';
import type { PlainEnum } from './support/enums.js';

/** Only types of this module besides this enum; instances come from `getUIContext()`. */
export const KeyboardAvoidMode: PlainEnum<typeof DeclaredMode> = { OFFSET: 0, RESIZE: 1 };
