import type window from '@ohos.window';
import type { AsyncCallback } from '@ohos.base';
import { settle } from './support/business-error.js';
import { mainWindow } from './support/current-window.js';
import { loud } from './support/loud.js';
import * as enums from './support/window-enums.js';

export default loud<typeof window>('window', {
  ...enums,
  getLastWindow: ((_context: unknown, callback?: AsyncCallback<window.Window>) =>
    settle(
      Promise.resolve().then(() => mainWindow().api),
      callback,
      'codeZero',
    )) as typeof window.getLastWindow,
});
