/** ArkUI's ClickEvent and TouchEvent from the browser's events. All lengths are vp. */
interface EventPlace {
  displayX: number;
  displayY: number;
  windowX: number;
  windowY: number;
  x: number;
  y: number;
}

export interface EventTarget {
  area: { width: number; height: number; position: { x: number; y: number }; globalPosition: { x: number; y: number } };
}

export interface ArkClickEvent extends EventPlace {
  target: EventTarget;
  timestamp: number;
  source: number;
  pressure: number;
  tiltX: number;
  tiltY: number;
  sourceTool: number;
  preventDefault: () => void;
}

const SOURCE_MOUSE = 1;
const SOURCE_TOUCH = 2;
const TOOL_FINGER = 1;
const TOOL_MOUSE = 3;

function placeOf(element: HTMLElement, event: { clientX: number; clientY: number }): EventPlace {
  const box = element.getBoundingClientRect();
  return {
    displayX: event.clientX,
    displayY: event.clientY,
    windowX: event.clientX,
    windowY: event.clientY,
    x: event.clientX - box.left,
    y: event.clientY - box.top,
  };
}

export function targetOf(element: HTMLElement): EventTarget {
  const box = element.getBoundingClientRect();
  return {
    area: {
      width: box.width,
      height: box.height,
      position: { x: element.offsetLeft, y: element.offsetTop },
      globalPosition: { x: box.left, y: box.top },
    },
  };
}

export function clickEvent(element: HTMLElement, event: MouseEvent): ArkClickEvent {
  const isTouch = event instanceof PointerEvent && event.pointerType === 'touch';
  return {
    ...placeOf(element, event),
    target: targetOf(element),
    timestamp: event.timeStamp,
    source: isTouch ? SOURCE_TOUCH : SOURCE_MOUSE,
    sourceTool: isTouch ? TOOL_FINGER : TOOL_MOUSE,
    pressure: 0,
    tiltX: 0,
    tiltY: 0,
    preventDefault: () => event.preventDefault(),
  };
}

export interface TouchPoint extends EventPlace {
  type: number;
  id: number;
}

export interface ArkTouchEvent {
  type: number;
  touches: TouchPoint[];
  changedTouches: TouchPoint[];
  target: EventTarget;
  timestamp: number;
  source: number;
  stopPropagation: () => void;
  preventDefault: () => void;
}

/** TouchType by the name of the pointer event. */
const TOUCH_TYPES: Readonly<Record<string, number>> = {
  pointerdown: 0,
  pointerup: 1,
  pointermove: 2,
  pointercancel: 3,
};

/** One finger: a browser reports each pointer by itself. */
export function touchEvent(element: HTMLElement, event: PointerEvent): ArkTouchEvent {
  const type = TOUCH_TYPES[event.type] ?? 3;
  const point: TouchPoint = { type, id: event.pointerId, ...placeOf(element, event) };
  return {
    type,
    touches: [point],
    changedTouches: [point],
    target: targetOf(element),
    timestamp: event.timeStamp,
    source: event.pointerType === 'touch' ? SOURCE_TOUCH : SOURCE_MOUSE,
    stopPropagation: () => event.stopPropagation(),
    preventDefault: () => event.preventDefault(),
  };
}
