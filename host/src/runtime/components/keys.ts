/** KeyboardEvent.code to @kit.InputKit's KeyCode. Letters, digits and F-keys are computed. */
const KEY_CODES: Readonly<Record<string, number>> = {
  ArrowUp: 2012,
  ArrowDown: 2013,
  ArrowLeft: 2014,
  ArrowRight: 2015,
  Comma: 2043,
  Period: 2044,
  AltLeft: 2045,
  AltRight: 2046,
  ShiftLeft: 2047,
  ShiftRight: 2048,
  Tab: 2049,
  Space: 2050,
  Enter: 2054,
  Backspace: 2055,
  PageUp: 2068,
  PageDown: 2069,
  Escape: 2070,
  Delete: 2071,
  ControlLeft: 2072,
  ControlRight: 2073,
  MetaLeft: 2076,
  MetaRight: 2077,
  Home: 2081,
  End: 2082,
  NumpadEnter: 2119,
};
const KEYCODE_UNKNOWN = -1;
const KEYCODE_0 = 2000;
const KEYCODE_A = 2017;
const KEYCODE_F1 = 2090;

export function keyCodeOf(code: string): number {
  const letter = /^Key([A-Z])$/.exec(code);
  if (letter !== null) {
    return KEYCODE_A + (letter[1] ?? 'A').charCodeAt(0) - 'A'.charCodeAt(0);
  }
  const digit = /^Digit(\d)$/.exec(code);
  if (digit !== null) {
    return KEYCODE_0 + Number(digit[1]);
  }
  const functionKey = /^F(\d{1,2})$/.exec(code);
  if (functionKey !== null) {
    return KEYCODE_F1 + Number(functionKey[1]) - 1;
  }
  return KEY_CODES[code] ?? KEYCODE_UNKNOWN;
}

/** ArkUI's KeyEvent, as far as a browser knows it. */
export interface ArkKeyEvent {
  type: number;
  keyCode: number;
  keyText: string;
  keySource: number;
  deviceId: number;
  metaKey: number;
  timestamp: number;
  stopPropagation: () => void;
  intentionCode: number;
  getModifierKeyState: (keys: string[]) => boolean;
}

const KEY_TYPE_DOWN = 0;
const KEY_TYPE_UP = 1;
const KEY_SOURCE_KEYBOARD = 1;

/** The names that the SDK documents, in any case: 'ctrl', 'alt', 'shift', 'fn'. */
function isHeld(event: KeyboardEvent, key: string): boolean {
  switch (key.toLowerCase()) {
    case 'ctrl':
      return event.ctrlKey;
    case 'alt':
      return event.altKey;
    case 'shift':
      return event.shiftKey;
    case 'fn':
      return event.getModifierState('Fn');
    default:
      throw new Error(`getModifierKeyState: expected ctrl, alt, shift or fn, got '${key}'`);
  }
}

/** A synthetic event of a test or of an input method may lack `code`; its `key` says the same for the named keys. */
export function arkKeyEvent(event: KeyboardEvent): ArkKeyEvent {
  return {
    type: event.type === 'keyup' ? KEY_TYPE_UP : KEY_TYPE_DOWN,
    keyCode: keyCodeOf(event.code === '' ? event.key : event.code),
    keyText: event.key,
    keySource: KEY_SOURCE_KEYBOARD,
    deviceId: 0,
    metaKey: event.metaKey ? 1 : 0,
    timestamp: event.timeStamp,
    stopPropagation: () => event.stopPropagation(),
    intentionCode: 0,
    getModifierKeyState: (keys) => keys.every((key) => isHeld(event, key)),
  };
}
