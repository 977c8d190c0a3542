/** Says when node updates run. On a device that is the next vsync. */
export interface FrameClock {
  /** Calls back once, at the next frame, never synchronously. */
  requestFrame(callback: () => void): void;
}

/** Frames of the browser. A hidden page gets no animation frames, so a timer takes over there. */
export class BrowserFrameClock implements FrameClock {
  requestFrame(callback: () => void): void {
    let isDone = false;
    const once = (): void => {
      if (!isDone) {
        isDone = true;
        clearTimeout(timer);
        callback();
      }
    };
    const timer = setTimeout(once, HIDDEN_PAGE_FRAME_MS);
    requestAnimationFrame(once);
  }
}

const HIDDEN_PAGE_FRAME_MS = 100;

/** Frames that come only when a test says so. */
export class FakeFrameClock implements FrameClock {
  private waiting: (() => void)[] = [];

  get isWaiting(): boolean {
    return this.waiting.length > 0;
  }

  requestFrame(callback: () => void): void {
    this.waiting.push(callback);
  }

  /** Runs one frame. What it requests waits for the next one. */
  tick(): void {
    const due = this.waiting;
    this.waiting = [];
    for (const callback of due) {
      callback();
    }
  }
}
