import http, { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** An HTTP/1.1 server on a free port that answers as the test says, and writes down what reached it. */
export class ScriptedServer {
  /** `METHOD /path` of each exchange, in the order in which they came. */
  readonly asked: string[] = [];
  readonly headers: http.IncomingHttpHeaders[] = [];
  /** Exchanges whose answers were not written to the end. */
  cut = 0;
  /** TCP connections that were ever accepted. */
  connections = 0;
  readonly sockets = new Set<Socket>();
  answer: Answer;
  /** Whether `asked` and `headers` are written. */
  remembers = true;
  private server: Server | null = null;
  private port = 0;

  private constructor(answer: Answer) {
    this.answer = answer;
  }

  static async start(answer: Answer): Promise<ScriptedServer> {
    const server = new ScriptedServer(answer);
    await server.listen();
    return server;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** How often `what` was asked for: `GET /path`. */
  count(what: string): number {
    return this.asked.filter((one) => one === what).length;
  }

  /** Again on the same port after `kill`. */
  async listen(): Promise<void> {
    const server = http.createServer((request, response) => this.take(request, response));
    server.on('connection', (socket: Socket) => {
      this.connections++;
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('close', () => this.sockets.delete(socket));
    });
    await new Promise<void>((done, failed) => {
      server.once('error', failed);
      server.listen(this.port, '127.0.0.1', done);
    });
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  /** As a process that dies in the middle of its answers: nothing listens, and what was open is reset. */
  async kill(): Promise<void> {
    await this.stop((socket) => socket.resetAndDestroy());
  }

  /** Harmless when repeated. Where a client lets go at the same time, only this leaves no socket behind in Node. */
  async close(): Promise<void> {
    await this.stop((socket) => socket.destroy());
  }

  private async stop(end: (socket: Socket) => void): Promise<void> {
    const server = this.server;
    this.server = null;
    this.sockets.forEach(end);
    if (server !== null) {
      await new Promise((done) => server.close(done));
    }
  }

  private take(request: IncomingMessage, response: ServerResponse): void {
    if (this.remembers) {
      this.asked.push(`${request.method} ${request.url}`);
      this.headers.push(request.headers);
    }
    request.resume();
    response.on('error', () => undefined);
    response.once('close', () => (this.cut += response.writableFinished ? 0 : 1));
    this.answer(request, response);
  }
}

export function json(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
}
