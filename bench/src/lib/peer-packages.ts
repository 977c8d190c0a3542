/**
 * What the bench uses of the clients and servers it measures. They are loaded by name, and these types are our own: the bench's
 * packages are installed only where it runs, and type checks need none of them.
 */

export async function loadPeer<T>(name: string): Promise<T> {
  return (await import(name)) as T;
}

/** A WebSocket of `ws`, as it comes from this folder's packages. */
export interface PeerSocket {
  readonly readyState: number;
  readonly bufferedAmount: number;
  readonly protocol: string;
  on(event: 'message', listener: (data: Buffer, isBinary: boolean) => void): this;
  on(event: 'close', listener: (code: number, reason: Buffer) => void): this;
  on(event: 'open' | 'error', listener: () => void): this;
  send(data: string | ArrayBuffer | Buffer): void;
  close(code?: number, reason?: string): void;
  terminate(): void;
}

export interface PeerSocketClass {
  new (url: string, protocols: string[], options: { readonly perMessageDeflate: boolean }): PeerSocket;
}

export interface WsPackage {
  readonly WebSocket: PeerSocketClass;
  readonly WebSocketServer: new (options: object) => PeerSocketServer;
}

export interface PeerSocketServer {
  on(event: 'connection', listener: (socket: PeerSocket, request: { readonly url?: string }) => void): this;
  on(event: 'listening', listener: () => void): this;
  address(): { readonly port: number };
}

export interface IoClientSocket {
  readonly connected: boolean;
  readonly recovered?: boolean;
  on(event: string, listener: (argument: never) => void): this;
  emit(event: string, ...values: unknown[]): this;
  disconnect(): this;
}

export interface IoClientPackage {
  readonly io: (url: string, options: object) => IoClientSocket;
}

export interface IoServerSocket {
  join(room: string): void;
  on(event: string, listener: (argument: never) => void): this;
  readonly handshake: { readonly query: Readonly<Record<string, string>> };
}

export interface IoServer {
  on(event: 'connection', listener: (socket: IoServerSocket) => void): this;
  to(room: string): { emit(event: string, value: unknown): void };
  listen(port: number): void;
  readonly httpServer: { address(): { readonly port: number } };
}

export interface IoServerPackage {
  readonly Server: new (httpServer: object, options: object) => IoServer;
}

/** `reconnecting-websocket` and `partysocket/ws` are of one shape. */
export interface EventSocket {
  addEventListener(event: 'message', listener: (event: { readonly data: string }) => void): void;
  addEventListener(event: 'open', listener: () => void): void;
  send(data: string): void;
  close(): void;
}

export type EventSocketClass = new (url: string, protocols: string[], options: object) => EventSocket;

export interface CentrifugePackage {
  readonly Centrifuge: new (url: string, options: object) => CentrifugeClient;
}

export interface CentrifugeClient {
  newSubscription(channel: string): CentrifugeSubscription;
  connect(): void;
  disconnect(): void;
}

export interface CentrifugeSubscription {
  on(event: 'publication', listener: (context: { readonly data: unknown }) => void): this;
  on(event: 'subscribed', listener: () => void): this;
  subscribe(): void;
}

/** CommonJS packages put their class under `default`, some twice. */
export function defaultOf<T>(module: { readonly default: T | { readonly default: T } }): T {
  const value = module.default as { readonly default?: T };
  return value.default ?? (module.default as T);
}
