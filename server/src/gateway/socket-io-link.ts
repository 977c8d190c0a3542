import type { IncomingMessage } from 'node:http';
import type { Socket } from 'socket.io';
import type { SlidingWindows } from '../limits/buckets';
import type { NoticeLink } from '../notices/notice-sockets';
import { CLOSE_WAIT_MS } from './close-wait';

export type EngineSocket = Socket['conn'];

/** What a packet costs beside its text, about. */
const PACKET_OVERHEAD_BYTES = 64;
/** How the packet begins that refuses a namespace: with its name, unless that is `/`. */
const CONNECT_ERROR = /^4(?:(\/[^,]*),)?/;

export interface SocketIoLinkParts {
  /** Other than that of any other connection of this process. */
  readonly key: string;
  /** Counts, by connection, what a good client seldom does. */
  readonly oddities: SlidingWindows;
  /** Bytes of unread output of all namespaces together; above it the connection is cut. */
  readonly maxUnreadBytes: number;
}

interface Packet {
  readonly data?: unknown;
}

/** One connection of Socket.IO, which its namespaces share: who is in, what is unread, what was refused. */
export class SocketIoLink implements NoticeLink {
  private readonly namespaces = new Set<string>();
  /** Of packets that wait in Engine.IO, and of those that the transport has. */
  private waitingBytes = 0;
  private leavingBytes = 0;

  constructor(
    private readonly conn: EngineSocket,
    private readonly parts: SocketIoLinkParts,
  ) {
    conn.on('packetCreate', (packet: Packet) => this.count(packet));
    conn.on('flush', () => {
      this.leavingBytes += this.waitingBytes;
      this.waitingBytes = 0;
    });
    conn.transport.on('drain', () => {
      this.leavingBytes = 0;
    });
  }

  get unreadBytes(): number {
    return this.waitingBytes + this.leavingBytes;
  }

  tolerates(): boolean {
    return this.parts.oddities.take(this.parts.key) === 0;
  }

  /** False where the connection is in it already, or is on its way in. */
  enter(namespace: string): boolean {
    const isNew = !this.namespaces.has(namespace);
    this.namespaces.add(namespace);
    return isNew;
  }

  /** Nothing is left to say on a connection without a namespace. */
  left(namespace: string): void {
    this.namespaces.delete(namespace);
    if (this.namespaces.size === 0) {
      this.close();
    }
  }

  /** The other side did what no client does: there is nothing to say to it. */
  cut(): void {
    this.socket.destroy();
  }

  /** A connection that is closed has some time to carry off what is left. */
  private close(): void {
    this.conn.close();
    const { socket } = this;
    if (!socket.destroyed) {
      const cut = setTimeout(() => socket.destroy(), CLOSE_WAIT_MS);
      socket.once('close', () => clearTimeout(cut));
    }
  }

  private get socket(): IncomingMessage['socket'] {
    return (this.conn.request as IncomingMessage).socket;
  }

  private count({ data }: Packet): void {
    const text = typeof data === 'string' ? data : '';
    this.waitingBytes += text.length + PACKET_OVERHEAD_BYTES;
    const refusal = CONNECT_ERROR.exec(text);
    if (refusal !== null) {
      this.namespaces.delete(refusal[1] ?? '');
    }
    if (this.unreadBytes > this.parts.maxUnreadBytes || (refusal !== null && !this.tolerates())) {
      this.cut();
    }
  }
}
