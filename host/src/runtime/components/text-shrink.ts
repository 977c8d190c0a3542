/**
 * A text of several lines is as wide as its longest line; CSS would make it as wide as the room that it wrapped in. The
 * lines are measured once after each update, before the frame is painted, and again when the window changes.
 */
export interface Shrinkable {
  readonly run: HTMLElement;
  /** False where the page gives the width. */
  readonly isFree: boolean;
}

const waiting = new Set<Shrinkable>();
const shrunk = new Set<Shrinkable>();
let isQueued = false;
let isListening = false;

export function shrinkLater(text: Shrinkable): void {
  waiting.add(text);
  if (!isQueued) {
    isQueued = true;
    queueMicrotask(shrinkAll);
  }
  if (!isListening) {
    isListening = true;
    window.addEventListener('resize', () => shrunk.forEach(shrinkLater));
  }
}

export function forgetShrunk(text: Shrinkable): void {
  waiting.delete(text);
  shrunk.delete(text);
}

/** All writes, then all reads, then all writes: one layout for however many texts. */
function shrinkAll(): void {
  isQueued = false;
  const texts = [...waiting];
  waiting.clear();
  for (const text of texts) {
    if (shrunk.delete(text)) {
      text.run.style.width = '';
    }
    text.run.classList.toggle('ark-measured', hasSingleSpaces(text.run.textContent ?? ''));
  }
  const widths = texts.map((text) => (text.isFree && text.run.isConnected ? longestLine(text.run) : null));
  texts.forEach((text, at) => {
    const width = widths[at] ?? null;
    text.run.classList.remove('ark-measured');
    if (width !== null) {
      text.run.style.width = `${width}px`;
      shrunk.add(text);
    }
  });
}

/** Then the space at which a line broke can be left out of its width without changing anything else. */
function hasSingleSpaces(text: string): boolean {
  return !/[^\S\n]{2}|^[^\S\n]|[^\S\n]$|\n[^\S\n]|[^\S\n]\n/.test(text);
}

/** In vp, rounded up so that no line breaks anew; null for one line, or when there is nothing to gain. */
function longestLine(run: HTMLElement): number | null {
  const range = document.createRange();
  range.selectNodeContents(run);
  const rects = [...range.getClientRects()];
  const first = rects[0];
  if (first === undefined || !rects.some((rect) => rect.top > first.top + first.height / 2)) {
    return null;
  }
  const width = Math.ceil(Math.max(...rects.map((rect) => rect.right)) - Math.min(...rects.map((rect) => rect.left)));
  return width > 0 && width < Math.floor(run.getBoundingClientRect().width) ? width : null;
}
