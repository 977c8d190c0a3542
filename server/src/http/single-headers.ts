/**
 * Headers that say who, where or how long, once. Two of one kind are read differently by different programs: what a proxy
 * checked would not be what is used here.
 */
const SINGLE = new Set([
  'authorization',
  'content-length',
  'content-type',
  'host',
  'idempotency-key',
  'last-event-id',
  'origin',
  'parley-line',
  'sec-websocket-key',
  'transfer-encoding',
  'x-file-name',
]);

/** The first header of the kind that comes more than once, as it was written; null where all is well. */
export function repeatedHeader(rawHeaders: readonly string[]): string | null {
  const seen = new Set<string>();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const written = rawHeaders[at] ?? '';
    const name = written.toLowerCase();
    if (SINGLE.has(name)) {
      if (seen.has(name)) {
        return written;
      }
      seen.add(name);
    }
  }
  return null;
}
