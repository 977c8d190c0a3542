import { WebSocket } from 'ws';
import { FrameType } from '../../../common/core/src/main/ets/wire/Frames';
import { PROTOCOL_NAME, PROTOCOL_NAME_MSGPACK } from '../../../common/core/src/main/ets/wire/Limits';
import { CarrierClient } from './carrier-client';

/** A client over a real WebSocket. */
export class SocketClient extends CarrierClient {
  constructor(
    readonly socket: WebSocket,
    isBinary = false,
  ) {
    super(isBinary);
    socket.on('message', (data, isBytes) => {
      this.received(isBytes ? (data as Buffer) : (data as Buffer).toString('utf8'));
    });
    socket.on('open', () => this.wake());
    socket.on('close', (code) => this.ended(code));
    socket.on('error', () => this.wake());
  }

  static async connect(url: string, offers: string[] = [PROTOCOL_NAME]): Promise<SocketClient> {
    const client = new SocketClient(new WebSocket(url, offers), offers[0] === PROTOCOL_NAME_MSGPACK);
    await client.until(() => client.socket.readyState !== WebSocket.CONNECTING, 'the handshake');
    return client;
  }

  /** Connected, greeted and welcomed. */
  static async open(url: string, token: string): Promise<SocketClient> {
    const client = await SocketClient.connect(url);
    client.hello(token);
    await client.next(FrameType.Welcome);
    return client;
  }

  override sendRaw(message: string | Uint8Array): void {
    this.socket.send(message);
  }

  override sendWrongKind(): void {
    this.socket.send('{"type":"ping","id":1,"payload":{"sentAtMs":1}}', { binary: !this.isBinary });
  }

  override stopReading(): void {
    this.socket.pause();
  }

  override startReading(): void {
    this.socket.resume();
  }

  override async close(): Promise<void> {
    this.socket.close(1000);
    await this.closed();
  }
}
