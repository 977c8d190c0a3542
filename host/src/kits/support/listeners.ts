import type { AsyncCallback } from '@ohos.base';
import { succeed } from './business-error.js';

/** The listeners of `on` and `off`: a callback counts once; `off` without one removes all. */
export class Listeners<F extends (...args: never[]) => void> {
  private items: F[] = [];

  get size(): number {
    return this.items.length;
  }

  add(callback: F): void {
    if (!this.items.includes(callback)) {
      this.items.push(callback);
    }
  }

  remove(callback?: F): void {
    this.items = callback === undefined ? [] : this.items.filter((item) => item !== callback);
  }

  emit(...args: Parameters<F>): void {
    this.each((item) => item(...args));
  }

  /** A listener that throws does not keep the others from being called: each is its own task on a device. */
  each(call: (item: F) => void): void {
    for (const item of [...this.items]) {
      try {
        call(item);
      } catch (error) {
        reportError(error);
      }
    }
  }
}

/** Surfaces an error of app code as an uncaught one. */
function reportError(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}

/** For events that are declared as AsyncCallback: the error of a success is undefined. */
export function emitSuccess<T>(listeners: Listeners<AsyncCallback<T>>, value: T): void {
  listeners.each((item) => succeed(item, value));
}
