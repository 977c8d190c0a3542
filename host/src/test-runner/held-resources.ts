/** What the test runner and the terminal hold, and promises of files that end by themselves. */
const NOT_OURS = /^(PipeWrap|TTYWrap|FSReqPromise|FSReqCallback|SignalWrap|Immediate)$/;

/** Leak gates listen for the one; libraries that hold a lock or a child listen once for the other. */
const NOT_COUNTED: readonly (string | symbol)[] = ['warning', 'exit'];

/**
 * Resources that keep this process alive, by kind, sorted: `Timeout`, `TCPSocketWrap`, `TCPServerWrap`, `ProcessWrap` …; and
 * the listeners of `process`, which outlive whoever forgot them.
 */
export function heldResources(): string[] {
  const resources = process.getActiveResourcesInfo().filter((kind) => !NOT_OURS.test(kind));
  const listeners = process
    .eventNames()
    .filter((name) => !NOT_COUNTED.includes(name))
    .flatMap((name) => Array.from({ length: process.listenerCount(name) }, () => `listener for ${String(name)}`));
  return [...resources, ...listeners].sort();
}
