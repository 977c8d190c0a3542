/**
 * The back gesture: Escape, the browser's Back button, and the back arrows of title bars. What opened last is asked first;
 * a handler returns true when it has used the gesture up.
 */
export type BackHandler = () => boolean;

const handlers: BackHandler[] = [];
let isListening = false;
let hasSentinel = false;
/** `history.back()` of our own is answered by a popstate that is no gesture. */
let expectedPops = 0;

export function onSystemBack(handler: BackHandler): () => void {
  listen();
  handlers.push(handler);
  return () => {
    const at = handlers.indexOf(handler);
    if (at >= 0) {
      handlers.splice(at, 1);
    }
  };
}

export function systemBack(): boolean {
  for (let at = handlers.length - 1; at >= 0; at--) {
    if (handlers[at]?.() === true) {
      return true;
    }
  }
  return false;
}

/**
 * Keeps one entry in the browser's history while there is something to go back from, so that its Back button is the back
 * gesture and not the end of the page.
 */
export function setBackable(isBackable: boolean): void {
  listen();
  if (isBackable && !hasSentinel) {
    hasSentinel = true;
    history.pushState({ arkuiBack: true }, '');
  } else if (!isBackable && hasSentinel) {
    hasSentinel = false;
    expectedPops++;
    history.back();
  }
}

function listen(): void {
  if (isListening) {
    return;
  }
  isListening = true;
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.defaultPrevented && !event.isComposing && systemBack()) {
      event.preventDefault();
    }
  });
  window.addEventListener('popstate', () => {
    if (expectedPops > 0) {
      expectedPops--;
      return;
    }
    if (!hasSentinel) {
      return;
    }
    hasSentinel = false;
    // Navigation takes it away again in the next frame if this was the last step.
    if (systemBack()) {
      setBackable(true);
    }
  });
}
