import http from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { HttpCode } from '../support/http-failure-codes.js';
import { pump, type Line, type LineAnswer, type LineRequest } from './line.js';
import { headFailure, WireFailure } from './wire-failure.js';

/** An HTTP/1.1 connection: one exchange after the other, kept alive between them as long as both sides like. */
export class Http1Line implements Line {
  private readonly agent: http.Agent;
  private isUsed = false;
  private bytesBefore = 0;
  private idleTimer: NodeJS.Timeout | undefined;
  private onRest = (): void => undefined;

  /** `onIdle` is told whenever the next exchange may come, `onGone` once. */
  constructor(
    private readonly socket: Socket,
    private readonly idleMs: number,
    private readonly onIdle: (line: Http1Line) => void,
    onGone: (line: Http1Line) => void,
  ) {
    this.agent = new OneSocketAgent(socket);
    this.agent.on('free', () => this.freed());
    socket.on('error', () => undefined);
    socket.once('close', () => {
      clearTimeout(this.idleTimer);
      onGone(this);
      this.onRest();
    });
  }

  send(request: LineRequest): Promise<LineAnswer> {
    clearTimeout(this.idleTimer);
    const isStale = this.isUsed;
    this.isUsed = true;
    const rest = new Promise<void>((done) => (this.onRest = done));
    return new Promise((resolve, reject) => {
      const { method, url, headers, body, signal } = request;
      const out = http.request({
        agent: this.agent,
        host: url.hostname,
        port: url.port,
        path: url.pathname + url.search,
        method,
        headers: {
          host: url.host,
          ...Object.fromEntries(headers),
          ...(body === null ? {} : { 'content-length': String(body.byteLength) }),
        },
      });
      const cut = (): void => void out.destroy(new WireFailure(HttpCode.Cut));
      signal.addEventListener('abort', cut, { once: true });
      out.once('close', () => signal.removeEventListener('abort', cut));
      // After the head the body tells what went wrong.
      out.on('error', (error) => reject(headFailure(error, isStale && this.socket.bytesRead === this.bytesBefore)));
      out.once('response', (response) => {
        resolve({
          status: response.statusCode ?? 0,
          statusLine: `HTTP/${response.httpVersion} ${response.statusCode} ${response.statusMessage}`.trim(),
          headers: pairs(response.rawHeaders),
          // With the request written, only this side's own bookkeeping is open: whoever has the answer can reuse the line.
          body: read(response, () => (out.writableEnded && out.shouldKeepAlive ? rest : null)),
        });
      });
      this.bytesBefore = this.socket.bytesRead;
      if (signal.aborted) {
        cut();
      } else {
        pump(request, out);
      }
    });
  }

  bytesRead(): number {
    return this.socket.bytesRead;
  }

  retire(): void {
    this.socket.destroy();
  }

  private freed(): void {
    // Bytes that nobody asked for make the next answer unsure.
    if (this.socket.destroyed || this.socket.readableLength > 0) {
      this.socket.destroy();
      return;
    }
    this.idleTimer = setTimeout(() => this.socket.destroy(), this.idleMs).unref();
    this.onIdle(this);
    this.onRest();
  }
}

/** Node's agent does the work of keeping a socket alive and out of the way of the process's end; it gets one only. */
class OneSocketAgent extends http.Agent {
  private socket: Socket | null;

  constructor(socket: Socket) {
    super({ keepAlive: true, maxSockets: 1 });
    this.socket = socket;
  }

  override createConnection(_options: object, done?: (error: Error | null, socket: Duplex) => void): Socket | null {
    const { socket } = this;
    this.socket = null;
    if (socket === null) {
      // It went away between two exchanges.
      (done as ((error: Error) => void) | undefined)?.(new WireFailure(HttpCode.Receive, false, true));
    }
    return socket;
  }
}

function pairs(raw: readonly string[]): [string, string][] {
  return raw.flatMap((name, at): [string, string][] => (at % 2 === 0 ? [[name, raw[at + 1] ?? '']] : []));
}

async function* read(response: http.IncomingMessage, rest: () => Promise<void> | null): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of response) {
      yield chunk as Uint8Array;
    }
    await rest();
  } catch {
    throw new WireFailure(HttpCode.Partial);
  }
}
