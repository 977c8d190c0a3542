import type webSocket from '@ohos.net.webSocket';
import type { AsyncCallback, Callback, ErrorCallback } from '@ohos.base';
import { HostError } from '../runtime/core/errors.js';
import { KitError, parameterError, settle } from './support/business-error.js';
import { emitSuccess, Listeners } from './support/listeners.js';
import { loud } from './support/loud.js';

type RequestOptions = webSocket.WebSocketRequestOptions;
type CloseOptions = webSocket.WebSocketCloseOptions;

/** API 12; from API 15 on it is larger. */
const MAX_URL_CHARS = 1024;
/** 5 MiB less the room for a frame header. */
const MAX_SEND_BYTES = 5 * 1024 * 1024 - 16;
/** What the error listener gets when no connection comes about. Guessed from the kit's common error code. */
const CONNECT_FAILED = 200;

interface Events {
  open: Listeners<AsyncCallback<object>>;
  message: Listeners<AsyncCallback<string | ArrayBuffer>>;
  close: Listeners<AsyncCallback<webSocket.CloseResult>>;
  error: Listeners<ErrorCallback>;
  dataEnd: Listeners<Callback<void>>;
  headerReceive: Listeners<Callback<webSocket.ResponseHeaders>>;
}

/** One connection, as on a device: a second connect() is refused, also after close. */
class HostWebSocket implements webSocket.WebSocket {
  private socket: WebSocket | null = null;
  private isClosing = false;
  private readonly events: Events = {
    open: new Listeners(),
    message: new Listeners(),
    close: new Listeners(),
    error: new Listeners(),
    dataEnd: new Listeners(),
    headerReceive: new Listeners(),
  };

  connect(url: string, callback: AsyncCallback<boolean>): void;
  connect(url: string, options: RequestOptions, callback: AsyncCallback<boolean>): void;
  connect(url: string, options?: RequestOptions): Promise<boolean>;
  connect(
    url: string,
    second?: RequestOptions | AsyncCallback<boolean>,
    third?: AsyncCallback<boolean>,
  ): Promise<boolean> | void {
    const callback = typeof second === 'function' ? second : third;
    const options = typeof second === 'function' || second === undefined ? {} : second;
    return settle(this.start(url, options), callback);
  }

  send(data: string | ArrayBuffer, callback: AsyncCallback<boolean>): void;
  send(data: string | ArrayBuffer): Promise<boolean>;
  send(data: string | ArrayBuffer, callback?: AsyncCallback<boolean>): Promise<boolean> | void {
    return settle(this.write(data), callback);
  }

  close(callback: AsyncCallback<boolean>): void;
  close(options: CloseOptions, callback: AsyncCallback<boolean>): void;
  close(options?: CloseOptions): Promise<boolean>;
  close(first?: CloseOptions | AsyncCallback<boolean>, second?: AsyncCallback<boolean>): Promise<boolean> | void {
    const callback = typeof first === 'function' ? first : second;
    const options = typeof first === 'function' || first === undefined ? {} : first;
    return settle(this.stop(options), callback);
  }

  on(type: 'open', callback: AsyncCallback<object>): void;
  on(type: 'message', callback: AsyncCallback<string | ArrayBuffer>): void;
  on(type: 'close', callback: AsyncCallback<webSocket.CloseResult>): void;
  on(type: 'error', callback: ErrorCallback): void;
  on(type: 'dataEnd', callback: Callback<void>): void;
  on(type: 'headerReceive', callback: Callback<webSocket.ResponseHeaders>): void;
  on(type: keyof Events, callback: (...args: never[]) => void): void {
    this.listeners(type).add(callback);
  }

  off(type: 'open', callback?: AsyncCallback<object>): void;
  off(type: 'message', callback?: AsyncCallback<string | ArrayBuffer>): void;
  off(type: 'close', callback?: AsyncCallback<webSocket.CloseResult>): void;
  off(type: 'error', callback?: ErrorCallback): void;
  off(type: 'dataEnd', callback?: Callback<void>): void;
  off(type: 'headerReceive', callback?: Callback<webSocket.ResponseHeaders>): void;
  off(type: keyof Events, callback?: (...args: never[]) => void): void {
    this.listeners(type).remove(callback);
  }

  private listeners(type: keyof Events): Listeners<(...args: never[]) => void> {
    const found = this.events[type] as Listeners<(...args: never[]) => void> | undefined;
    if (found === undefined) {
      throw parameterError('type', Object.keys(this.events).join(' | '), type);
    }
    return found;
  }

  private async start(url: string, options: RequestOptions): Promise<boolean> {
    checkUrl(url);
    const protocols = protocolsOf(options);
    if (this.socket !== null) {
      throw new KitError(2302003, 'Websocket connection already exists.');
    }
    // Set before any await: a second connect() in the same tick must be refused.
    const socket = new WebSocket(url, protocols);
    socket.binaryType = 'arraybuffer';
    this.socket = socket;
    this.listenTo(socket);
    return true;
  }

  private listenTo(socket: WebSocket): void {
    let isOpen = false;
    socket.onopen = (): void => {
      isOpen = true;
      this.events.headerReceive.emit(visibleHeaders(socket));
      emitSuccess(this.events.open, { status: 101, message: 'Switching Protocols' });
    };
    socket.onmessage = (event: MessageEvent<string | ArrayBuffer>): void => {
      emitSuccess(this.events.message, event.data);
    };
    // A browser tells nothing of why it failed; `close` follows each of its errors.
    socket.onclose = (event): void => {
      if (isOpen || this.isClosing) {
        emitSuccess(this.events.close, { code: event.code, reason: event.reason });
      } else {
        this.events.error.emit(new KitError(CONNECT_FAILED, 'The connection could not be made.'));
      }
    };
  }

  private async write(data: string | ArrayBuffer): Promise<boolean> {
    const size = typeof data === 'string' ? new TextEncoder().encode(data).byteLength : data.byteLength;
    if (size > MAX_SEND_BYTES) {
      throw parameterError('data', `at most ${MAX_SEND_BYTES} bytes`, `${size} bytes`);
    }
    if (this.socket === null || this.socket.readyState !== WebSocket.OPEN) {
      throw new KitError(2302999, 'Websocket other unknown error: the connection is not open.');
    }
    this.socket.send(data);
    return true;
  }

  private async stop(options: CloseOptions): Promise<boolean> {
    const code = options.code ?? 1000;
    if (code !== 1000 && (code < 3000 || code > 4999)) {
      throw new HostError(`webSocket.close: browsers can only send code 1000 or 3000 to 4999, got ${code}`);
    }
    if (this.socket === null) {
      throw new KitError(2302999, 'Websocket other unknown error: there is no connection.');
    }
    this.isClosing = true;
    this.socket.close(code, options.reason ?? '');
    return true;
  }
}

/** Of the headers of the handshake a browser shows one, and not whether it was there when it is empty. */
function visibleHeaders(socket: WebSocket): webSocket.ResponseHeaders {
  return socket.protocol === '' ? {} : { 'sec-websocket-protocol': socket.protocol };
}

function checkUrl(url: string): void {
  if (url.length > MAX_URL_CHARS) {
    throw new KitError(2302001, `Websocket url error: ${url.length} characters, at most ${MAX_URL_CHARS}`);
  }
  if (!URL.canParse(url) || !/^wss?:$/.test(new URL(url).protocol)) {
    throw new KitError(2302001, 'Websocket url error: expected a ws:// or wss:// address');
  }
}

/** Browsers send no headers of the page's choosing, only subprotocols; a header that would be dropped is an error. */
function protocolsOf(options: RequestOptions): string[] {
  const unsendable = Object.keys(options.header ?? {}).filter(
    (name) => name.toLowerCase() !== 'sec-websocket-protocol',
  );
  if (unsendable.length > 0) {
    throw new HostError(`webSocket.connect: browsers cannot send the header ${unsendable.join(', ')}`);
  }
  for (const name of ['caPath', 'clientCert', 'proxy'] as const) {
    if (options[name] !== undefined) {
      throw new HostError(`webSocket.connect: option ${name} is not implemented by the host`);
    }
  }
  const inHeader = Object.values((options.header ?? {}) as Record<string, string>);
  const names = [options.protocol, ...inHeader].filter((value): value is string => value !== undefined && value !== '');
  return names.flatMap((value) => value.split(',')).map((value) => value.trim());
}

export default loud<typeof webSocket>('webSocket', {
  createWebSocket: () => new HostWebSocket(),
});
