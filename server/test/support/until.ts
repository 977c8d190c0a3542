/** By the real clock: a test that waits longer for what happens between processes has failed. */
const PATIENCE_MS = 30_000;

/** Looks in every turn of the event loop, for what no promise tells. */
export async function until(isTrue: () => boolean, what: string): Promise<void> {
  const startedAtMs = performance.now();
  while (!isTrue()) {
    if (performance.now() - startedAtMs > PATIENCE_MS) {
      throw new Error(`waited ${PATIENCE_MS} ms for ${what}`);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}
