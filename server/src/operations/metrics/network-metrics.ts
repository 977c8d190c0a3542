import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Registry } from 'prom-client';
import { addCounter } from './tally';

/**
 * Bytes of all carriers, read off the sockets below them when someone asks: what goes over a socket costs nothing more for
 * being counted.
 */
export class NetworkMetrics {
  private readonly sockets = new Set<Socket>();
  private readBefore = 0;
  private writtenBefore = 0;

  constructor(registry: Registry) {
    addCounter(registry, 'parley_network_received_bytes_total', 'Bytes from clients, headers included.', () =>
      [...this.sockets].reduce((sum, socket) => sum + socket.bytesRead, this.readBefore),
    );
    addCounter(registry, 'parley_network_sent_bytes_total', 'Bytes to clients, headers included.', () =>
      [...this.sockets].reduce((sum, socket) => sum + socket.bytesWritten, this.writtenBefore),
    );
  }

  watch(server: Server): void {
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => {
        this.sockets.delete(socket);
        this.readBefore += socket.bytesRead;
        this.writtenBefore += socket.bytesWritten;
      });
    });
  }
}
