import { declareKind, declareMeta } from './class-meta.js';
import { startDerived, type MonitorInfo, type MonitorValue } from './derived.js';
import { HostError } from './errors.js';
import { rawOf } from './observed.js';
import { defineObserved, ViewV2 } from './view.js';

export type IMonitor = MonitorInfo;
export type IMonitorValue = MonitorValue;

/** In a struct they come to life when it is built; in an @ObservedV2 class one microtask after construction. */
export function Monitor(...paths: string[]): (prototype: object, name: string) => void {
  return (prototype, name) => {
    declareMeta(prototype).monitors.set(name, paths);
  };
}

export const Computed = (prototype: object, name: string, descriptor: PropertyDescriptor): void => {
  const getter = descriptor.get as (() => unknown) | undefined;
  if (getter === undefined) {
    throw new HostError(`@Computed '${name}' is not a getter`);
  }
  declareMeta(prototype).computeds.set(name, getter);
};

export const Trace = (prototype: object, name: string): void => {
  declareKind(prototype, name, 'Trace');
  defineObserved(prototype, name);
};

type AnyClass = new (...args: never[]) => object;

export function ObservedV2<T extends AnyClass>(target: T): T {
  const observed = class extends (target as unknown as new (...args: unknown[]) => object) {
    constructor(...args: unknown[]) {
      super(...args);
      queueMicrotask(() => {
        // A base class that is observed as well starts the whole chain.
        if (!started.has(this)) {
          started.add(this);
          startDerived(this, null);
        }
      });
    }
  };
  Object.defineProperty(observed, 'name', { value: target.name });
  return observed as unknown as T;
}

const started = new WeakSet<object>();

/** UIUtils of the SDK, as far as API 12 has it. */
export const UIUtils = {
  getTarget<T extends object>(source: T): T {
    return rawOf(source);
  },
};

const storage = new Map<string, object>();

/** One object per key and process; a class must be given, primitives and containers have no place here. */
export const AppStorageV2 = {
  connect<T extends object>(
    type: new (...args: never[]) => T,
    keyOrDefault?: string | (() => T),
    defaultCreator?: () => T,
  ): T | undefined {
    const key = typeof keyOrDefault === 'string' ? keyOrDefault : type.name;
    const create = typeof keyOrDefault === 'function' ? keyOrDefault : defaultCreator;
    const present = storage.get(key);
    if (present !== undefined) {
      if (!(present instanceof type)) {
        throw new HostError(`AppStorageV2 holds a ${present.constructor.name} at '${key}', not a ${type.name}`);
      }
      return present;
    }
    if (create === undefined) {
      return undefined;
    }
    const made = create();
    if (!(made instanceof type)) {
      throw new HostError(`the default creator of AppStorageV2 key '${key}' does not make a ${type.name}`);
    }
    storage.set(key, made);
    return made;
  },
  remove<T>(keyOrType: string | (new (...args: never[]) => T)): void {
    storage.delete(typeof keyOrType === 'string' ? keyOrType : keyOrType.name);
  },
  keys(): string[] {
    return [...storage.keys()];
  },
};

/** The class decorator carries nothing at run time: the compiler makes the struct a ViewV2. */
export function isView(callee: unknown): callee is new (passed: Record<string, unknown>) => ViewV2 {
  return typeof callee === 'function' && callee.prototype instanceof ViewV2;
}

export interface WrappedBuilder<Args extends unknown[]> {
  readonly builder: (...args: Args) => void;
}

export function wrapBuilder<Args extends unknown[]>(builder: (...args: Args) => void): WrappedBuilder<Args> {
  return { builder };
}
