/** Lets time pass for pacing. Nothing is concluded from how long it was. */
export function pause(durationMs: number): Promise<void> {
  return new Promise((done) => setTimeout(done, durationMs));
}
