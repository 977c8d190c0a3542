import { metasOf } from './class-meta.js';
import { notify, track } from './observed.js';
import { Phase, Subscriber, untracked } from './reactive.js';
import type { Scope } from './scope.js';

/** What a @Monitor method gets. */
export interface MonitorValue {
  before: unknown;
  now: unknown;
  path: string;
}

export interface MonitorInfo {
  dirty: string[];
  value(path?: string): MonitorValue | undefined;
}

/** Starts the @Computed getters and then the @Monitor methods of an instance. Without a scope they live as it does. */
export function startDerived(instance: object, scope: Scope | null): void {
  const metas = metasOf(instance);
  for (const meta of metas) {
    for (const [name, getter] of meta.computeds) {
      startComputed(instance, name, getter, scope);
    }
  }
  const monitors = new Map<string, readonly string[]>();
  const owners = new Map<string, string>();
  for (const meta of metas) {
    for (const [method, paths] of meta.monitors) {
      monitors.set(method, paths);
      for (const path of paths) {
        owners.set(path, method);
      }
    }
  }
  for (const [method, paths] of monitors) {
    // Of two monitors on one property the last one counts.
    startMonitor(
      instance,
      method,
      paths.filter((path) => owners.get(path) === method),
      scope,
    );
  }
}

/** Cached; the cache is renewed only in the flush, so a read right after a write gives the old value. */
function startComputed(instance: object, name: string, getter: () => unknown, scope: Scope | null): void {
  let cached: unknown;
  let isFirst = true;
  const subscriber = new Subscriber(
    Phase.COMPUTED,
    () => {
      const next: unknown = getter.call(instance);
      if (isFirst || next !== cached) {
        cached = next;
        if (!isFirst) {
          untracked(() => notify(instance, name));
        }
        isFirst = false;
      }
    },
    scope !== null,
  );
  scope?.onDispose(() => subscriber.dispose());
  Object.defineProperty(instance, name, {
    configurable: true,
    enumerable: true,
    get: () => {
      track(instance, name);
      return cached;
    },
  });
  subscriber.execute();
}

function startMonitor(instance: object, method: string, paths: readonly string[], scope: Scope | null): void {
  const values = new Map<string, unknown>();
  let isFirst = true;
  const subscriber = new Subscriber(
    Phase.MONITOR,
    () => {
      const changes: MonitorValue[] = [];
      for (const path of paths) {
        const now = readPath(instance, path);
        const before = values.get(path);
        values.set(path, now);
        if (!isFirst && before !== now) {
          changes.push({ path, before, now });
        }
      }
      isFirst = false;
      if (changes.length > 0) {
        const info: MonitorInfo = {
          dirty: changes.map((change) => change.path),
          value: (path) => (path === undefined ? changes[0] : changes.find((change) => change.path === path)),
        };
        untracked(() => (Reflect.get(instance, method) as (monitor: MonitorInfo) => void).call(instance, info));
      }
    },
    scope !== null,
  );
  scope?.onDispose(() => subscriber.dispose());
  subscriber.execute();
}

function readPath(instance: object, path: string): unknown {
  let value: unknown = instance;
  for (const key of path.split('.')) {
    if (value === null || value === undefined) {
      return undefined;
    }
    value = Reflect.get(Object(value) as object, key);
  }
  return value;
}
