import type * as Declared from '@ohos/axios';

interface Handler<V> {
  onFulfilled: ((value: V) => V | Promise<V>) | null;
  onRejected: ((error: unknown) => unknown) | null;
}

/** Ids are positions, so an ejected handler leaves a hole. */
export class InterceptorManager<V> implements Declared.AxiosInterceptorManager<V> {
  private readonly handlers: (Handler<V> | null)[] = [];

  use(onFulfilled?: Handler<V>['onFulfilled'], onRejected?: Handler<V>['onRejected']): number {
    this.handlers.push({ onFulfilled: onFulfilled ?? null, onRejected: onRejected ?? null });
    return this.handlers.length - 1;
  }

  eject(id: number): void {
    if (id in this.handlers) {
      this.handlers[id] = null;
    }
  }

  /** `last-first` is the order of request interceptors, as in axios. */
  run(start: Promise<V>, order: 'first-last' | 'last-first'): Promise<V> {
    const active = this.handlers.filter((handler): handler is Handler<V> => handler !== null);
    const ordered = order === 'first-last' ? active : active.reverse();
    return ordered.reduce(
      (chain, { onFulfilled, onRejected }) => chain.then(onFulfilled, onRejected as (error: unknown) => V),
      start,
    );
  }
}
