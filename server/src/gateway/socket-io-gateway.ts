import { createServer, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { type Namespace, Server, type Socket } from 'socket.io';
import { CloseCode } from '../../../common/core/src/main/ets/wire/Codes';
import { MAX_CLIENT_FRAME_BYTES } from '../../../common/core/src/main/ets/wire/Limits';
import { SOCKET_IO_FRAME_EVENT, SOCKET_IO_NAMESPACE } from '../../../common/core/src/main/ets/wire/LineEvents';
import type { Connection } from '../hub/connection';
import type { Hub } from '../hub/hub';
import type { HubLimits } from '../hub/limits';
import { SlidingWindows } from '../limits/buckets';
import { NOTICES_NAMESPACE } from '../notices/notice';
import type { NoticeSockets } from '../notices/notice-sockets';
import type { NoticeReader } from '../notices/notice-stream';
import type { Clock } from '../ports/clock';
import { atMostCloseWait } from './close-wait';
import { DEFLATE } from './deflate';
import { SocketIoCarrier } from './socket-io-carrier';
import { type EngineSocket, SocketIoLink } from './socket-io-link';
import type { UpgradeTarget } from './upgrade-router';

export const SOCKET_IO_PATH = '/v1/socket.io';

/** A frame travels as a JSON string inside JSON: quotes and backslashes take two bytes there. */
const MAX_PACKET_BYTES = 2 * MAX_CLIENT_FRAME_BYTES + 1024;
/** There is no close frame: what the hub notes where the client just went. */
const CODE_OF_LEAVING = 1005;
/** The line's own limits end it first, and with a code: they count bytes before they became JSON inside JSON. */
const LINK_UNREAD_FACTOR = 8;
const MINUTE_MS = 60_000;

export interface SocketIoGatewayParts {
  readonly hub: Hub;
  readonly notices: NoticeSockets;
  /** What other processes and programs send to the notices' namespace; null: nobody can. Closed with the gateway. */
  readonly noticeReader: NoticeReader | null;
  readonly clock: Clock;
  readonly log: Logger;
  readonly limits: HubLimits;
  readonly deflates: boolean;
}

/** Socket.IO at `/v1/socket.io`, over WebSocket only. Source: docs/PROTOCOL.md, "Socket.IO". */
export class SocketIoGateway implements UpgradeTarget {
  private readonly io: Server;
  private readonly links = new WeakMap<EngineSocket, SocketIoLink>();
  private readonly sockets = new Set<Duplex>();
  private opened = 0;
  private allGone: (() => void) | null = null;

  constructor(private readonly parts: SocketIoGatewayParts) {
    const { notices, noticeReader, clock, limits, deflates } = parts;
    // It wants an HTTP server to hook into. This one never listens: upgrades come through `upgrade`, the rest is 404.
    this.io = new Server(createServer(), {
      path: SOCKET_IO_PATH,
      transports: ['websocket'],
      allowUpgrades: false,
      serveClient: false,
      maxHttpBufferSize: MAX_PACKET_BYTES,
      connectTimeout: limits.helloTimeoutMs,
      perMessageDeflate: deflates && DEFLATE,
    });
    const oddities = new SlidingWindows(clock, limits.badFramesPerMinute, MINUTE_MS);
    const maxUnreadBytes = LINK_UNREAD_FACTOR * limits.maxUnreadBytes;
    this.io.engine.on('connection', (conn: EngineSocket) => {
      this.links.set(conn, new SocketIoLink(conn, { key: `${++this.opened}`, oddities, maxUnreadBytes }));
    });
    const expected = `expected the namespace ${SOCKET_IO_NAMESPACE} or ${NOTICES_NAMESPACE}`;
    this.io.use((_socket, next) => next(new Error(expected)));
    this.guard(SOCKET_IO_NAMESPACE).on('connection', (socket) => this.accept(socket));
    const namespace = this.guard(NOTICES_NAMESPACE);
    noticeReader?.serve(namespace);
    notices.serve(namespace, (socket) => this.linkOf(socket));
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.sockets.add(socket);
    socket.once('close', () => {
      this.sockets.delete(socket);
      if (this.sockets.size === 0) {
        this.allGone?.();
      }
    });
    // Its own type of request has fields that it adds itself.
    this.io.engine.handleUpgrade(request as Parameters<typeof this.io.engine.handleUpgrade>[0], socket, head);
  }

  /** Waits until every socket is gone; cuts those that do not answer the close. */
  async close(): Promise<void> {
    this.parts.notices.endAll();
    if (this.sockets.size > 0) {
      await atMostCloseWait(
        new Promise((resolve) => {
          this.allGone = resolve;
        }),
      );
    }
    this.sockets.forEach((socket) => socket.destroy());
    await this.io.close();
    this.parts.noticeReader?.close();
  }

  private linkOf(socket: Socket): SocketIoLink {
    const link = this.links.get(socket.conn);
    if (link === undefined) {
      throw new Error('a Socket.IO connection: expected its link, got none');
    }
    return link;
  }

  /** A namespace that each connection is in once, and that holds the connection open. */
  private guard(name: string): Namespace {
    const namespace = this.io.of(name);
    namespace.use((socket, next) => {
      const link = this.linkOf(socket);
      if (link.enter(name)) {
        socket.once('disconnect', () => link.left(name));
        next();
      } else {
        link.cut();
        next(new Error('expected one socket of a connection in a namespace'));
      }
    });
    return namespace;
  }

  private accept(socket: Socket): void {
    const carrier = new SocketIoCarrier(socket);
    const connection = this.parts.hub.accept(carrier);
    socket.on(SOCKET_IO_FRAME_EVENT, (frame: unknown, ack: unknown) => this.receive(connection, carrier, frame, ack));
    // What a client calls an error can hold anything: it is not passed on.
    socket.on('error', () => this.parts.log.debug({ connectionId: connection.id }, 'socket failed'));
    socket.on('disconnect', () => connection.closed(CODE_OF_LEAVING, 'transport closed'));
  }

  private receive(connection: Connection, carrier: SocketIoCarrier, frame: unknown, ack: unknown): void {
    if (typeof frame !== 'string') {
      connection.close(CloseCode.BadData, 'a frame that is no text');
      return;
    }
    if (Buffer.byteLength(frame) > MAX_CLIENT_FRAME_BYTES) {
      connection.close(CloseCode.TooLarge, 'frame too large');
      return;
    }
    connection.receive(frame);
    if (typeof ack === 'function') {
      carrier.acknowledge(ack as () => void);
    }
  }
}
