import type { HostWindow } from './host-window.js';
import { KitError } from './business-error.js';

let current: HostWindow | null = null;

export function setMainWindow(window: HostWindow): void {
  current = window;
}

export function mainWindow(): HostWindow {
  if (current === null) {
    throw new KitError(1300002, 'This window state is abnormal: there is no window yet.');
  }
  return current;
}
