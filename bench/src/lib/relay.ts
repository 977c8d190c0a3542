import { createServer, connect, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

export interface RelayBytes {
  /** Payload bytes of TCP from server to client. */
  readonly down: number;
  readonly up: number;
}

/** A TCP relay on the loopback address: counts what passes, and takes the line away from its client. */
export class Relay {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private isCut = false;
  private down = 0;
  private up = 0;
  private cuts = 0;

  private constructor(private readonly targetPort: number) {
    this.server = createServer({ noDelay: true }, (socket) => this.accepted(socket));
  }

  static async to(targetPort: number): Promise<Relay> {
    const relay = new Relay(targetPort);
    await new Promise<void>((done) => relay.server.listen(0, '127.0.0.1', done));
    return relay;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get bytes(): RelayBytes {
    return { down: this.down, up: this.up };
  }

  /** Lines that were really taken away: a cut of nobody's line is no fault. */
  get cutLines(): number {
    return this.cuts;
  }

  /** Ends every connection without a goodbye, and every new one at once, until `restore`. */
  cut(): void {
    this.isCut = true;
    this.cuts += this.sockets.size > 0 ? 1 : 0;
    this.sockets.forEach((socket) => socket.destroy());
    this.sockets.clear();
  }

  restore(): void {
    this.isCut = false;
  }

  close(): void {
    this.cut();
    this.server.close();
  }

  private accepted(client: Socket): void {
    client.on('error', () => client.destroy());
    if (this.isCut) {
      client.destroy();
      return;
    }
    const server = connect({ port: this.targetPort, host: '127.0.0.1', noDelay: true });
    this.couple(client, server, (bytes) => (this.up += bytes));
    this.couple(server, client, (bytes) => (this.down += bytes));
  }

  private couple(from: Socket, to: Socket, count: (bytes: number) => void): void {
    this.sockets.add(from);
    from.on('data', (chunk) => {
      count(chunk.length);
      if (!to.write(chunk)) {
        from.pause();
        to.once('drain', () => from.resume());
      }
    });
    from.on('end', () => to.end());
    from.on('error', () => from.destroy());
    from.on('close', () => {
      this.sockets.delete(from);
      to.destroy();
    });
  }
}
