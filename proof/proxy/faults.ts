/** What the proxy can do to a connection. Each is counted when it happened, not when it was ordered. */
export const PROXY_FAULTS = [
  /** Nobody listens: connecting fails. */
  'refuse',
  /** A living connection ends with RST. */
  'reset',
  /** The connection stays open, and nothing passes either way. */
  'half-open',
  'delay',
  'throttle',
  /** The client does not read: the server's output piles up. */
  'stall',
  /** Half of a message passes, then the connection ends. */
  'cut',
  'duplicate',
  'reorder',
  /** Answers that did not come from the server. */
  'http-502',
  'http-429',
  'portal',
] as const;

export type ProxyFault = (typeof PROXY_FAULTS)[number];

export class FaultCounts {
  private readonly counts = new Map<ProxyFault, number>();

  add(fault: ProxyFault): void {
    this.counts.set(fault, this.of(fault) + 1);
  }

  of(fault: ProxyFault): number {
    return this.counts.get(fault) ?? 0;
  }
}

export type FalseAnswer = 'http-502' | 'http-429' | 'portal';

const PORTAL = '<!doctype html><title>Welcome</title><p>Please accept the terms of this network.</p>';

/** The whole answer, after which the connection ends. */
export function falseAnswer(kind: FalseAnswer, retryAfterS: number): string {
  switch (kind) {
    case 'http-502':
      return answer('502 Bad Gateway', 'text/html', [], '<h1>502 Bad Gateway</h1>');
    case 'http-429':
      return answer('429 Too Many Requests', 'text/plain', [`Retry-After: ${retryAfterS}`], 'slow down');
    default:
      return answer('200 OK', 'text/html; charset=utf-8', [], PORTAL);
  }
}

function answer(status: string, type: string, headers: readonly string[], body: string): string {
  const length = `Content-Length: ${Buffer.byteLength(body)}`;
  return [`HTTP/1.1 ${status}`, `Content-Type: ${type}`, length, ...headers, 'Connection: close', '', body].join(
    '\r\n',
  );
}
