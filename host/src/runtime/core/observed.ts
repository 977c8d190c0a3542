import { Dependency } from './reactive.js';

/**
 * What State Management V2 observes: assignments to decorated properties, and Array, Map, Set and Date kept in them.
 * Plain objects inside are never observed. Container rules are those of the published engine, the unkind ones too:
 * `push`, `splice`, `sort`… notify `length` alone, so a reader of `a[0]` does not hear of `unshift`.
 */
const dependencies = new WeakMap<object, Map<unknown, Dependency>>();
const targets = new WeakMap<object, object>();

/** Iteration over a Map or Set. */
const ANY = Symbol('any');
const DATE = Symbol('date');

/** Prefix under which an observed value is kept; visible in JSON.stringify of an observed object, as on a device. */
export const STORE_PREFIX = '__ob_';

export function track(target: object, key: unknown): void {
  dependencyOf(target, key).track();
}

export function notify(target: object, key: unknown): void {
  dependencies.get(target)?.get(key)?.notify();
}

/** UIUtils.getTarget: the object behind an observed container, or the object itself. */
export function rawOf<T extends object>(value: T): T {
  return (targets.get(value) ?? value) as T;
}

/** Reads `holder[key]`; a container found there is replaced by its observed form first. */
export function readObserved(holder: object, key: PropertyKey): unknown {
  const value: unknown = Reflect.get(holder, key);
  const proxy = observe(value);
  if (proxy !== value) {
    Reflect.set(holder, key, proxy);
  }
  return proxy;
}

function dependencyOf(target: object, key: unknown): Dependency {
  let ofTarget = dependencies.get(target);
  if (ofTarget === undefined) {
    ofTarget = new Map();
    dependencies.set(target, ofTarget);
  }
  let dependency = ofTarget.get(key);
  if (dependency === undefined) {
    dependency = new Dependency();
    ofTarget.set(key, dependency);
  }
  return dependency;
}

function observe(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || targets.has(value)) {
    return value;
  }
  const handler = handlerFor(value);
  if (handler === null) {
    return value;
  }
  const proxy = new Proxy(value, handler);
  targets.set(proxy, value);
  return proxy;
}

function handlerFor(value: object): ProxyHandler<object> | null {
  if (Array.isArray(value)) {
    return ARRAY as ProxyHandler<object>;
  }
  if (value instanceof Map || value instanceof Set) {
    return KEYED as ProxyHandler<object>;
  }
  return value instanceof Date ? (DATES as ProxyHandler<object>) : null;
}

const LENGTH_ONLY = new Set<PropertyKey>([
  'copyWithin',
  'fill',
  'pop',
  'push',
  'reverse',
  'shift',
  'sort',
  'splice',
  'unshift',
]);
const ANSWER_ARRAY = new Set<PropertyKey>(['copyWithin', 'fill', 'reverse', 'sort']);

const ARRAY: ProxyHandler<unknown[]> = {
  get(target, key, receiver: unknown[]): unknown {
    if (key === Symbol.iterator) {
      track(target, 'length');
      return () => target.map((_, index) => readObserved(target, index))[Symbol.iterator]();
    }
    if (typeof key === 'symbol') {
      return Reflect.get(target, key);
    }
    const value = readObserved(target, key);
    if (typeof value !== 'function') {
      track(target, key);
      return value;
    }
    if (LENGTH_ONLY.has(key)) {
      return (...args: unknown[]) => {
        const result: unknown = Reflect.apply(value, target, args);
        notify(target, 'length');
        return ANSWER_ARRAY.has(key) ? receiver : result;
      };
    }
    return (value as (...args: unknown[]) => unknown).bind(receiver);
  },
  set(target, key, value: unknown): boolean {
    const before = target.length;
    if (Reflect.get(target, key) === value) {
      return true;
    }
    Reflect.set(target, key, value);
    notify(target, target.length === before ? key : 'length');
    return true;
  },
  deleteProperty(target, key): boolean {
    const isDone = Reflect.deleteProperty(target, key);
    notify(target, key);
    return isDone;
  },
};

type Keyed = Map<unknown, unknown> | Set<unknown>;

const KEYED: ProxyHandler<Keyed> = {
  get(target, key, receiver: Keyed): unknown {
    if (key === 'size') {
      track(target, 'length');
      return target.size;
    }
    const method = KEYED_METHODS[key as string];
    if (method !== undefined) {
      return (...args: unknown[]) => method(target, receiver, ...args);
    }
    const value: unknown = Reflect.get(target, key);
    if (typeof value !== 'function') {
      return value;
    }
    // What is left iterates: keys, values, entries, forEach, Symbol.iterator.
    track(target, 'length');
    track(target, ANY);
    if (target instanceof Map) {
      for (const [mapKey, item] of target) {
        target.set(mapKey, observe(item));
      }
    }
    return (value as (...args: unknown[]) => unknown).bind(target);
  },
};

const KEYED_METHODS: Record<string, (target: Keyed, receiver: Keyed, ...args: unknown[]) => unknown> = {
  has(target, _receiver, key): boolean {
    track(target, entry(key));
    return target.has(key);
  },
  get(target, _receiver, key): unknown {
    const map = target as Map<unknown, unknown>;
    track(target, entry(key));
    if (map.has(key)) {
      map.set(key, observe(map.get(key)));
    }
    return map.get(key);
  },
  set(target, receiver, key, value): Keyed {
    const map = target as Map<unknown, unknown>;
    const isNew = !map.has(key);
    if (isNew || map.get(key) !== value) {
      map.set(key, value);
      changed(target, key, isNew);
    }
    return receiver;
  },
  add(target, receiver, value): Keyed {
    if (!target.has(value)) {
      (target as Set<unknown>).add(value);
      changed(target, value, true);
    }
    return receiver;
  },
  delete(target, _receiver, key): boolean {
    const isDone = target.delete(key);
    if (isDone) {
      changed(target, key, true);
    }
    return isDone;
  },
  clear(target): void {
    const keys = [...target.keys()];
    target.clear();
    for (const key of keys) {
      notify(target, entry(key));
    }
    notify(target, 'length');
    notify(target, ANY);
  },
};

/** Keys of a Map may be strings that mean something else here, such as `length`. */
function entry(key: unknown): unknown {
  return typeof key === 'string' ? `entry:${key}` : key;
}

function changed(target: object, key: unknown, isSizeChanged: boolean): void {
  notify(target, entry(key));
  notify(target, ANY);
  if (isSizeChanged) {
    notify(target, 'length');
  }
}

const DATES: ProxyHandler<Date> = {
  get(target, key): unknown {
    const value: unknown = Reflect.get(target, key);
    if (typeof value !== 'function') {
      return value;
    }
    if (typeof key === 'string' && key.startsWith('set')) {
      return (...args: unknown[]) => {
        const result: unknown = Reflect.apply(value, target, args);
        notify(target, DATE);
        return result;
      };
    }
    track(target, DATE);
    return (value as (...args: unknown[]) => unknown).bind(target);
  },
};
