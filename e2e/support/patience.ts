/** A test that waits longer than this for one thing has failed. No rule that is tested here depends on it: a slow machine may take it. */
export const PATIENCE_MS = 120_000;
