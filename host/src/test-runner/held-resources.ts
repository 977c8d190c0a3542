/** What the test runner and the terminal hold, and promises of files that end by themselves. */
const NOT_OURS = /^(PipeWrap|TTYWrap|FSReqPromise|FSReqCallback|SignalWrap|Immediate)$/;

/** Resources that keep this process alive, by kind, sorted: `Timeout`, `TCPSocketWrap`, `TCPServerWrap`, `ProcessWrap` … */
export function heldResources(): string[] {
  return process
    .getActiveResourcesInfo()
    .filter((kind) => !NOT_OURS.test(kind))
    .sort();
}
