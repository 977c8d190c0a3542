import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';
import { CloseCode } from '../../../common/core/src/main/ets/wire/Codes';
import {
  MAX_CLIENT_FRAME_BYTES,
  PROTOCOL_NAME,
  PROTOCOL_NAME_MSGPACK,
} from '../../../common/core/src/main/ets/wire/Limits';
import type { Hub } from '../hub/hub';
import { CLOSE_WAIT_MS } from './close-wait';
import { DEFLATE } from './deflate';
import { TurnWriter } from './turn-writer';
import type { UpgradeTarget } from './upgrade-router';
import { WebSocketCarrier } from './web-socket-carrier';

export const WEB_SOCKET_PATH = '/v1/ws';

const SUBPROTOCOLS = [PROTOCOL_NAME, PROTOCOL_NAME_MSGPACK];

/** The client's first offer that is known here. */
function chosenOf(offers: Iterable<string>): string | undefined {
  return [...offers].find((offer) => SUBPROTOCOLS.includes(offer));
}

/** ws knows `closeTimeout`; its type declarations do not yet. */
const OPTIONS: ServerOptions & { readonly closeTimeout: number } = {
  noServer: true,
  maxPayload: MAX_CLIENT_FRAME_BYTES,
  closeTimeout: CLOSE_WAIT_MS,
  // A browser fails a handshake that answers none of its offers and hides the reason; so the first one is echoed and the
  // socket closed with 4406 right after.
  handleProtocols: (offers) => chosenOf(offers) ?? [...offers][0] ?? false,
};

/** WebSockets (RFC 6455) at `/v1/ws`. Knows transports and their errors, not what the frames mean. */
export class WebSocketGateway implements UpgradeTarget {
  private readonly server: WebSocketServer;
  private readonly turn = new TurnWriter();

  constructor(
    private readonly hub: Hub,
    private readonly log: Logger,
    deflates: boolean,
  ) {
    this.server = new WebSocketServer({ ...OPTIONS, perMessageDeflate: deflates && DEFLATE });
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.server.handleUpgrade(request, socket, head, (webSocket) => this.accept(webSocket, socket));
  }

  /** Waits until every socket is gone; cuts those that do not answer the close. */
  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private accept(webSocket: WebSocket, socket: Duplex): void {
    webSocket.on('error', (error) => this.log.debug({ err: error }, 'socket failed'));
    if (!SUBPROTOCOLS.includes(webSocket.protocol)) {
      webSocket.close(CloseCode.SubprotocolUnsupported, `expected the subprotocol ${SUBPROTOCOLS.join(' or ')}`);
      return;
    }
    const takesBinary = webSocket.protocol === PROTOCOL_NAME_MSGPACK;
    const connection = this.hub.accept(new WebSocketCarrier(webSocket, socket, this.turn, takesBinary));
    webSocket.on('message', (data, isBinary) => {
      if (isBinary !== takesBinary) {
        connection.close(CloseCode.BadData, isBinary ? 'binary message' : 'text message');
      } else {
        connection.receive(isBinary ? (data as Buffer) : (data as Buffer).toString('utf8'));
      }
    });
    webSocket.on('ping', () => connection.heard());
    // The other side's reason can hold anything: it is not passed on, so that no log shows it.
    webSocket.on('close', (code) => connection.closed(code, 'transport closed'));
  }
}
