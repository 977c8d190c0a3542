import { HostError } from '../../runtime/core/errors.js';

/** Reading these asks what an object is, not for an API. */
const PROBES = new Set(['then', 'toJSON', 'constructor', 'prototype', 'length', 'name', '$$typeof', 'nodeType']);

/**
 * Gives a partial implementation the declared type. What it lacks throws a HostError that names the API, instead of the
 * `undefined is not a function` that would send one looking in the wrong place.
 */
export function loud<T extends object>(api: string, implementation: Partial<T>): T {
  return new Proxy(implementation as T, {
    get(target, property): unknown {
      // The receiver is the target: classes with private fields would refuse the proxy.
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value === 'function' && !isClass(value)) {
        return value.bind(target);
      }
      if (value !== undefined || typeof property === 'symbol' || property in target || PROBES.has(property)) {
        return value;
      }
      throw new HostError(`${api}.${property} is not implemented by the host`);
    },
  });
}

function isClass(value: object): boolean {
  return Object.getOwnPropertyDescriptor(value, 'prototype')?.writable === false;
}
