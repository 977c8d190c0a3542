import { BrowserFrameClock, type FrameClock } from './frame-clock.js';

/**
 * Order of an update, as on a device: one microtask after the first change every dirty @Computed, until none is left;
 * then every dirty @Monitor, which may dirty both again; then, in the next frame, the nodes by ascending id.
 */
export enum Phase {
  COMPUTED,
  MONITOR,
  NODE,
}

/** One thing that can be read and can change. */
export class Dependency {
  readonly subscribers = new Set<Subscriber>();

  /** Call in every read. */
  track(): void {
    if (active !== null) {
      this.subscribers.add(active);
      active.dependencies.add(this);
    }
  }

  /** Call after every change. */
  notify(): void {
    for (const subscriber of this.subscribers) {
      schedule(subscriber);
    }
  }
}

export interface Signal<T> {
  /** Reads and tracks. */
  get(): T;
  /** Reads without tracking. */
  peek(): T;
  /** Notifies when the value differs by `Object.is`. */
  set(value: T): void;
}

export function signal<T>(initial: T): Signal<T> {
  const dependency = new Dependency();
  let value = initial;
  return {
    get: () => {
      dependency.track();
      return value;
    },
    peek: () => value,
    set: (next) => {
      if (!Object.is(next, value)) {
        value = next;
        dependency.notify();
      }
    },
  };
}

/** A function that runs again after something that it read has changed. */
export class Subscriber {
  readonly id: number = nextId++;
  readonly dependencies = new Set<Dependency>();
  private isDisposed = false;

  constructor(
    readonly phase: Phase,
    private readonly run: () => void,
    /** False for what lives as long as the object it belongs to and is never disposed. */
    private readonly isCounted = true,
  ) {
    liveCount += isCounted ? 1 : 0;
  }

  /** Runs now and records what is read. */
  execute(): void {
    if (this.isDisposed) {
      return;
    }
    this.forget();
    readAs(this, this.run);
  }

  dispose(): void {
    if (!this.isDisposed) {
      this.isDisposed = true;
      this.forget();
      dirty[this.phase].delete(this);
      liveCount -= this.isCounted ? 1 : 0;
    }
  }

  /** Runs again in the next flush although nothing that it read has changed. */
  invalidate(): void {
    if (!this.isDisposed) {
      schedule(this);
    }
  }

  private forget(): void {
    for (const dependency of this.dependencies) {
      dependency.subscribers.delete(this);
    }
    this.dependencies.clear();
  }
}

export interface Effect {
  /** Runs again in the next frame although nothing that it read has changed. */
  invalidate(): void;
  dispose(): void;
}

/** Runs at once, and again in the frame after a change of what it read. */
export function effect(run: () => void): Effect {
  const subscriber = new Subscriber(Phase.NODE, run);
  subscriber.execute();
  return { invalidate: () => subscriber.invalidate(), dispose: () => subscriber.dispose() };
}

/** Reads inside `read` are not recorded. */
export function untracked<T>(read: () => T): T {
  return readAs(null, read);
}

function readAs<T>(reader: Subscriber | null, read: () => T): T {
  const outer = active;
  active = reader;
  try {
    return read();
  } finally {
    active = outer;
  }
}

/** Effects, computeds and monitors that are not disposed: a page that is gone must leave none. */
export function liveSubscribers(): number {
  return liveCount;
}

/** Tests put a `FakeFrameClock` here. Waiting updates move to the new clock. */
export function useFrameClock(next: FrameClock): void {
  clock = next;
  isFrameRequested = false;
  if (dirty[Phase.NODE].size > 0) {
    requestFrame();
  }
}

/** Runs everything that waits, now: for `animateTo` and for kits that must measure a settled page. */
export function flushNow(): void {
  flushFrame();
}

let active: Subscriber | null = null;
let nextId = 1;
let liveCount = 0;
let clock: FrameClock = new BrowserFrameClock();
let isMicrotaskQueued = false;
let isFrameRequested = false;
let isFlushing = false;
const dirty: Record<Phase, Set<Subscriber>> = {
  [Phase.COMPUTED]: new Set(),
  [Phase.MONITOR]: new Set(),
  [Phase.NODE]: new Set(),
};

/** Rounds of one flush after which state that keeps changing itself is called an endless loop. */
const MAX_ROUNDS = 1000;

function schedule(subscriber: Subscriber): void {
  // A node that changes what it has just read would update for ever; a device logs this and does not repeat it.
  if (subscriber === active) {
    if (subscriber.phase === Phase.NODE) {
      console.error('State was changed while the component that reads it was being built; the change is not shown.');
    }
    return;
  }
  dirty[subscriber.phase].add(subscriber);
  if (!isMicrotaskQueued) {
    isMicrotaskQueued = true;
    queueMicrotask(() => {
      isMicrotaskQueued = false;
      try {
        flushState();
      } finally {
        if (dirty[Phase.NODE].size > 0) {
          requestFrame();
        }
      }
    });
  }
}

function requestFrame(): void {
  if (!isFrameRequested) {
    isFrameRequested = true;
    const requested = clock;
    requested.requestFrame(() => {
      if (requested === clock) {
        isFrameRequested = false;
        flushFrame();
      }
    });
  }
}

/** Computeds until they are stable, then monitors, until neither is dirty. */
function flushState(): void {
  const errors: unknown[] = [];
  for (let round = 0; dirty[Phase.COMPUTED].size + dirty[Phase.MONITOR].size > 0; round++) {
    if (round > MAX_ROUNDS) {
      throw new Error(
        `@Computed and @Monitor did not settle after ${MAX_ROUNDS} rounds: they keep changing each other`,
      );
    }
    runAll(dirty[Phase.COMPUTED].size > 0 ? Phase.COMPUTED : Phase.MONITOR, errors);
  }
  throwFirst(errors);
}

function flushFrame(): void {
  if (isFlushing) {
    return;
  }
  isFlushing = true;
  const errors: unknown[] = [];
  try {
    flushState();
    for (let round = 0; dirty[Phase.NODE].size > 0; round++) {
      if (round > MAX_ROUNDS) {
        throw new Error(`Nodes did not settle after ${MAX_ROUNDS} rounds: an update keeps causing another one`);
      }
      runAll(Phase.NODE, errors);
      flushState();
    }
  } finally {
    isFlushing = false;
  }
  throwFirst(errors);
}

function runAll(phase: Phase, errors: unknown[]): void {
  const due = [...dirty[phase]].sort((a, b) => a.id - b.id);
  for (const subscriber of due) {
    // An earlier one may have disposed it.
    if (dirty[phase].delete(subscriber)) {
      try {
        untracked(() => subscriber.execute());
      } catch (error) {
        errors.push(error);
      }
    }
  }
}

function throwFirst(errors: unknown[]): void {
  if (errors.length === 1) {
    throw errors[0];
  }
  if (errors.length > 1) {
    throw new AggregateError(errors, errors.map((error) => String(error)).join('\n'));
  }
}
