import { dial, type Dialled, type DialTimes, type Target } from './dial.js';
import { Http1Line } from './http1-line.js';
import { Http2Line } from './http2-line.js';
import type { Line } from './line.js';

/** How long a connection waits for its next exchange. A server may close it earlier; that is noticed. */
const IDLE_MS = 30_000;

export interface Lease {
  readonly line: Line;
  /** Null for a connection that was there already, or that another exchange has opened. */
  readonly times: DialTimes | null;
}

/** Keeps the connections of a process: one for each HTTP/2 target, as many as are needed at once for HTTP/1.1. */
export class Connections {
  private readonly hosts = new Map<string, Host>();

  constructor(private readonly idleMs: number = IDLE_MS) {}

  /** Targets with a connection, or with somebody who waits for one. */
  get size(): number {
    return this.hosts.size;
  }

  /** Rejects with `WireFailure`, or with the reason of `signal`. */
  lease(target: Target, signal: AbortSignal): Promise<Lease> {
    let host = this.hosts.get(target.key);
    if (host === undefined) {
      host = new Host(target, this.idleMs, () => this.hosts.delete(target.key));
      this.hosts.set(target.key, host);
    }
    return host.lease(signal);
  }
}

class Host {
  private readonly lines = new Set<Http1Line>();
  private idle: Http1Line[] = [];
  private session: Http2Line | null = null;
  private opening: Opening | null = null;
  private wanted = 0;
  /** Asked by ALPN, it chose HTTP/1.1. */
  private hasNoHttp2: boolean;

  constructor(
    private readonly target: Target,
    private readonly idleMs: number,
    private readonly onEmpty: () => void,
  ) {
    this.hasNoHttp2 = !target.isTls || !target.offersHttp2;
  }

  async lease(signal: AbortSignal): Promise<Lease> {
    this.wanted++;
    try {
      for (;;) {
        if (this.session?.isUsable() === true) {
          return { line: this.session, times: null };
        }
        const idle = this.idle.pop();
        if (idle !== undefined) {
          return { line: idle, times: null };
        }
        if (this.hasNoHttp2) {
          const { socket, times } = await dial(this.target, false, signal);
          return { line: this.addHttp1(socket), times };
        }
        const lease = await this.joinOpening(signal);
        if (lease !== null) {
          return lease;
        }
      }
    } finally {
      this.wanted--;
      this.checkEmpty();
    }
  }

  /** The first one opens, the others wait to see what it becomes. Null: look again. */
  private async joinOpening(signal: AbortSignal): Promise<Lease | null> {
    const isFirst = this.opening?.isVain() ?? true;
    if (this.opening === null || isFirst) {
      this.opening = new Opening((cut) => dial(this.target, true, cut));
    }
    const dialled = await this.opening.join(signal);
    if (dialled === null) {
      return null;
    }
    this.opening = null;
    const { socket, isHttp2, times } = dialled;
    this.hasNoHttp2 = !isHttp2;
    if (!isHttp2) {
      return { line: this.addHttp1(socket), times };
    }
    this.session = new Http2Line(this.target.origin, socket, this.idleMs, (line) => this.retired(line));
    return { line: this.session, times: isFirst ? times : null };
  }

  private addHttp1(socket: ConstructorParameters<typeof Http1Line>[0]): Http1Line {
    const line = new Http1Line(
      socket,
      this.idleMs,
      (free) => void this.idle.push(free),
      (gone) => {
        this.lines.delete(gone);
        this.idle = this.idle.filter((one) => one !== gone);
        this.checkEmpty();
      },
    );
    this.lines.add(line);
    return line;
  }

  private retired(line: Http2Line): void {
    if (this.session === line) {
      this.session = null;
      this.checkEmpty();
    }
  }

  private checkEmpty(): void {
    if (this.lines.size === 0 && this.session === null && this.wanted === 0) {
      this.onEmpty();
    }
  }
}

/** One call that several wait for; it ends with the last one who does. */
class Opening {
  private readonly controller = new AbortController();
  private readonly dialled: Promise<Dialled>;
  private waiting = 0;
  private isTaken = false;
  private hasFailed = false;
  private isLeft = false;

  constructor(start: (signal: AbortSignal) => Promise<Dialled>) {
    this.dialled = start(this.controller.signal);
    this.dialled.catch(() => (this.hasFailed = true));
  }

  /** Whether no connection comes of it: it failed, or everybody has gone. */
  isVain(): boolean {
    return this.hasFailed || this.isLeft;
  }

  /** Whoever is first gets the connection, the others null. */
  async join(signal: AbortSignal): Promise<Dialled | null> {
    this.waiting++;
    try {
      const dialled = await orAborted(this.dialled, signal);
      if (this.isTaken) {
        return null;
      }
      this.isTaken = true;
      return dialled;
    } finally {
      this.waiting--;
      if (this.waiting === 0 && !this.isTaken) {
        this.isLeft = true;
        this.controller.abort();
        // It may have been there already.
        this.dialled.then(
          ({ socket }) => socket.destroy(),
          () => undefined,
        );
      }
    }
  }
}

async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let leave = (): void => undefined;
  const left = new Promise<never>((_, reject) => {
    leave = (): void => reject(signal.reason as Error);
  });
  signal.addEventListener('abort', leave, { once: true });
  try {
    signal.throwIfAborted();
    return await Promise.race([work, left]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
