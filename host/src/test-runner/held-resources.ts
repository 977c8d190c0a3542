/** What the test runner and the terminal hold, and promises of files that end by themselves. */
const NOT_OURS = /^(PipeWrap|TTYWrap|FSReqPromise|FSReqCallback|SignalWrap|Immediate)$/;

/** Leak gates listen for it. */
const GATES_OWN = 'warning';

/**
 * Resources that keep this process alive, by kind, sorted: `Timeout`, `TCPSocketWrap`, `TCPServerWrap`, `ProcessWrap` …; and
 * the listeners of `process`, which outlive whoever forgot them.
 */
export function heldResources(): string[] {
  const resources = process.getActiveResourcesInfo().filter((kind) => !NOT_OURS.test(kind));
  const listeners = process
    .eventNames()
    .filter((name) => name !== GATES_OWN)
    .flatMap((name) => Array.from({ length: process.listenerCount(name) }, () => `listener for ${String(name)}`));
  return [...resources, ...listeners].sort();
}
