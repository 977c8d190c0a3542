import { EMPTY, type Splitter, type Unit } from './units.js';

const HEAD_END = '\r\n\r\n';
const LINE_END = '\r\n';

export interface Head {
  /** The request line or the status line. */
  readonly start: string;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  /** With the blank line. */
  readonly size: number;
}

/** The head at the start of `bytes`, null while it is incomplete. */
export function readHead(bytes: Buffer): Head | null {
  const end = bytes.indexOf(HEAD_END);
  if (end < 0) {
    return null;
  }
  const [start = '', ...lines] = bytes.toString('latin1', 0, end).split(LINE_END);
  const headers = new Map(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  return { start, headers, size: end + HEAD_END.length };
}

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly isUpgrade: boolean;
  /** Head and body, as they came. */
  readonly bytes: Buffer;
}

/** Whole requests, one after the other. Bodies have a Content-Length: no client of ours sends chunks. */
export class RequestReader {
  private waiting: Buffer = EMPTY;

  push(bytes: Buffer): Request[] {
    this.waiting = Buffer.concat([this.waiting, bytes]);
    const requests: Request[] = [];
    for (let head = readHead(this.waiting); head !== null; head = readHead(this.waiting)) {
      const size = head.size + Number(head.headers.get('content-length') ?? 0);
      if (size > this.waiting.length) {
        break;
      }
      const [method = '', path = ''] = head.start.split(' ');
      const isUpgrade = head.headers.get('upgrade')?.toLowerCase() === 'websocket';
      requests.push({ method, path, isUpgrade, bytes: this.waiting.subarray(0, size) });
      this.waiting = this.waiting.subarray(size);
      if (isUpgrade) {
        break;
      }
    }
    return requests;
  }

  rest(): Buffer {
    return this.waiting;
  }
}

type Part = 'head' | 'body' | 'chunk' | 'until the end';

/**
 * Answers, one after the other. A chunk of an event stream is a message: our server writes whole events. `upgraded` is told
 * when a 101 has passed; what follows it is no HTTP.
 */
export class AnswerSplitter implements Splitter {
  private waiting: Buffer = EMPTY;
  private part: Part = 'head';
  private bodyLeft = 0;
  private isEventStream = false;

  constructor(private readonly upgraded: (rest: Buffer) => Unit[]) {}

  push(bytes: Buffer): Unit[] {
    this.waiting = Buffer.concat([this.waiting, bytes]);
    const units: Unit[] = [];
    for (;;) {
      const taken: Unit[] | null = this.take();
      if (taken === null) {
        return units;
      }
      units.push(...taken);
    }
  }

  rest(): Buffer {
    return this.waiting;
  }

  /** The next units; null while there are none. */
  private take(): Unit[] | null {
    switch (this.part) {
      case 'head':
        return this.takeHead();
      case 'chunk':
        return this.takeChunk();
      case 'body': {
        const body = this.cut(Math.min(this.bodyLeft, this.waiting.length));
        this.bodyLeft -= body.length;
        this.part = this.bodyLeft === 0 ? 'head' : 'body';
        return body.length === 0 ? null : [{ bytes: body, isMessage: false }];
      }
      default:
        return this.waiting.length === 0 ? null : [{ bytes: this.cut(this.waiting.length), isMessage: false }];
    }
  }

  private takeHead(): Unit[] | null {
    const head = readHead(this.waiting);
    if (head === null) {
      return null;
    }
    const unit = { bytes: this.cut(head.size), isMessage: false };
    const status = Number(head.start.split(' ')[1]);
    if (status === 101) {
      return [unit, ...this.upgraded(this.cut(this.waiting.length))];
    }
    this.isEventStream = head.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
    const length = head.headers.get('content-length');
    if (head.headers.get('transfer-encoding') === 'chunked') {
      this.part = 'chunk';
    } else if (length !== undefined) {
      this.bodyLeft = Number(length);
      this.part = this.bodyLeft === 0 ? 'head' : 'body';
    } else if (status !== 204 && status !== 304) {
      this.part = 'until the end';
    }
    return [unit];
  }

  /** RFC 9112, section 7.1, without trailers. */
  private takeChunk(): Unit[] | null {
    const lineEnd = this.waiting.indexOf(LINE_END);
    if (lineEnd < 0) {
      return null;
    }
    const dataSize = parseInt(this.waiting.toString('latin1', 0, lineEnd), 16);
    const size = lineEnd + LINE_END.length + dataSize + LINE_END.length;
    if (size > this.waiting.length) {
      return null;
    }
    if (dataSize === 0) {
      this.part = 'head';
    }
    return [{ bytes: this.cut(size), isMessage: this.isEventStream && dataSize > 0 }];
  }

  private cut(size: number): Buffer {
    const bytes = this.waiting.subarray(0, size);
    this.waiting = this.waiting.subarray(size);
    return bytes;
  }
}
