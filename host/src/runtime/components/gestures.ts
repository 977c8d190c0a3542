/** What a page chains: `LongPressGesture({ duration: 500 }).onAction(...)`. The compiler calls these without `new`. */
export interface Gesture {
  readonly kind: 'tap' | 'longPress' | 'group';
}

export interface GestureEvent {
  repeat: boolean;
  fingerList: { id: number; globalX: number; globalY: number; localX: number; localY: number }[];
  offsetX: number;
  offsetY: number;
  source: number;
  timestamp: number;
}

const DEFAULT_LONG_PRESS_MS = 500;
/** vp that a finger may wander before a press is no press any more. Guessed. */
const SLOP = 10;

export class TapGestureHandler implements Gesture {
  readonly kind = 'tap';
  action: ((event: GestureEvent) => void) | null = null;

  constructor(readonly count: number) {}

  onAction(action: (event: GestureEvent) => void): this {
    this.action = action;
    return this;
  }
}

export class LongPressGestureHandler implements Gesture {
  readonly kind = 'longPress';
  action: ((event: GestureEvent) => void) | null = null;
  actionEnd: ((event: GestureEvent) => void) | null = null;
  actionCancel: (() => void) | null = null;

  constructor(
    readonly durationMs: number,
    readonly isRepeating: boolean,
  ) {}

  onAction(action: (event: GestureEvent) => void): this {
    this.action = action;
    return this;
  }

  onActionEnd(action: (event: GestureEvent) => void): this {
    this.actionEnd = action;
    return this;
  }

  onActionCancel(action: () => void): this {
    this.actionCancel = action;
    return this;
  }
}

export class GestureGroupHandler implements Gesture {
  readonly kind = 'group';

  constructor(readonly members: readonly Gesture[]) {}
}

export function TapGesture(value: { count?: number; fingers?: number } = {}): TapGestureHandler {
  requireOneFinger(value.fingers);
  return new TapGestureHandler(value.count ?? 1);
}

export function LongPressGesture(
  value: { fingers?: number; repeat?: boolean; duration?: number } = {},
): LongPressGestureHandler {
  requireOneFinger(value.fingers);
  return new LongPressGestureHandler(value.duration ?? DEFAULT_LONG_PRESS_MS, value.repeat ?? false);
}

/** Members compete as if Exclusive: a long press and a tap never both happen here. */
export function GestureGroup(_mode: number, ...members: Gesture[]): GestureGroupHandler {
  return new GestureGroupHandler(members);
}

function requireOneFinger(fingers: number | undefined): void {
  if (fingers !== undefined && fingers !== 1) {
    throw new RangeError(`gesture: the preview knows gestures of one finger only, got fingers ${fingers}`);
  }
}

/** Finds taps and long presses in the pointer events of one element. The pointer that ends a long press makes no click. */
export class GestureRecognizer {
  gestures: readonly (TapGestureHandler | LongPressGestureHandler)[] = [];
  private timers: ReturnType<typeof setTimeout>[] = [];
  private pressed: LongPressGestureHandler | null = null;
  private start: PointerEvent | null = null;
  private taps = 0;
  private lastTapMs = 0;

  constructor(private readonly element: HTMLElement) {
    element.addEventListener('pointerdown', (event) => this.down(event));
    element.addEventListener('pointermove', (event) => this.move(event));
    element.addEventListener('pointerup', (event) => this.end(event));
    element.addEventListener('pointercancel', () => this.cancel());
    element.addEventListener('click', (event) => this.click(event), true);
    element.addEventListener('contextmenu', (event) => {
      if (this.pressed !== null) {
        event.preventDefault();
      }
    });
  }

  set(gesture: Gesture): void {
    this.gestures = flatten(gesture);
  }

  dispose(): void {
    this.cancel();
  }

  private down(event: PointerEvent): void {
    if (event.button !== 0) {
      return;
    }
    this.cancel();
    this.start = event;
    for (const gesture of this.gestures) {
      if (gesture instanceof LongPressGestureHandler) {
        this.timers.push(setTimeout(() => this.longPress(gesture, event), gesture.durationMs));
      }
    }
  }

  private longPress(gesture: LongPressGestureHandler, event: PointerEvent): void {
    this.pressed = gesture;
    gesture.action?.(this.eventFrom(event, false));
    if (gesture.isRepeating) {
      this.timers.push(setTimeout(() => this.longPress(gesture, event), gesture.durationMs));
    }
  }

  private move(event: PointerEvent): void {
    const start = this.start;
    if (start !== null && Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) > SLOP) {
      this.clearTimers();
    }
  }

  private end(event: PointerEvent): void {
    this.clearTimers();
    this.pressed?.actionEnd?.(this.eventFrom(event, false));
  }

  private click(event: MouseEvent): void {
    if (this.pressed !== null) {
      this.pressed = null;
      event.stopImmediatePropagation();
      event.preventDefault();
      return;
    }
    for (const gesture of this.gestures) {
      if (gesture instanceof TapGestureHandler && this.countTap(event) === gesture.count) {
        this.taps = 0;
        gesture.action?.(this.eventFrom(event, false));
      }
    }
  }

  private countTap(event: MouseEvent): number {
    this.taps = event.timeStamp - this.lastTapMs > DEFAULT_LONG_PRESS_MS ? 1 : this.taps + 1;
    this.lastTapMs = event.timeStamp;
    return this.taps;
  }

  private cancel(): void {
    this.clearTimers();
    this.pressed?.actionCancel?.();
    this.pressed = null;
    this.start = null;
  }

  private clearTimers(): void {
    this.timers.forEach((timer) => clearTimeout(timer));
    this.timers = [];
  }

  private eventFrom(event: MouseEvent, repeat: boolean): GestureEvent {
    const box = this.element.getBoundingClientRect();
    return {
      repeat,
      offsetX: 0,
      offsetY: 0,
      source: 2,
      timestamp: event.timeStamp,
      fingerList: [
        {
          id: 0,
          globalX: event.clientX,
          globalY: event.clientY,
          localX: event.clientX - box.left,
          localY: event.clientY - box.top,
        },
      ],
    };
  }
}

function flatten(gesture: Gesture): (TapGestureHandler | LongPressGestureHandler)[] {
  if (gesture instanceof GestureGroupHandler) {
    return gesture.members.flatMap(flatten);
  }
  if (gesture instanceof TapGestureHandler || gesture instanceof LongPressGestureHandler) {
    return [gesture];
  }
  throw new TypeError('gesture: expected TapGesture, LongPressGesture or GestureGroup');
}
