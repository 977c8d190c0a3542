import type { Store } from './store';

export type StoreMethod = Extract<keyof Store, string>;

/** Called with what a call of the store came to. */
export type StoreCallEnd = (failure: unknown, result: unknown) => void;

/** Learns of each call of the store. */
export interface StoreObserver {
  /** Called before the call; what it returns is called after it, with `failure` null where it went well. */
  begin(method: StoreMethod, args: readonly unknown[]): StoreCallEnd;
}

/**
 * `store` with observers beside it. A proxy and not a class with all methods: what the port learns tomorrow is observed too.
 * What is no promise (an iteration over records, say) passes unobserved.
 */
export function observedStore(store: Store, observers: readonly StoreObserver[]): Store {
  if (observers.length === 0) {
    return store;
  }
  const methods = new Map<PropertyKey, unknown>();

  function observed(name: StoreMethod, method: (...args: unknown[]) => unknown): (...args: unknown[]) => unknown {
    return (...args) => {
      const ends = observers.map((observer) => observer.begin(name, args));
      const result = method.apply(store, args);
      if (result instanceof Promise) {
        result.then(
          (value: unknown) => ends.forEach((end) => end(null, value)),
          (failure: unknown) => ends.forEach((end) => end(failure, undefined)),
        );
      }
      return result;
    };
  }

  return new Proxy(store, {
    get(target, name) {
      const known = methods.get(name);
      if (known !== undefined) {
        return known;
      }
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') {
        return value;
      }
      const method = observed(name as StoreMethod, value as (...args: unknown[]) => unknown);
      methods.set(name, method);
      return method;
    },
  });
}
