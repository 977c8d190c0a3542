import type { KeyCode as Declared } from '@ohos.multimodalInput.keyCode';
import type { PlainEnum } from './support/enums.js';
import { loud } from './support/loud.js';

const codes = {
  KEYCODE_UNKNOWN: -1,
  KEYCODE_BACK: 2,
  KEYCODE_DPAD_UP: 2012,
  KEYCODE_DPAD_DOWN: 2013,
  KEYCODE_DPAD_LEFT: 2014,
  KEYCODE_DPAD_RIGHT: 2015,
  KEYCODE_A: 2017,
  KEYCODE_B: 2018,
  KEYCODE_C: 2019,
  KEYCODE_F: 2022,
  KEYCODE_K: 2027,
  KEYCODE_N: 2030,
  KEYCODE_V: 2038,
  KEYCODE_ALT_LEFT: 2045,
  KEYCODE_ALT_RIGHT: 2046,
  KEYCODE_SHIFT_LEFT: 2047,
  KEYCODE_SHIFT_RIGHT: 2048,
  KEYCODE_TAB: 2049,
  KEYCODE_SPACE: 2050,
  KEYCODE_ENTER: 2054,
  KEYCODE_DEL: 2055,
  KEYCODE_PAGE_UP: 2068,
  KEYCODE_PAGE_DOWN: 2069,
  KEYCODE_ESCAPE: 2070,
  KEYCODE_FORWARD_DEL: 2071,
  KEYCODE_CTRL_LEFT: 2072,
  KEYCODE_CTRL_RIGHT: 2073,
  KEYCODE_MOVE_HOME: 2081,
  KEYCODE_MOVE_END: 2082,
  KEYCODE_NUMPAD_ENTER: 2119,
} satisfies Partial<PlainEnum<typeof Declared>>;

/** The keys that a chat uses. */
export const KeyCode = loud<typeof Declared>('KeyCode', codes as unknown as Partial<typeof Declared>);
