import { HostError } from './errors.js';

export type PropertyKind = 'Local' | 'Param' | 'Event' | 'Provider' | 'Consumer' | 'BuilderParam' | 'Trace';

/** What the decorators of one class declare; looked up along the prototypes, so that a subclass inherits it. */
export class ClassMeta {
  readonly kinds = new Map<string, PropertyKind>();
  readonly once = new Set<string>();
  readonly required = new Set<string>();
  /** Property → alias. */
  readonly providers = new Map<string, string>();
  readonly consumers = new Map<string, string>();
  /** Method → paths. */
  readonly monitors = new Map<string, readonly string[]>();
  readonly computeds = new Map<string, () => unknown>();
}

const own = new WeakMap<object, ClassMeta>();

/** For decorators: the meta of exactly this prototype. */
export function declareMeta(prototype: object): ClassMeta {
  let meta = own.get(prototype);
  if (meta === undefined) {
    meta = new ClassMeta();
    own.set(prototype, meta);
  }
  return meta;
}

/** Metas from the base class down. */
export function metasOf(instance: object): ClassMeta[] {
  const found: ClassMeta[] = [];
  for (let at: object | null = Object.getPrototypeOf(instance); at !== null; at = Object.getPrototypeOf(at)) {
    const meta = own.get(at);
    if (meta !== undefined) {
      found.unshift(meta);
    }
  }
  return found;
}

export function kindOf(instance: object, name: string): PropertyKind | undefined {
  return metasOf(instance).reduce<PropertyKind | undefined>((kind, meta) => meta.kinds.get(name) ?? kind, undefined);
}

/** Two decorators that make a property observable contradict each other. */
export function declareKind(prototype: object, name: string, kind: PropertyKind): ClassMeta {
  const meta = declareMeta(prototype);
  const before = meta.kinds.get(name);
  if (before !== undefined) {
    throw new HostError(`property '${name}' is both @${before} and @${kind}: one of them`);
  }
  meta.kinds.set(name, kind);
  return meta;
}
