import { createServer, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { Server, type Socket } from 'socket.io';
import { CloseCode } from '../../../common/core/src/main/ets/wire/Codes';
import { MAX_CLIENT_FRAME_BYTES } from '../../../common/core/src/main/ets/wire/Limits';
import {
  SOCKET_IO_BYE_EVENT,
  SOCKET_IO_FRAME_EVENT,
  SOCKET_IO_NAMESPACE,
} from '../../../common/core/src/main/ets/wire/LineEvents';
import type { Connection, FrameSocket, Sent } from '../hub/connection';
import type { Hub } from '../hub/hub';
import { atMostCloseWait, CLOSE_WAIT_MS } from './close-wait';
import { DEFLATE } from './deflate';
import type { UpgradeTarget } from './upgrade-router';

export const SOCKET_IO_PATH = '/v1/socket.io';

/** A frame travels as a JSON string inside JSON: quotes and backslashes take two bytes there. */
const MAX_PACKET_BYTES = 2 * MAX_CLIENT_FRAME_BYTES + 1024;
/** There is no close frame: what a client is told as a code, and what the hub notes where the client just went. */
const CODE_OF_LEAVING = 1005;

/** The WebSocket below a Socket.IO connection. Engine.IO keeps it at the request that opened it. */
interface Pausable {
  pause(): void;
  resume(): void;
}

function webSocketOf(socket: Socket): Pausable {
  const { websocket } = socket.request as IncomingMessage & { readonly websocket?: Pausable };
  if (websocket === undefined) {
    throw new Error('a Socket.IO connection: expected a WebSocket below it, got none');
  }
  return websocket;
}

/** One client in the namespace. */
class SocketIoCarrier implements FrameSocket {
  readonly carrier = 'socketio';
  readonly isBinary = false;
  /** Of frames that wait in Engine.IO for the transport, and of those that the transport has. */
  private waiting: (() => void)[] = [];
  private leaving: (() => void)[] = [];
  private owedAcks: (() => void)[] = [];
  private isPaused = false;

  constructor(private readonly socket: Socket) {
    const { conn } = socket;
    conn.on('flush', () => this.leaving.push(...this.waiting.splice(0)));
    conn.transport.on('drain', () => this.leaving.splice(0).forEach((sent) => sent()));
  }

  send(frame: Buffer, sent: Sent): void {
    this.waiting.push(() => sent(frame.length));
    this.socket.emit(SOCKET_IO_FRAME_EVENT, frame.toString('utf8'));
  }

  close(code: CloseCode, reason: string): void {
    this.socket.emit(SOCKET_IO_BYE_EVENT, { code, reason });
    this.socket.disconnect(true);
    const { request } = this.socket;
    const cut = setTimeout(() => request.socket.destroy(), CLOSE_WAIT_MS);
    request.socket.once('close', () => clearTimeout(cut));
  }

  pause(): void {
    this.isPaused = true;
    webSocketOf(this.socket).pause();
  }

  resume(): void {
    this.isPaused = false;
    webSocketOf(this.socket).resume();
    this.owedAcks.splice(0).forEach((ack) => ack());
  }

  /** A client that waits for each ack is slowed down by it; one that does not is stopped by `pause`. */
  acknowledge(ack: () => void): void {
    if (this.isPaused) {
      this.owedAcks.push(ack);
    } else {
      ack();
    }
  }
}

/** Socket.IO at `/v1/socket.io`, over WebSocket only. Source: docs/PROTOCOL.md, "Socket.IO". */
export class SocketIoGateway implements UpgradeTarget {
  private readonly io: Server;
  private readonly sockets = new Set<Duplex>();
  private allGone: (() => void) | null = null;

  constructor(
    private readonly hub: Hub,
    private readonly log: Logger,
    helloTimeoutMs: number,
    deflates: boolean,
  ) {
    // It wants an HTTP server to hook into. This one never listens: upgrades come through `upgrade`, the rest is 404.
    this.io = new Server(createServer(), {
      path: SOCKET_IO_PATH,
      transports: ['websocket'],
      allowUpgrades: false,
      serveClient: false,
      maxHttpBufferSize: MAX_PACKET_BYTES,
      connectTimeout: helloTimeoutMs,
      perMessageDeflate: deflates && DEFLATE,
    });
    this.io.use((_socket, next) => next(new Error(`expected the namespace ${SOCKET_IO_NAMESPACE}`)));
    this.io.of(SOCKET_IO_NAMESPACE).on('connection', (socket) => this.accept(socket));
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
    if (this.sockets.size > 0) {
      await atMostCloseWait(
        new Promise((resolve) => {
          this.allGone = resolve;
        }),
      );
    }
    this.sockets.forEach((socket) => socket.destroy());
    await this.io.close();
  }

  private accept(socket: Socket): void {
    const carrier = new SocketIoCarrier(socket);
    const connection = this.hub.accept(carrier);
    socket.on(SOCKET_IO_FRAME_EVENT, (frame: unknown, ack: unknown) => this.receive(connection, carrier, frame, ack));
    // What a client calls an error can hold anything: it is not passed on.
    socket.on('error', () => this.log.debug({ connectionId: connection.id }, 'socket failed'));
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
