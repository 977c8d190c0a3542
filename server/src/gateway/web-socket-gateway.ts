import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';
import { CloseCode } from '../../../common/core/src/main/ets/wire/Codes';
import { MAX_CLIENT_FRAME_BYTES, PROTOCOL_NAME } from '../../../common/core/src/main/ets/wire/Limits';
import type { FrameSocket } from '../hub/connection';
import type { Hub } from '../hub/hub';
import type { Origins } from './origins';

const SOCKET_PATH = '/v1/ws';
/** How long a closed socket may take to send what is left and the close frame, before it is cut. */
const CLOSE_WAIT_MS = 3000;

/** Node stops to time a socket out once it asked for an upgrade: who does not close it would keep it for ever. */
function refuse(socket: Duplex, status: string): void {
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function frameSocketOf(webSocket: WebSocket): FrameSocket {
  return {
    send: (frame, sent) => webSocket.send(frame, { binary: false }, () => sent()),
    close: (code, reason) => webSocket.close(code, reason),
    pause: () => webSocket.pause(),
    resume: () => webSocket.resume(),
  };
}

/** ws knows `closeTimeout`; its type declarations do not yet. */
const OPTIONS: ServerOptions & { readonly closeTimeout: number } = {
  noServer: true,
  maxPayload: MAX_CLIENT_FRAME_BYTES,
  perMessageDeflate: false,
  closeTimeout: CLOSE_WAIT_MS,
  // A browser fails a handshake that answers none of its offers and hides the reason; so the first one is echoed and the
  // socket closed with 4406 right after.
  handleProtocols: (offers) => (offers.has(PROTOCOL_NAME) ? PROTOCOL_NAME : ([...offers][0] ?? false)),
};

/** WebSockets (RFC 6455) at `/v1/ws`. Knows transports and their errors, not what the frames mean. */
export class WebSocketGateway {
  private readonly server = new WebSocketServer(OPTIONS);

  constructor(
    private readonly hub: Hub,
    private readonly origins: Origins,
    private readonly log: Logger,
  ) {}

  attach(http: Server): void {
    http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      socket.on('error', (error) => this.log.debug({ err: error }, 'socket failed in its handshake'));
      const path = (request.url ?? '').split('?', 1)[0];
      if (path !== SOCKET_PATH) {
        refuse(socket, '404 Not Found');
      } else if (!this.origins.isAllowed(request.headers.origin, request.headers.host)) {
        refuse(socket, '403 Forbidden');
      } else {
        this.server.handleUpgrade(request, socket, head, (webSocket) => this.accept(webSocket));
      }
    });
  }

  /** Waits until every socket is gone; cuts those that do not answer the close. */
  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private accept(webSocket: WebSocket): void {
    webSocket.on('error', (error) => this.log.debug({ err: error }, 'socket failed'));
    if (webSocket.protocol !== PROTOCOL_NAME) {
      webSocket.close(CloseCode.SubprotocolUnsupported, `expected the subprotocol ${PROTOCOL_NAME}`);
      return;
    }
    const connection = this.hub.accept(frameSocketOf(webSocket));
    webSocket.on('message', (data, isBinary) => {
      if (isBinary) {
        connection.close(CloseCode.BadData, 'binary frame');
      } else {
        connection.receive((data as Buffer).toString('utf8'));
      }
    });
    webSocket.on('ping', () => connection.heard());
    // The other side's reason can hold anything: it is not passed on, so that no log shows it.
    webSocket.on('close', (code) => connection.closed(code, 'transport closed'));
  }
}
