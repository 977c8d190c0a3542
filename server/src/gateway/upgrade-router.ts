import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { BARE_HEADERS } from '../http/security-headers';
import { repeatedHeader } from '../http/single-headers';
import { ADDRESS_RETRY_MS, type AddressCounts } from './address-counts';
import type { Origins } from './origins';

/** Something that takes over a connection after `Upgrade: websocket`. The origin was looked at before. */
export interface UpgradeTarget {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/** Node stops to time a socket out once it asked for an upgrade: who does not close it would keep it for ever. */
function refuse(socket: Duplex, status: string): void {
  socket.once('finish', () => socket.destroy());
  const headers = Object.entries(BARE_HEADERS).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n${headers.join('')}\r\n`);
}

/** Hands each upgrade to the one that serves its path; 404 for other paths, 403 for pages that are not let in, 503 at the end. */
export class UpgradeRouter {
  constructor(
    private readonly targets: ReadonlyMap<string, UpgradeTarget>,
    private readonly origins: Origins,
    private readonly log: Logger,
    private readonly addresses: AddressCounts,
    /** Whether the server shuts down: a balancer takes who is refused to another one. */
    private readonly isLeaving: () => boolean,
  ) {}

  attach(http: Server): void {
    http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      socket.on('error', (error) => this.log.debug({ err: error }, 'socket failed in its handshake'));
      const target = this.targets.get((request.url ?? '').split('?', 1)[0] ?? '');
      if (target === undefined) {
        refuse(socket, '404 Not Found');
      } else if (repeatedHeader(request.rawHeaders) !== null) {
        refuse(socket, '400 Bad Request');
      } else if (!this.origins.isAllowed(request.headers.origin, request.headers.host)) {
        refuse(socket, '403 Forbidden');
      } else if (this.isLeaving()) {
        refuse(socket, '503 Service Unavailable');
      } else {
        this.admit(target, request, socket, head);
      }
    });
  }

  private admit(target: UpgradeTarget, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const leave = this.addresses.enter(request);
    if (leave === null) {
      refuse(socket, `429 Too Many Requests\r\nRetry-After: ${ADDRESS_RETRY_MS / 1000}`);
      return;
    }
    socket.once('close', leave);
    target.upgrade(request, socket, head);
  }
}
