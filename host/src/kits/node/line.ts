/** What goes out over a connection. */
export interface LineRequest {
  readonly method: string;
  readonly url: URL;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array | null;
  readonly onSent: ((sendSize: number, totalSize: number) => void) | null;
  readonly signal: AbortSignal;
}

export interface LineAnswer {
  readonly status: number;
  /** `HTTP/2 200`, as curl shows it. */
  readonly statusLine: string;
  /** As they came, each with its name. */
  readonly headers: readonly (readonly [string, string])[];
  /** Throws `WireFailure` when the body breaks off. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** A connection that exchanges can run on. */
export interface Line {
  /** Settles with the head. Rejects with `WireFailure`; an aborted signal cuts the exchange on the wire. */
  send(request: LineRequest): Promise<LineAnswer>;
  /** Bytes that have come over this connection. */
  bytesRead(): number;
  /** Takes no further exchange. */
  retire(): void;
}

/** So that progress is told in steps, and a large body leaves when there is room for it. */
const PIECE_BYTES = 64 * 1024;

interface Writable {
  write(piece: Uint8Array, done: (error?: Error | null) => void): boolean;
  end(): void;
}

/** Writes piece after piece; what stops it is told by the events of `sink`, not from here. */
export function pump({ body, onSent }: LineRequest, sink: Writable): void {
  if (body === null) {
    sink.end();
    return;
  }
  let at = 0;
  const next = (): void => {
    if (at >= body.byteLength) {
      sink.end();
      return;
    }
    const piece = body.subarray(at, at + PIECE_BYTES);
    sink.write(piece, (error) => {
      if (error === undefined || error === null) {
        at += piece.byteLength;
        onSent?.(at, body.byteLength);
        next();
      }
    });
  };
  next();
}
