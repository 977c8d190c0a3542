import type * as Declared from '@ohos/socketio';
import { Manager, type Socket } from 'socket.io-client';
import { HostError } from '../../../runtime/core/errors.js';
import { clearConnectionListeners, clearSocketListeners, listeners } from './connection-listeners.js';

const NOT_CONNECTED = 0;
const DISCONNECTED = 1;
const CONNECTING = 2;
const CONNECTED = 3;
/** Of the native client, ms. */
const RECONNECT_DELAY_MS = 5000;
const RECONNECT_DELAY_MAX_MS = 25_000;

type Ack = (json: string) => void;

/**
 * The native client over socket.io-client: events as JSON text, one argument per event, WebSocket only, http only. A
 * path in the address is the path of the handshake, as the native client takes it.
 */
export class HostSocketIoClient implements Declared.client_socket {
  private manager: Manager | null = null;
  private socket: Socket | null = null;
  private nsp = '/';
  private option = '';
  private attempts = Infinity;
  private delayMs = RECONNECT_DELAY_MS;
  private delayMaxMs = RECONNECT_DELAY_MAX_MS;
  private wasConnected = false;
  private readonly handlers = new Map<string, (...args: unknown[]) => void>();

  /** `onGone`: the client has ended and another may live. */
  constructor(private readonly onGone: () => void) {}

  connect(uri: string): void {
    const url = new URL(uri);
    if (this.manager !== null) {
      throw new HostError('client_socket.connect: one client connects once in the host');
    }
    if (url.protocol !== 'http:') {
      queueMicrotask(() => listeners.fail?.());
      return;
    }
    const manager = new Manager(url.origin, {
      path: url.pathname === '/' ? '/socket.io/' : url.pathname,
      transports: ['websocket'],
      autoConnect: false,
      forceNew: true,
      query: looseMap(this.option),
      reconnection: this.attempts > 0,
      reconnectionAttempts: this.attempts,
      reconnectionDelay: this.delayMs,
      reconnectionDelayMax: this.delayMaxMs,
    });
    this.manager = manager;
    this.socket = manager.socket(this.nsp);
    this.listenTo(manager, this.socket);
    this.handlers.forEach((handler, name) => this.socket?.on(name, handler));
    this.socket.connect();
  }

  /** Comes back at once; the close listener tells when it is done, and stays silent for a client that was not connected. */
  close(): void {
    const wasConnected = this.manager?.engine?.readyState === 'open';
    this.socket?.disconnect();
    this.manager?._close();
    if (!wasConnected) {
      this.onGone();
    }
  }

  sync_close(): void {
    this.close();
  }

  /** Leaves the namespace only. */
  socket_close(): void {
    this.socket?.disconnect();
  }

  opened(): boolean {
    return this.manager?.engine?.readyState === 'open';
  }

  get_sessionid(): string {
    return (this.manager?.engine as { id?: string } | undefined)?.id ?? '';
  }

  get_current_state(): number {
    switch (this.manager?.engine?.readyState) {
      case 'open':
        return CONNECTED;
      case 'opening':
        return CONNECTING;
      default:
        return this.wasConnected ? DISCONNECTED : NOT_CONNECTED;
    }
  }

  set_headers(headers: string): void {
    if (Object.keys(looseMap(headers)).length > 0) {
      throw new HostError('client_socket.set_headers: browsers cannot send headers with a WebSocket');
    }
  }

  set_option(option: string): void {
    this.option = option;
  }

  set_nsp(nsp: string): void {
    this.nsp = nsp;
  }

  set_reconnect_attempts(attempts: number): void {
    this.attempts = attempts;
  }

  set_reconnect_delay(delay: number): void {
    this.delayMs = delay;
  }

  set_reconnect_delay_max(delay: number): void {
    this.delayMaxMs = delay;
  }

  set_proxy_basic_auth(): void {
    throw new HostError('client_socket.set_proxy_basic_auth is not implemented by the host');
  }

  set_logs_default(): void {
    // The host writes no log of the package.
  }

  set_logs_quiet(): void {
    // As it is.
  }

  set_logs_verbose(): void {
    // The host writes no log of the package.
  }

  set_open_listener(listener: () => void): void {
    listeners.open = listener;
  }

  set_fail_listener(listener: () => void): void {
    listeners.fail = listener;
  }

  set_reconnecting_listener(listener: () => void): void {
    listeners.reconnecting = listener;
  }

  set_reconnect_listener(listener: () => void): void {
    listeners.reconnect = listener;
  }

  set_close_listener(listener: (reason: string) => void): void {
    listeners.close = listener;
  }

  set_socket_open_listener(listener: (nsp: string) => void): void {
    listeners.socketOpen = listener;
  }

  set_socket_close_listener(listener: (nsp: string) => void): void {
    listeners.socketClose = listener;
  }

  clear_con_listeners(): void {
    clearConnectionListeners();
  }

  clear_socket_listeners(): void {
    clearSocketListeners();
  }

  on(event_name: string, listener: (event_json: string) => void): void {
    this.handle(event_name, (...args) => listener(jsonOf(args)));
  }

  once(event_name: string, listener: (event_json: string) => void): void {
    this.handle(event_name, (...args) => {
      this.off(event_name);
      listener(jsonOf(args));
    });
  }

  on_binary(event_name: string, listener: (data: Uint8Array) => void): void {
    this.handle(event_name, (data) => listener(new Uint8Array(data as ArrayBuffer)));
  }

  off(event_name: string): void {
    this.handlers.delete(event_name);
    this.socket?.off(event_name);
  }

  off_all(): void {
    [...this.handlers.keys()].forEach((name) => this.off(name));
  }

  on_error(listener: (message: string) => void): void {
    listeners.error = listener;
  }

  off_error(): void {
    delete listeners.error;
  }

  emit(event_name: string, message: unknown, on_emit_callback?: Ack): void {
    if (on_emit_callback === undefined) {
      this.socket?.emit(event_name, message);
    } else {
      this.socket?.emit(event_name, message, (...args: unknown[]) => on_emit_callback(jsonOf(args)));
    }
  }

  emitAckBinary(): void {
    throw new HostError('client_socket.emitAckBinary is not implemented by the host');
  }

  /** One listener per event, as in the native client: a later one takes its place. */
  private handle(name: string, handler: (...args: unknown[]) => void): void {
    this.off(name);
    this.handlers.set(name, handler);
    this.socket?.on(name, handler);
  }

  private listenTo(manager: Manager, socket: Socket): void {
    manager.on('open', () => {
      this.wasConnected = true;
      listeners.open?.();
    });
    manager.on('error', () => {
      if (!manager.reconnection()) {
        listeners.fail?.();
      }
    });
    manager.on('reconnect_attempt', () => listeners.reconnecting?.());
    manager.on('reconnect', () => listeners.reconnect?.());
    manager.on('reconnect_failed', () => listeners.fail?.());
    manager.on('close', (reason) => {
      this.onGone();
      listeners.close?.(reason === 'forced close' ? 'normal' : 'drop');
    });
    socket.on('connect', () => listeners.socketOpen?.(this.nsp));
    socket.on('disconnect', () => listeners.socketClose?.(this.nsp));
    // Once there was a connection, it is the namespace that refuses. socket.io-client has closed the connection by then.
    socket.on('connect_error', (error) => {
      if (this.wasConnected) {
        listeners.error?.(JSON.stringify({ message: error.message }));
      }
    });
  }
}

/** What a listener gets: the one argument, or all of several. */
function jsonOf(args: readonly unknown[]): string {
  return JSON.stringify(args.length === 1 ? args[0] : args) ?? '';
}

/** `{name:value,other:value}`, with quotes or without. */
function looseMap(text: string): Record<string, string> {
  const pairs = text
    .replace(/^\s*\{|\}\s*$/g, '')
    .split(',')
    .map((pair) => pair.split(/:(.*)/s).map((part) => part.trim().replace(/^["']|["']$/g, '')))
    .filter(([name]) => name !== '');
  return Object.fromEntries(pairs.map(([name, value]) => [name, value ?? ''])) as Record<string, string>;
}
