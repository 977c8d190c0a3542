/**
 * What Parley may use of the ohpm package `@ohos/socketio` 2.1.3 (http only; servers 3.x and 4.x). The package is not on
 * npm. It wraps a native client whose connection listeners are global to the process: one live client at a time.
 */
export class client_socket {
  constructor();

  connect(uri: string): void;
  close(): void;
  sync_close(): void;
  socket_close(): void;
  opened(): boolean;
  get_sessionid(): string;
  /** 0 not connected, 1 disconnected, 2 connecting, 3 connected. */
  get_current_state(): number;

  /** The next ten must precede `connect`. Header and option strings are loose `{name:value}` maps. */
  set_headers(headers: string): void;
  /** Reaches the server as the query of the connection; there is no `auth` payload. */
  set_option(option: string): void;
  set_nsp(nsp: string): void;
  set_reconnect_attempts(attempts: number): void;
  /** ms */
  set_reconnect_delay(delay: number): void;
  /** ms */
  set_reconnect_delay_max(delay: number): void;
  set_proxy_basic_auth(uri: string, user: string, password: string): void;
  set_logs_default(): void;
  set_logs_quiet(): void;
  set_logs_verbose(): void;

  set_open_listener(listener: () => void): void;
  set_fail_listener(listener: () => void): void;
  set_reconnecting_listener(listener: () => void): void;
  set_reconnect_listener(listener: () => void): void;
  set_close_listener(listener: (reason: string) => void): void;
  set_socket_open_listener(listener: (nsp: string) => void): void;
  set_socket_close_listener(listener: (nsp: string) => void): void;
  clear_con_listeners(): void;
  clear_socket_listeners(): void;

  /** Listeners get JSON text. */
  on(event_name: string, listener: (event_json: string) => void): void;
  once(event_name: string, listener: (event_json: string) => void): void;
  on_binary(event_name: string, listener: (data: Uint8Array) => void): void;
  off(event_name: string): void;
  off_all(): void;
  on_error(listener: (message: string) => void): void;
  off_error(): void;

  emit(event_name: string, message: ESObject, on_emit_callback?: (emit_callback_json: string) => void): void;
  emitAckBinary(event_name: string, message: ESObject, callback?: (code: number, data: Uint8Array) => void): void;
}

export class buffer_util {
  static uint8ArrayToString(data: Uint8Array): string;
  static stringToUint8Array(text: string): Uint8Array;
}
