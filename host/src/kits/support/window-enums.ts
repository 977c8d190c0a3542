import type window from '@ohos.window';
import { enumOf } from './enums.js';

export const WindowType = enumOf<typeof window.WindowType>({
  TYPE_APP: 0,
  TYPE_SYSTEM_ALERT: 1,
  TYPE_FLOAT: 2,
  TYPE_DIALOG: 3,
});

export const AvoidAreaType = enumOf<typeof window.AvoidAreaType>({
  TYPE_SYSTEM: 0,
  TYPE_CUTOUT: 1,
  TYPE_SYSTEM_GESTURE: 2,
  TYPE_KEYBOARD: 3,
  TYPE_NAVIGATION_INDICATOR: 4,
});

export const WindowStageEventType = enumOf<typeof window.WindowStageEventType>({
  SHOWN: 1,
  ACTIVE: 2,
  INACTIVE: 3,
  HIDDEN: 4,
  RESUMED: 5,
  PAUSED: 6,
});

export const WindowEventType = enumOf<typeof window.WindowEventType>({
  WINDOW_SHOWN: 1,
  WINDOW_ACTIVE: 2,
  WINDOW_INACTIVE: 3,
  WINDOW_HIDDEN: 4,
  WINDOW_DESTROYED: 7,
});

export const WindowStatusType = enumOf<typeof window.WindowStatusType>({
  UNDEFINED: 0,
  FULL_SCREEN: 1,
  MAXIMIZE: 2,
  MINIMIZE: 3,
  FLOATING: 4,
  SPLIT_SCREEN: 5,
});

export const Orientation = enumOf<typeof window.Orientation>({
  UNSPECIFIED: 0,
  PORTRAIT: 1,
  LANDSCAPE: 2,
  PORTRAIT_INVERTED: 3,
  LANDSCAPE_INVERTED: 4,
  AUTO_ROTATION: 5,
  AUTO_ROTATION_PORTRAIT: 6,
  AUTO_ROTATION_LANDSCAPE: 7,
  AUTO_ROTATION_RESTRICTED: 8,
  AUTO_ROTATION_PORTRAIT_RESTRICTED: 9,
  AUTO_ROTATION_LANDSCAPE_RESTRICTED: 10,
  LOCKED: 11,
  AUTO_ROTATION_UNSPECIFIED: 12,
  USER_ROTATION_PORTRAIT: 13,
  USER_ROTATION_LANDSCAPE: 14,
  USER_ROTATION_PORTRAIT_INVERTED: 15,
  USER_ROTATION_LANDSCAPE_INVERTED: 16,
  FOLLOW_DESKTOP: 17,
});
