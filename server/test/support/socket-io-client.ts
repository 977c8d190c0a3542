import { io, type Socket } from 'socket.io-client';
import type { WebSocket } from 'ws';
import { CarrierClient } from './carrier-client';

export class SocketIoClient extends CarrierClient {
  /** Frames that the server has taken in. */
  acks = 0;
  private bye = 1006;

  constructor(readonly socket: Socket) {
    super(false);
    socket.on('frame', (text: string) => this.received(text));
    socket.on('bye', ({ code }: { code: number }) => {
      this.bye = code;
    });
    socket.on('connect', () => this.wake());
    socket.on('disconnect', () => this.ended(this.bye));
    socket.on('connect_error', () => this.ended(1006));
  }

  static open(baseUrl: string, namespace = '/parley.v1'): SocketIoClient {
    const options = { path: '/v1/socket.io', transports: ['websocket'], reconnection: false, forceNew: true };
    return new SocketIoClient(io(`${baseUrl}${namespace}`, options));
  }

  static async connect(baseUrl: string): Promise<SocketIoClient> {
    const client = SocketIoClient.open(baseUrl);
    await client.until(() => client.socket.connected || client.isClosed, 'the namespace');
    return client;
  }

  override sendRaw(message: string | Uint8Array): void {
    this.socket.emit('frame', message, () => {
      this.acks++;
      this.wake();
    });
  }

  override sendWrongKind(): void {
    this.sendRaw(Buffer.from('{}'));
  }

  override stopReading(): void {
    this.webSocket.pause();
  }

  override startReading(): void {
    this.webSocket.resume();
  }

  override async close(): Promise<void> {
    this.bye = 1000;
    this.socket.disconnect();
    await this.closed();
  }

  private get webSocket(): WebSocket {
    return (this.socket.io.engine.transport as unknown as { readonly ws: WebSocket }).ws;
  }
}
