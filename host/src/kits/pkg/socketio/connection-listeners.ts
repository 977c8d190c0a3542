/** What the package tells about the connection. */
export interface ConnectionListeners {
  open?: () => void;
  fail?: () => void;
  reconnecting?: () => void;
  reconnect?: () => void;
  close?: (reason: string) => void;
  socketOpen?: (nsp: string) => void;
  socketClose?: (nsp: string) => void;
  error?: (message: string) => void;
}

/** Of the process, as the native ones are: the last that was set counts, whichever client it was set on. */
export const listeners: ConnectionListeners = {};

export function clearConnectionListeners(): void {
  for (const name of ['open', 'fail', 'reconnecting', 'reconnect', 'close'] as const) {
    delete listeners[name];
  }
}

export function clearSocketListeners(): void {
  delete listeners.socketOpen;
  delete listeners.socketClose;
}
