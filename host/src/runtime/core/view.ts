import { declareKind, declareMeta, kindOf, metasOf, type PropertyKind } from './class-meta.js';
import { currentView } from './context.js';
import { HostError } from './errors.js';
import { notify, readObserved, STORE_PREFIX, track } from './observed.js';

/** Every struct with @ComponentV2 becomes a subclass. The constructor gets the values that the parent passes. */
export abstract class ViewV2 {
  readonly #parent: ViewV2 | null = currentView();
  readonly #passed: Readonly<Record<string, unknown>>;
  #isBuilt = false;

  constructor(passed: Readonly<Record<string, unknown>> = {}) {
    this.#passed = passed;
  }

  abstract build(): void;

  aboutToAppear?(): void;
  onDidBuild?(): void;
  aboutToDisappear?(): void;
  onPageShow?(): void;
  onPageHide?(): void;
  onBackPress?(): boolean | void;

  getUIContext(): object {
    if (uiContextOf === null) {
      throw new HostError('getUIContext() has no context: nothing has called setUIContextFactory');
    }
    return uiContextOf(this);
  }

  /** For core: the struct around this one. */
  static parentOf(view: ViewV2): ViewV2 | null {
    return view.#parent;
  }

  static passedTo(view: ViewV2): Readonly<Record<string, unknown>> {
    return view.#passed;
  }

  /** From now on a @Param is read-only. */
  static markBuilt(view: ViewV2): void {
    view.#isBuilt = true;
  }

  static isBuilt(view: ViewV2): boolean {
    return view.#isBuilt;
  }
}

let uiContextOf: ((view: ViewV2) => object) | null = null;

/** The kits give every struct its UIContext. */
export function setUIContextFactory(factory: (view: ViewV2) => object): void {
  uiContextOf = factory;
}

type PropertyDecorator = (prototype: object, name: string) => void;

/** An accessor over `__ob_<name>`: assignment notifies, containers are observed. */
export function defineObserved(prototype: object, name: string): void {
  const store = STORE_PREFIX + name;
  Object.defineProperty(prototype, name, {
    configurable: true,
    enumerable: true,
    get(this: object): unknown {
      track(this, name);
      return readObserved(this, store);
    },
    set(this: object, value: unknown): void {
      writeObserved(this, name, value);
    },
  });
}

function writeObserved(instance: object, name: string, value: unknown): void {
  const store = STORE_PREFIX + name;
  if (Reflect.get(instance, store) !== value) {
    Reflect.set(instance, store, value);
    notify(instance, name);
  }
}

export const Local: PropertyDecorator = (prototype, name) => {
  declareKind(prototype, name, 'Local');
  defineObserved(prototype, name);
};

/** Read-only inside, unless @Once. A device logs the assignment and ignores it; here it throws. */
export const Param: PropertyDecorator = (prototype, name) => {
  declareKind(prototype, name, 'Param');
  const store = STORE_PREFIX + name;
  Object.defineProperty(prototype, name, {
    configurable: true,
    enumerable: true,
    get(this: ViewV2): unknown {
      const passed = ViewV2.passedTo(this);
      if (!(store in this) && name in passed) {
        Reflect.set(this, store, passed[name]);
      }
      track(this, name);
      return readObserved(this, store);
    },
    set(this: ViewV2, value: unknown): void {
      if (!ViewV2.isBuilt(this)) {
        const passed = ViewV2.passedTo(this);
        Reflect.set(this, store, name in passed ? passed[name] : value);
      } else if (isOnce(this, name)) {
        writeObserved(this, name, value);
      } else {
        throw new HostError(
          `${this.constructor.name}.${name} is a @Param and read-only: assign in the parent, or add @Once`,
        );
      }
    },
  });
};

/** The parent's function of the moment of creation, never renewed; without one, nothing happens on a call. */
export const Event: PropertyDecorator = (prototype, name) => {
  declareKind(prototype, name, 'Event');
  definePassed(prototype, name, () => undefined);
};

export const BuilderParam: PropertyDecorator = (prototype, name) => {
  declareKind(prototype, name, 'BuilderParam');
  definePassed(prototype, name, undefined);
};

export const Once: PropertyDecorator = (prototype, name) => {
  declareMeta(prototype).once.add(name);
};

export const Require: PropertyDecorator = (prototype, name) => {
  declareMeta(prototype).required.add(name);
};

export function Provider(alias?: string): PropertyDecorator {
  return (prototype, name) => {
    declareKind(prototype, name, 'Provider').providers.set(alias ?? name, name);
    defineObserved(prototype, name);
  };
}

/** Stands for the nearest @Provider of that alias above; its own default counts only where there is none. */
export function Consumer(alias?: string): PropertyDecorator {
  return (prototype, name) => {
    declareKind(prototype, name, 'Consumer').consumers.set(name, alias ?? name);
    const store = STORE_PREFIX + name;
    const found = new WeakMap<ViewV2, Provided | null>();
    const provided = (view: ViewV2): Provided | null => {
      let provider = found.get(view);
      if (provider === undefined) {
        provider = findProvider(view, alias ?? name);
        found.set(view, provider);
      }
      return provider;
    };
    Object.defineProperty(prototype, name, {
      configurable: true,
      enumerable: true,
      get(this: ViewV2): unknown {
        const provider = provided(this);
        if (provider !== null) {
          return Reflect.get(provider.view, provider.property);
        }
        track(this, name);
        return readObserved(this, store);
      },
      set(this: ViewV2, value: unknown): void {
        const provider = provided(this);
        if (provider === null) {
          writeObserved(this, name, value);
        } else if (ViewV2.isBuilt(this)) {
          Reflect.set(provider.view, provider.property, value);
        }
      },
    });
  };
}

interface Provided {
  view: ViewV2;
  property: string;
}

function findProvider(from: ViewV2, alias: string): Provided | null {
  for (let view = ViewV2.parentOf(from); view !== null; view = ViewV2.parentOf(view)) {
    for (const meta of metasOf(view)) {
      const property = meta.providers.get(alias);
      if (property !== undefined) {
        return { view, property };
      }
    }
  }
  return null;
}

function definePassed(prototype: object, name: string, fallback: unknown): void {
  const store = STORE_PREFIX + name;
  Object.defineProperty(prototype, name, {
    configurable: true,
    enumerable: true,
    get(this: ViewV2): unknown {
      const passed = ViewV2.passedTo(this);
      return store in this ? Reflect.get(this, store) : (passed[name] ?? fallback);
    },
    set(this: ViewV2, value: unknown): void {
      const passed = ViewV2.passedTo(this)[name];
      Reflect.set(this, store, ViewV2.isBuilt(this) || passed === undefined ? value : passed);
    },
  });
}

function isOnce(view: ViewV2, name: string): boolean {
  return metasOf(view).some((meta) => meta.once.has(name));
}

/** What a parent may pass. */
const PASSABLE: ReadonlySet<PropertyKind> = new Set<PropertyKind>(['Param', 'Event', 'BuilderParam']);

/** Throws when the parent passes what it may not, or leaves out what @Require demands. */
export function checkPassed(view: ViewV2): void {
  const passed = ViewV2.passedTo(view);
  for (const name of Object.keys(passed)) {
    const kind = kindOf(view, name);
    if (kind === undefined || !PASSABLE.has(kind)) {
      const found = kind === undefined ? 'has no decorator' : `is @${kind}`;
      throw new HostError(
        `'${name}' of ${view.constructor.name} ${found}: only @Param, @Event, @BuilderParam are passed`,
      );
    }
  }
  for (const meta of metasOf(view)) {
    for (const name of meta.required) {
      if (!(name in passed)) {
        throw new HostError(`'${name}' of ${view.constructor.name} is @Require: it must be passed`);
      }
    }
    for (const name of meta.once) {
      if (meta.kinds.get(name) !== 'Param') {
        throw new HostError(`'${name}' of ${view.constructor.name} is @Once: that goes only with @Param`);
      }
    }
  }
}

/** The values of the parent's expressions have changed: assigns what is a @Param and not @Once. */
export function updateParams(view: ViewV2, values: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (kindOf(view, name) === 'Param' && !isOnce(view, name)) {
      writeObserved(view, name, value);
    }
  }
}

/** The only @BuilderParam, which a trailing block fills. */
export function trailingParam(prototype: object): string {
  const names = metasOf(Object.create(prototype) as object).flatMap((meta) =>
    [...meta.kinds].filter(([, kind]) => kind === 'BuilderParam').map(([name]) => name),
  );
  const [only] = names;
  if (only === undefined || names.length > 1) {
    throw new HostError(`a trailing block needs exactly one @BuilderParam; there are ${names.length}`);
  }
  return only;
}
