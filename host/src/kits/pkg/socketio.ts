import type * as Declared from '@ohos/socketio';
import { HostError } from '../../runtime/core/errors.js';
import { loud } from '../support/loud.js';
import { HostSocketIoClient } from './socketio/client.js';

/**
 * The ohpm package's connection listeners are globals of the process, so a second client would silently take those of
 * the first. The host refuses it.
 */
let live: HostSocketIoClient | null = null;

function createClient(): Declared.client_socket {
  if (live !== null) {
    throw new HostError('@ohos/socketio: one live client per process; close() the other one first');
  }
  const client = new HostSocketIoClient(() => {
    if (live === client) {
      live = null;
    }
  });
  live = client;
  return loud<Declared.client_socket>('client_socket', client);
}

/** `new client_socket()` hands out the guarded object. */
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
