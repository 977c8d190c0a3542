import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { Server as SocketIoServer, type Socket } from 'socket.io';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Core } from '../../src/node/load-core.js';

/** The newest connection, seen from the server. */
export interface Peer {
  send(text: string): void;
  sendBinary(data: ArrayBuffer): void;
  close(code: number, reason: string): void;
  cut(): void;
}

const PAGES: Readonly<Record<string, readonly [number, string, string]>> = {
  badGateway: [502, 'text/html', '<h1>Bad gateway</h1>'],
  tooManyRequests: [429, 'application/json', '{}'],
  captivePortal: [200, 'text/html', 'event: open\ndata: {"line":"portal"}\n\n'],
};

/** Real sockets with a server behind them that a test drives: WebSocket, Socket.IO, and the lines of core's fake. */
export class BenchServer {
  readonly received: string[] = [];
  readonly lines: InstanceType<Core['FakeLineServer']>;
  peer: Peer | null = null;
  obstacle = 'none';
  private readonly http: Server = createServer((request, response) => void this.serve(request, response));
  private readonly webSockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offers) => [...offers].at(-1) ?? false,
  });
  private readonly io = new SocketIoServer(createServer(), { path: '/v1/socket.io', transports: ['websocket'] });
  private readonly sockets = new Set<Duplex>();
  private readonly upgraded = new Set<Duplex>();

  private constructor(private readonly core: Core) {
    this.lines = new core.FakeLineServer();
    this.http.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
    this.http.on('upgrade', (request, socket, head) => this.upgrade(request, socket, head));
    this.webSockets.on('connection', (socket) => this.acceptWebSocket(socket));
    this.io.of('/parley.v1').on('connection', (socket) => this.acceptSocketIo(socket));
  }

  static async start(core: Core): Promise<BenchServer> {
    const server = new BenchServer(core);
    await new Promise<void>((done) => server.http.listen(0, '127.0.0.1', done));
    return server;
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.http.address() as AddressInfo).port}/v1/ws`;
  }

  /** What a client that let go should not have any more. Idle keep-alive connections of fetch do not count. */
  leftovers(): string {
    const exchanges = this.lines.exchanges();
    return this.upgraded.size + exchanges === 0 ? '' : `${this.upgraded.size} sockets, ${exchanges} exchanges`;
  }

  cutAll(): void {
    this.obstacle = 'unreachable';
    this.sockets.forEach((socket) => socket.destroy());
    this.lines.cut();
  }

  async close(): Promise<void> {
    await this.io.close();
    this.sockets.forEach((socket) => socket.destroy());
    this.webSockets.close();
    await new Promise((done) => this.http.close(done));
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const page = PAGES[this.obstacle];
    if (this.obstacle === 'unreachable') {
      socket.destroy();
    } else if (page !== undefined) {
      socket.end(`HTTP/1.1 ${page[0]} X\r\nContent-Type: ${page[1]}\r\nConnection: close\r\n\r\n${page[2]}`);
    } else {
      this.upgraded.add(socket);
      socket.once('close', () => this.upgraded.delete(socket));
      if (request.url?.startsWith('/v1/socket.io') === true) {
        this.io.engine.handleUpgrade(request as Parameters<typeof this.io.engine.handleUpgrade>[0], socket, head);
      } else {
        this.webSockets.handleUpgrade(request, socket, head, (open) => this.webSockets.emit('connection', open));
      }
    }
  }

  private acceptWebSocket(socket: WebSocket): void {
    socket.on('message', (data: Buffer, isBinary) => {
      this.received.push(isBinary ? `binary ${[...data].join(' ')}` : data.toString());
    });
    this.peer = {
      send: (text) => socket.send(text),
      sendBinary: (data) => socket.send(data),
      close: (code, reason) => socket.close(code, reason),
      cut: () => socket.terminate(),
    };
  }

  private acceptSocketIo(socket: Socket): void {
    socket.on('frame', (text: string, ack: () => void) => {
      this.received.push(text);
      ack();
    });
    this.peer = {
      send: (text) => void socket.emit('frame', text),
      sendBinary: () => undefined,
      close: (code, reason) => {
        socket.emit('bye', { code, reason });
        socket.disconnect(true);
      },
      cut: () => this.cutAll(),
    };
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.obstacle === 'unreachable') {
      response.destroy();
      return;
    }
    const page = PAGES[this.obstacle];
    if (page !== undefined) {
      response.writeHead(page[0], { 'content-type': page[1] }).end(page[2]);
      return;
    }
    this.peer = {
      send: (text) => this.lines.last().send(text),
      sendBinary: () => undefined,
      close: (code, reason) => this.lines.last().close(code, reason),
      cut: () => this.cutAll(),
    };
    if (request.method === 'GET') {
      this.stream(response);
    } else {
      await this.post(request, response);
    }
  }

  private stream(response: ServerResponse): void {
    const stream = this.lines.open('/v1/sse', new Map(), 0, {
      onHeaders: (status, headers) => void response.writeHead(status, Object.fromEntries(headers)),
      onChunk: (chunk) => void response.write(new Uint8Array(chunk)),
      onEnd: () => void response.end(),
    });
    response.once('close', () => stream.cancel());
  }

  private async post(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) {
      parts.push(part as Buffer);
    }
    const body = Buffer.concat(parts).toString();
    const names: [string, string][] = [
      ['Parley-Line', 'parley-line'],
      ['Last-Event-ID', 'last-event-id'],
    ];
    const headers = new Map(
      names.flatMap(([name, lower]): [string, string][] => {
        const value = request.headers[lower];
        return typeof value === 'string' ? [[name, value]] : [];
      }),
    );
    const cancel = new this.core.CancelToken();
    response.once('close', () => cancel.cancel());
    try {
      const url = request.url ?? '';
      const answer = await this.lines.request({
        method: this.core.HttpMethod.Post,
        url,
        headers,
        body,
        timeoutMs: 0,
        cancel,
      });
      if (url.endsWith('/send') && answer.status === 204) {
        const frames = JSON.parse(body) as unknown;
        this.received.push(...(Array.isArray(frames) ? frames.map((one) => JSON.stringify(one)) : [body]));
      }
      response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(answer.body);
    } catch {
      response.destroy();
    }
  }
}
