/** How long a closed connection may take to carry off what is left and its close, before it is cut. By the real clock. */
export const CLOSE_WAIT_MS = 3000;

/** Resolves when `done` does, at the latest after `CLOSE_WAIT_MS`. */
export async function atMostCloseWait(done: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, CLOSE_WAIT_MS);
  });
  await Promise.race([done, late]);
  clearTimeout(timer);
}
