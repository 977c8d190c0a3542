import { connect, type Socket } from 'node:net';
import { falseAnswer, type FalseAnswer, type FaultCounts } from './faults.js';
import { AnswerSplitter, RequestReader, type Request } from './http.js';
import { Pipe, type Shape } from './pipe.js';
import { FrameSplitter, type Splitter } from './units.js';

/** What happens to requests, instead of reaching the server. */
export interface Block {
  readonly matches: (request: Request) => boolean;
  readonly answer: FalseAnswer | 'reset';
  /** Of a 429. */
  readonly retryAfterS?: number;
}

export interface LinkOptions {
  readonly client: Socket;
  readonly upstreamPort: number;
  readonly shape: Shape;
  readonly counts: FaultCounts;
  readonly random: () => number;
  readonly blockOf: (request: Request) => Block | null;
  readonly onEnd: () => void;
}

/** One connection of a client, and the connection to the server that carries it on. */
export class Link {
  private readonly upstream: Socket;
  private readonly toServer: Pipe;
  private readonly toClient: Pipe;
  private readonly requests = new RequestReader();
  private fromServer: Splitter;
  private fromClient: FrameSplitter | null = null;
  /** Requests are dealt with one after the other. */
  private work: Promise<void> = Promise.resolve();
  private isFrozen = false;
  private isOver = false;
  private lastPath = '';

  constructor(private readonly options: LinkOptions) {
    const { client, upstreamPort, shape, counts, random } = options;
    this.upstream = connect({ host: '127.0.0.1', port: upstreamPort, allowHalfOpen: true, noDelay: true });
    const cutOff = (): void => this.reset();
    const { upstream } = this;
    this.toServer = new Pipe({ from: client, to: upstream, isToClient: false, shape, counts, random, cutOff });
    this.toClient = new Pipe({ from: upstream, to: client, isToClient: true, shape, counts, random, cutOff });
    this.fromServer = new AnswerSplitter((rest) => {
      this.fromServer = new FrameSplitter();
      return this.fromServer.push(rest);
    });
    client.on('data', (bytes: Buffer) => this.clientSaid(bytes));
    upstream.on('data', (bytes: Buffer) => this.toClient.push(this.fromServer.push(bytes)));
    client.on('end', () => this.ended(this.toServer));
    upstream.on('end', () => this.ended(this.toClient));
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      socket.on('error', () => this.lost(other));
      socket.on('close', () => this.closed(other));
    }
  }

  /** The path of the newest request: what the connection is for. */
  get path(): string {
    return this.lastPath;
  }

  get isAlive(): boolean {
    return !this.isOver && !this.isFrozen;
  }

  /** RST to both sides. */
  reset(): void {
    cut(this.options.client);
    cut(this.upstream);
    this.over();
  }

  freeze(): void {
    this.isFrozen = true;
    this.toServer.freeze();
    this.toClient.freeze();
  }

  stall(isStalled: boolean): void {
    this.toClient.stall(isStalled);
  }

  private clientSaid(bytes: Buffer): void {
    if (this.fromClient !== null) {
      this.toServer.push(this.fromClient.push(bytes));
      return;
    }
    const requests = this.requests.push(bytes);
    for (const request of requests) {
      this.lastPath = request.path;
      this.work = this.work.then(() => this.serve(request)).catch(() => this.reset());
      if (request.isUpgrade) {
        this.fromClient = new FrameSplitter();
      }
    }
  }

  private async serve(request: Request): Promise<void> {
    const { client, counts, shape, random } = this.options;
    if (this.isOver || this.isFrozen) {
      this.toServer.push([{ bytes: request.bytes, isMessage: false }]);
      return;
    }
    const block = this.options.blockOf(request);
    if (block !== null) {
      if (block.answer === 'reset') {
        counts.add('reset');
        this.reset();
        return;
      }
      counts.add(block.answer);
      client.end(falseAnswer(block.answer, block.retryAfterS ?? 1));
      this.upstream.destroy();
      return;
    }
    // A message of an HTTP carrier is an exchange: the server gets the same one twice, the client one answer.
    if (request.path.startsWith('/v1/send') && shape.duplicate > 0 && random() < shape.duplicate) {
      await exchange(this.options.upstreamPort, request.bytes);
      counts.add('duplicate');
    }
    this.toServer.push([{ bytes: request.bytes, isMessage: false }]);
  }

  private ended(pipe: Pipe): void {
    if (!this.isFrozen) {
      pipe.end();
    }
  }

  /** One side broke: the other sees it, unless the line is half open. */
  private lost(other: Socket): void {
    if (!this.isFrozen && !other.destroyed) {
      cut(other);
    }
  }

  private closed(other: Socket): void {
    if (this.isFrozen && other === this.options.client) {
      return;
    }
    if (!other.destroyed) {
      // What was written goes out first.
      other.destroySoon();
    }
    this.over();
  }

  private over(): void {
    if (!this.isOver) {
      this.isOver = true;
      this.toServer.destroy();
      this.toClient.destroy();
      this.options.onEnd();
    }
  }
}

/** RST. A socket that is shutting down takes none, and Node then never closes its handle: that one only ends. */
function cut(socket: Socket): void {
  if (socket.writableEnded) {
    socket.destroy();
  } else {
    socket.resetAndDestroy();
  }
}

/** Sends the request on a connection of its own, and ends that when the answer begins. */
function exchange(port: number, request: Buffer): Promise<void> {
  return new Promise((done, fail) => {
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write(request));
    socket.on('data', () => socket.destroy());
    socket.on('error', fail);
    socket.on('close', () => done());
  });
}
