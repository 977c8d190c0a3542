import http2, { type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import { HttpCode } from '../support/http-failure-codes.js';
import { pump, type Line, type LineAnswer, type LineRequest } from './line.js';
import { WireFailure } from './wire-failure.js';

/** How much a server may send ahead, for one stream and for all of them. */
const STREAM_WINDOW_BYTES = 1024 * 1024;
const SESSION_WINDOW_BYTES = 8 * 1024 * 1024;
/** Of one connection only; HTTP/2 forbids them (RFC 9113, section 8.2.2). `host` becomes `:authority`. */
const DROPPED = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade', 'host']);

const { NGHTTP2_REFUSED_STREAM, NGHTTP2_NO_ERROR, NGHTTP2_CANCEL } = http2.constants;

/** An HTTP/2 connection: many exchanges at once. */
export class Http2Line implements Line {
  private readonly session: ClientHttp2Session;
  private streams = 0;
  private isRetired = false;
  private idleTimer: NodeJS.Timeout | undefined;

  /** `onRetired` is told once, when no further exchange can start; those that run may still end well. */
  constructor(
    origin: string,
    private readonly socket: Socket,
    private readonly idleMs: number,
    private readonly onRetired: (line: Http2Line) => void,
  ) {
    this.session = http2.connect(origin, {
      createConnection: () => socket,
      settings: { initialWindowSize: STREAM_WINDOW_BYTES, enablePush: false },
    });
    this.session.once('connect', () => this.session.setLocalWindowSize(SESSION_WINDOW_BYTES));
    this.session.on('error', () => this.gone());
    this.session.once('goaway', () => this.gone());
    this.session.once('close', () => this.gone());
    this.rest();
  }

  isUsable(): boolean {
    return !this.isRetired && !this.session.closed && !this.session.destroyed;
  }

  bytesRead(): number {
    return this.socket.bytesRead;
  }

  retire(): void {
    this.gone();
    this.session.close();
  }

  async send(request: LineRequest): Promise<LineAnswer> {
    if (!this.isUsable()) {
      throw new WireFailure(HttpCode.Receive, true);
    }
    const stream = this.session.request(headersOf(request), { endStream: request.body === null });
    this.streams++;
    clearTimeout(this.idleTimer);
    this.session.ref();
    stream.once('close', () => {
      this.streams--;
      this.rest();
    });
    const cut = (): void => stream.close(NGHTTP2_CANCEL);
    request.signal.addEventListener('abort', cut, { once: true });
    stream.once('close', () => request.signal.removeEventListener('abort', cut));
    if (request.signal.aborted) {
      cut();
    }
    if (request.body !== null) {
      pump(request, stream);
    }
    return await answered(stream);
  }

  /** With nothing under way the connection does not keep the process alive, and goes after a while. */
  private rest(): void {
    if (this.streams === 0 && !this.session.destroyed) {
      this.session.unref();
      clearTimeout(this.idleTimer);
      this.idleTimer = setTimeout(() => this.retire(), this.idleMs).unref();
    }
  }

  private gone(): void {
    if (!this.isRetired) {
      this.isRetired = true;
      clearTimeout(this.idleTimer);
      this.onRetired(this);
    }
  }
}

function headersOf({ method, url, headers }: LineRequest): http2.OutgoingHttpHeaders {
  const kept = [...headers].filter(([name]) => !DROPPED.has(name));
  return {
    ':method': method,
    ':scheme': url.protocol.slice(0, -1),
    ':authority': headers.get('host') ?? url.host,
    ':path': url.pathname + url.search,
    ...Object.fromEntries(kept),
  };
}

function answered(stream: ClientHttp2Stream): Promise<LineAnswer> {
  return new Promise((resolve, reject) => {
    stream.on('error', () => undefined);
    stream.once('response', (headers, _flags, raw?: string[]) => {
      resolve({
        status: Number(headers[':status']),
        statusLine: `HTTP/2 ${headers[':status']}`,
        headers: raw === undefined ? pairsOf(headers) : pairsOfRaw(raw),
        body: read(stream),
      });
    });
    // Also after an answer, where it does nothing.
    stream.once('close', () => reject(failureOf(stream, HttpCode.Receive)));
  });
}

function failureOf(stream: ClientHttp2Stream, otherwise: number): WireFailure {
  const { rstCode } = stream;
  if (rstCode === NGHTTP2_REFUSED_STREAM) {
    return new WireFailure(HttpCode.Receive, true);
  }
  const isLost = rstCode === NGHTTP2_NO_ERROR || rstCode === NGHTTP2_CANCEL;
  return new WireFailure(isLost ? otherwise : HttpCode.Http2);
}

function pairsOf(headers: http2.IncomingHttpHeaders): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    name.startsWith(':') ? [] : [value ?? ''].flat().map((one) => [name, one]),
  );
}

/** Node joins what came several times; the raw list has them one by one. */
function pairsOfRaw(raw: readonly string[]): [string, string][] {
  return raw.flatMap((name, at): [string, string][] =>
    at % 2 === 0 && !name.startsWith(':') ? [[name, raw[at + 1] ?? '']] : [],
  );
}

async function* read(stream: ClientHttp2Stream): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of stream) {
      yield chunk as Uint8Array;
    }
  } catch {
    throw failureOf(stream, HttpCode.Partial);
  }
  // A stream that was reset can end its readable side like one that is whole.
  if (stream.rstCode !== undefined && stream.rstCode !== NGHTTP2_NO_ERROR) {
    throw failureOf(stream, HttpCode.Partial);
  }
}
