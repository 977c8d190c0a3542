import type { IncomingMessage } from 'node:http';
import type { Socket } from 'socket.io';
import type { CloseCode } from '../../../common/core/src/main/ets/wire/Codes';
import { SOCKET_IO_BYE_EVENT, SOCKET_IO_FRAME_EVENT } from '../../../common/core/src/main/ets/wire/LineEvents';
import type { FrameSocket, Sent } from '../hub/connection';

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

/** One client in the line's namespace. */
export class SocketIoCarrier implements FrameSocket {
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

  /** Ends the whole connection, as on every other carrier. */
  close(code: CloseCode, reason: string): void {
    this.socket.emit(SOCKET_IO_BYE_EVENT, { code, reason });
    this.socket.disconnect(true);
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
