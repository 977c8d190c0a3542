import type * as Declared from '@ohos/socketio';
import { HostError } from '../../runtime/core/errors.js';
import { loud } from '../support/loud.js';

/** What the native client says when it has never been connected. */
const NOT_CONNECTED = 0;

/**
 * The ohpm package's connection listeners are globals of the process, so a second client would silently take those of
 * the first. The host refuses it.
 */
let live: object | null = null;

function createClient(): Declared.client_socket {
  if (live !== null) {
    throw new HostError('@ohos/socketio: one live client per process; close() the other one first');
  }
  const release = (): void => {
    live = null;
  };
  const client = loud<Declared.client_socket>('client_socket', {
    opened: () => false,
    get_current_state: () => NOT_CONNECTED,
    close: release,
    sync_close: release,
    socket_close: release,
  });
  live = client;
  return client;
}

/** `new client_socket()` hands out the guarded object. Connecting is not implemented: no transport uses it yet. */
export const client_socket = function ClientSocket(): Declared.client_socket {
  return createClient();
} as unknown as typeof Declared.client_socket;

export const buffer_util: typeof Declared.buffer_util = class {
  static uint8ArrayToString(data: Uint8Array): string {
    return new TextDecoder().decode(data);
  }

  static stringToUint8Array(text: string): Uint8Array {
    return new TextEncoder().encode(text);
  }
};
