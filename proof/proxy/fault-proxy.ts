import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { FaultCounts } from './faults.js';
import type { Request } from './http.js';
import { Link, type Block } from './link.js';
import { NO_SHAPE, type Shape } from './pipe.js';

/**
 * A line on loopback between one device and the server, that breaks on demand. It reads along as far as borders of messages
 * need it (HTTP/1.1, WebSocket frames); everything else passes as it is.
 */
export class FaultProxy {
  readonly counts = new FaultCounts();
  /** Where new connections lead; a server that comes back may have another port. */
  upstreamPort: number;
  private readonly shape: Shape = { ...NO_SHAPE };
  private readonly links = new Set<Link>();
  private blocks: readonly Block[] = [];
  private server: Server | null = null;
  private ownPort = 0;

  private constructor(
    upstreamPort: number,
    private readonly random: () => number,
  ) {
    this.upstreamPort = upstreamPort;
  }

  /** `random` decides on delays, doubles and changes of place. */
  static async start(upstreamPort: number, random: () => number): Promise<FaultProxy> {
    const proxy = new FaultProxy(upstreamPort, random);
    await proxy.admit();
    return proxy;
  }

  get port(): number {
    return this.ownPort;
  }

  get url(): string {
    return `http://127.0.0.1:${this.ownPort}`;
  }

  /** Connections that pass bytes. */
  get openCount(): number {
    return [...this.links].filter((link) => link.isAlive).length;
  }

  /** Changes how every connection is treated from now on; what is not named stays. */
  treat(change: Partial<Shape>): void {
    Object.assign(this.shape, change);
  }

  /** A client that does not read: on what is open now, nothing is taken from the server. New connections pass. */
  stall(): void {
    for (const link of [...this.links].filter((one) => one.isAlive)) {
      this.counts.add('stall');
      link.stall(true);
    }
  }

  goOn(): void {
    this.links.forEach((link) => link.stall(false));
  }

  /** Requests that match are not for the server. An empty list lets all pass. */
  block(...blocks: readonly Block[]): void {
    this.blocks = blocks;
  }

  /** RST on every living connection, or on those whose newest request has a path that starts with `prefix`. */
  reset(prefix = ''): void {
    for (const link of [...this.links].filter((one) => one.isAlive && one.path.startsWith(prefix))) {
      this.counts.add('reset');
      link.reset();
    }
  }

  /** Half-opens what is open; new connections pass. Counted when bytes were swallowed. */
  freeze(): void {
    this.links.forEach((link) => link.freeze());
  }

  /** Stops listening. Living connections go on. */
  async refuse(): Promise<void> {
    const server = this.server;
    this.server = null;
    if (server !== null) {
      // `close` waits for the connections; that nobody listens any more is so at once.
      server.close();
      await new Promise((done) => setImmediate(done));
    }
  }

  /** Listens (again, on the same port). */
  async admit(): Promise<void> {
    if (this.server !== null) {
      return;
    }
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.accept(client));
    await new Promise<void>((done, fail) => {
      server.once('error', fail);
      server.listen(this.ownPort, '127.0.0.1', done);
    });
    this.ownPort = (server.address() as AddressInfo).port;
    this.server = server;
  }

  /** Ends everything. */
  async close(): Promise<void> {
    const server = this.server;
    this.server = null;
    const closed = server === null ? null : new Promise((done) => server.close(done));
    this.links.forEach((link) => link.reset());
    await closed;
  }

  private accept(client: Socket): void {
    const link: Link = new Link({
      client,
      upstreamPort: this.upstreamPort,
      shape: this.shape,
      counts: this.counts,
      random: this.random,
      blockOf: (request: Request) => this.blocks.find((block) => block.matches(request)) ?? null,
      onEnd: () => this.links.delete(link),
    });
    this.links.add(link);
  }
}
