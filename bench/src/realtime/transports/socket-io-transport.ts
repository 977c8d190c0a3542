import {
  decodeLineEnd,
  SOCKET_IO_BYE_EVENT,
  SOCKET_IO_FRAME_EVENT,
  SOCKET_IO_NAMESPACE,
} from '../../../../common/core/src/main/ets/wire/LineEvents';
import type { Transport, TransportConnection, TransportListener } from '../../../../host/src/node/load-core';
import type { IoClientPackage } from '../../lib/peer-packages';

const ABNORMAL = 1006;

/** Core's transport port on socket.io-client: the app's own adapter can have one connection in a process, a bench needs many. */
export class SocketIoClientTransport implements Transport {
  readonly name = 'socket.io';
  readonly isBinaryCapable = false;

  constructor(private readonly peer: IoClientPackage) {}

  open(url: string, _subprotocols: string[], listener: TransportListener): TransportConnection {
    const { host } = new URL(url);
    const socket = this.peer.io(`http://${host}${SOCKET_IO_NAMESPACE}`, {
      path: '/v1/socket.io/',
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
    });
    let isLive = true;
    const end = (code: number, reason: string): void => {
      if (isLive) {
        isLive = false;
        socket.disconnect();
        listener.onClose(code, reason);
      }
    };
    socket.on('connect', () => isLive && listener.onOpen(''));
    socket.on(SOCKET_IO_FRAME_EVENT, (text: string) => isLive && listener.onText(text));
    socket.on(SOCKET_IO_BYE_EVENT, (bye: object) => {
      const { code, reason } = decodeLineEnd(JSON.stringify(bye));
      end(code, reason);
    });
    socket.on('connect_error', (error: Error) => end(ABNORMAL, error.message));
    socket.on('disconnect', (reason: string) => end(ABNORMAL, reason));
    return {
      send: (data) => void socket.emit(SOCKET_IO_FRAME_EVENT, data),
      close(): void {
        isLive = false;
        socket.disconnect();
      },
      bufferedBytes: () => 0,
    };
  }
}
