import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/**
 * Hands each connection to the next server that takes it, and never looks inside: no connection is tied to one server. One that is
 * lost ends with its server, as behind any balancer.
 */
export class Balancer {
  private readonly sockets = new Set<Socket>();
  private targets: readonly number[] = [];
  private turn = 0;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<Balancer> {
    const server = createServer({ pauseOnConnect: true });
    const balancer = new Balancer(server);
    server.on('connection', (socket) => balancer.accept(socket));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return balancer;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** The ports behind it from now on; what is open stays open. */
  lead(ports: readonly number[]): void {
    this.targets = ports;
  }

  async close(): Promise<void> {
    this.sockets.forEach((socket) => socket.destroy());
    this.server.close();
    await once(this.server, 'close');
  }

  private accept(client: Socket): void {
    this.watch(client);
    const first = this.turn++;
    this.tryNext(
      client,
      this.targets.map((_, index) => this.targets[(first + index) % this.targets.length] ?? 0),
    );
  }

  private tryNext(client: Socket, [port, ...others]: readonly number[]): void {
    if (port === undefined) {
      client.destroy();
      return;
    }
    const server = connect(port, '127.0.0.1');
    this.watch(server);
    server.once('error', () => {
      if (server.connecting || server.bytesRead + server.bytesWritten === 0) {
        this.tryNext(client, others);
      }
    });
    server.once('connect', () => {
      client.pipe(server).pipe(client);
      client.once('close', () => server.destroy());
      server.once('close', () => client.destroy());
    });
  }

  private watch(socket: Socket): void {
    this.sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.sockets.delete(socket));
  }
}
