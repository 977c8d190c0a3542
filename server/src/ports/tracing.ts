export type SpanAttributes = Readonly<Record<string, string | number>>;

/** Something that took time. */
export interface Span {
  /** Called once. `failure` null where it went well. */
  end(attributes: SpanAttributes, failure: unknown): void;
}

export interface SpanStart {
  readonly name: string;
  readonly kind: 'server' | 'client' | 'internal' | 'producer';
  /** What it is a part of; absent for the beginning of a trace. */
  readonly parent?: Span | undefined;
  /** A caller elsewhere that it is a part of, as W3C Trace Context names it in the headers of a request. */
  readonly headers?: Readonly<Record<string, unknown>>;
  /** Other spans whose work this one does too. */
  readonly links?: readonly Span[];
}

/** Records what happens when. Names and attributes are fixed words and numbers: never what a client said. */
export interface Tracing {
  start(start: SpanStart): Span;
  /** Sends what was not sent yet. */
  close(): Promise<void>;
}
