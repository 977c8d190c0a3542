import type { Transport, TransportConnection, TransportListener } from '../../../host/src/node/load-core';
import type { PeerSocket, PeerSocketClass } from './peer-packages';

const OPEN = 1;
const NO_STATUS = 1005;
const ABNORMAL = 1006;

/** Core's transport port on `ws`, with nothing between: what is measured on top of it is core. */
export class WsTransport implements Transport {
  readonly name = 'websocket';
  readonly isBinaryCapable = true;

  constructor(private readonly socketClass: PeerSocketClass) {}

  open(url: string, subprotocols: string[], listener: TransportListener): TransportConnection {
    return new WsConnection(new this.socketClass(url, subprotocols, { perMessageDeflate: false }), listener);
  }
}

class WsConnection implements TransportConnection {
  private isLive = true;

  constructor(
    private readonly socket: PeerSocket,
    listener: TransportListener,
  ) {
    socket.on('open', () => {
      if (this.isLive) {
        listener.onOpen(socket.protocol);
      }
    });
    socket.on('message', (data, isBinary) => {
      if (!this.isLive) {
        return;
      }
      if (isBinary) {
        listener.onBinary(new Uint8Array(data).buffer);
      } else {
        listener.onText(data.toString());
      }
    });
    socket.on('error', () => undefined); // The close that follows tells it.
    socket.on('close', (code, reason) => {
      if (this.isLive) {
        this.isLive = false;
        listener.onClose(code === NO_STATUS ? ABNORMAL : code, reason.toString());
      }
    });
  }

  send(data: string | ArrayBuffer): void {
    if (!this.isLive || this.socket.readyState !== OPEN) {
      throw new Error('send: expected an open socket, got one that is not');
    }
    this.socket.send(data);
  }

  close(code: number, reason: string): void {
    if (this.isLive) {
      this.isLive = false;
      if (this.socket.readyState === OPEN) {
        this.socket.close(code, reason);
      } else {
        this.socket.terminate();
      }
    }
  }

  bufferedBytes(): number {
    return this.socket.bufferedAmount;
  }
}
