/** Where in the .ets sources something was written. `column` is 0 when it is not known. */
export interface EtsLocation {
  /** Path from the project's root, with forward slashes. */
  file: string;
  line: number;
  column: number;
}

export function formatLocation(at: EtsLocation): string {
  return at.column > 0 ? `${at.file}:${at.line}:${at.column}` : `${at.file}:${at.line}`;
}

/** A mistake that the host refuses to pass over: unknown component, attribute, kit member, misuse of a decorator… */
export class HostError extends Error {
  override readonly name = 'HostError';
  readonly at: EtsLocation | null;

  constructor(message: string, at: EtsLocation | null = null, cause?: unknown) {
    super(at === null ? message : `${formatLocation(at)}: ${message}`, cause === undefined ? undefined : { cause });
    this.at = at;
    // The frames of the cause are the ones that lead to the .ets line.
    if (cause instanceof Error && cause.stack !== undefined) {
      this.stack = `HostError: ${this.message}\n${framesOf(cause.stack)}`;
    }
  }
}

/** Names the component whose effect failed; an error that already says where it happened passes unchanged. */
export function describeFailure(component: string, at: EtsLocation | null, cause: unknown): HostError {
  if (cause instanceof HostError && cause.at !== null) {
    return cause;
  }
  const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  return new HostError(`${component}: ${reason}`, at, cause);
}

function framesOf(stack: string): string {
  const first = stack.search(/^\s+at /m);
  return first < 0 ? stack : stack.slice(first);
}
