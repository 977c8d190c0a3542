import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import http2, { type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import https from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { TestCertificates } from './certificate.js';

export const WIRES = ['http/1.1', 'http/1.1 over TLS', 'h2'] as const;
export type Wire = (typeof WIRES)[number];

/** Node shows both protocols by one face; only an exchange over HTTP/2 has a stream. */
type Response = ServerResponse & { readonly stream?: ServerHttp2Stream };

const LARGE_BYTES = 300 * 1024 * 1024;
const PIECE = Buffer.alloc(64 * 1024, 'x');
const DRIP_MS = 20;

/** A real server on a free port that answers well and badly, and looks at what crosses the wire. */
export class WireServer {
  /** TCP connections that were ever accepted. */
  connections = 0;
  /** Exchanges whose answers were not written to the end. */
  cut = 0;
  /** Those that were. */
  whole = 0;
  /** Exchanges that have reached the server. */
  asked = 0;
  mostAtOnce = 0;
  lastHeaders: Record<string, unknown> = {};
  /** Each with the connection that it came by. */
  readonly priorities = new Map<string, unknown>();
  /** Bytes written to the socket of the last `/large`, read when that exchange was over. */
  crossed = -1;
  readonly sockets = new Set<Socket>();
  readonly sessions = new Set<ServerHttp2Session>();
  private atOnce = 0;
  /** How many exchanges each connection has had. */
  private readonly carried = new WeakMap<object, number>();
  /** Answers to `/hold`, until `release`. */
  private held: Response[] = [];
  private readonly server: Server;

  private constructor(
    private readonly wire: Wire,
    certificates: TestCertificates,
    maxStreams: number,
  ) {
    const tls = { key: certificates.keyPem, cert: certificates.certPem };
    const route = (request: unknown, response: unknown): void =>
      this.route(request as IncomingMessage, response as Response);
    if (wire === 'h2') {
      const settings = { maxConcurrentStreams: maxStreams };
      const server = http2.createSecureServer({ ...tls, settings, allowHTTP1: true }, route);
      server.on('session', (session) => {
        this.sessions.add(session);
        session.on('error', () => undefined);
        session.once('close', () => this.sessions.delete(session));
      });
      this.server = server;
    } else {
      const server = wire === 'http/1.1' ? http.createServer(route) : https.createServer(tls, route);
      // Who closes a connection that rests is the client alone.
      server.keepAliveTimeout = 0;
      this.server = server;
    }
    this.server.on('connection', (socket: Socket) => {
      this.connections++;
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  /** `maxStreams` for each connection of HTTP/2. */
  static async start(wire: Wire, certificates: TestCertificates, maxStreams = 200): Promise<WireServer> {
    const server = new WireServer(wire, certificates, maxStreams);
    await new Promise<void>((done) => server.server.listen(0, '127.0.0.1', done));
    return server;
  }

  get origin(): string {
    const scheme = this.wire === 'http/1.1' ? 'http' : 'https';
    return `${scheme}://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get heldCount(): number {
    return this.held.length;
  }

  release(): void {
    this.held.splice(0).forEach((response) => void response.end('held'));
  }

  /** Takes no more connections; those that are open stay. */
  stopListening(): void {
    this.server.close();
  }

  async close(): Promise<void> {
    this.sessions.forEach((session) => session.destroy());
    this.sockets.forEach((socket) => socket.destroy());
    if (this.server.listening) {
      await new Promise((done) => this.server.close(done));
    }
  }

  private route(request: IncomingMessage, response: Response): void {
    this.asked++;
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.atOnce);
    this.lastHeaders = { ...request.headers };
    this.priorities.set(String(request.headers['priority'] ?? ''), connectionOf(response));
    const earlier = this.carried.get(connectionOf(response)) ?? 0;
    this.carried.set(connectionOf(response), earlier + 1);
    let isWhole = false;
    response.on('error', () => undefined);
    response.once('finish', () => (isWhole = true));
    response.once('close', () => {
      this.atOnce--;
      const { stream } = response;
      // HTTP/2 answers finish however they end; there the code of the reset tells.
      const isCut = stream === undefined ? !isWhole : stream.rstCode !== http2.constants.NGHTTP2_NO_ERROR;
      if (isCut) {
        this.cut++;
      } else {
        this.whole++;
      }
    });
    const url = new URL(request.url ?? '/', 'http://host');
    const [, what, how] = url.pathname.split('/');
    switch (what) {
      case 'echo':
        this.echo(request, response);
        return;
      case 'status':
        response.writeHead(Number(how)).end();
        return;
      case 'html':
        response.writeHead(502, { 'Content-Type': 'text/html' }).end('<h1>Bad gateway</h1>');
        return;
      case 'headers':
        response.setHeader('X-Mixed-Case', 'Kept');
        response.setHeader('Set-Cookie', ['a=1', 'b=2']);
        response.setHeader('X-Twice', ['first', 'last']);
        response.end('headers');
        return;
      case 'bytes':
        response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': Number(how) });
        response.end(Buffer.alloc(Number(how), 'a'));
        return;
      case 'redirect':
        response.writeHead(Number(how), { location: '/echo', 'x-hop': 'first' }).end();
        return;
      case 'circle':
        response.writeHead(302, { location: '/circle' }).end();
        return;
      case 'hold':
        this.held.push(response);
        return;
      case 'reset':
        this.reset(response);
        return;
      case 'stale':
        // As a server that closes a kept connection just as the next request comes by it.
        if (earlier > 0) {
          this.reset(response);
        } else {
          this.echo(request, response);
        }
        return;
      case 'half':
        response.writeHead(200, { 'content-length': 1000 });
        response.write('half of it', () => this.reset(response));
        return;
      case 'excess':
        // More than was announced: only a raw write does that.
        socketOf(response).write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwhole and then some');
        return;
      case 'drip':
        this.drip(response);
        return;
      case 'large':
        this.large(response);
        return;
      default:
        response.writeHead(404).end();
    }
  }

  private echo(request: IncomingMessage, response: Response): void {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      response.writeHead(200, {
        'content-type': String(request.headers['content-type'] ?? 'text/plain'),
        'x-method': request.method ?? '',
      });
      response.end(request.method === 'HEAD' ? undefined : Buffer.concat(parts));
    });
  }

  private reset(response: Response): void {
    if (response.stream !== undefined) {
      response.stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR);
    } else if (this.wire === 'http/1.1') {
      response.socket?.resetAndDestroy();
    } else {
      // A TLS socket cannot be reset; it ends without a word of TLS.
      response.socket?.destroy();
    }
  }

  private drip(response: Response): void {
    const timer = setInterval(() => response.write('.'), DRIP_MS);
    response.once('close', () => clearInterval(timer));
  }

  private large(response: Response): void {
    const socket = socketOf(response);
    const before = socket.bytesWritten;
    this.crossed = -1;
    response.writeHead(200, { 'content-type': 'application/octet-stream' });
    let left = LARGE_BYTES;
    let isOver = false;
    const fill = (): void => {
      while (left > 0 && !isOver) {
        left -= PIECE.byteLength;
        if (!response.write(PIECE)) {
          response.once('drain', fill);
          return;
        }
      }
      response.end();
    };
    response.once('close', () => {
      isOver = true;
      this.crossed = socket.bytesWritten - before;
    });
    fill();
  }
}

function socketOf(response: Response): Socket {
  // The socket that a session shows is a proxy that refuses most of it, but not to be read.
  return (response.stream?.session?.socket ?? response.socket) as Socket;
}

function connectionOf(response: Response): object {
  return response.stream?.session ?? socketOf(response);
}
