/** What `$$this.x` and `this.x!!` become as an argument of a component: the value, and the way back. */
export interface TwoWay<T> {
  readonly value: T;
  set(value: T): void;
}

export function isTwoWay<T>(argument: unknown): argument is TwoWay<T> {
  return (
    typeof argument === 'object' &&
    argument !== null &&
    'value' in argument &&
    'set' in argument &&
    typeof argument.set === 'function'
  );
}

/** A plain argument is one-way: what the reader changes is not written back. */
export function twoWay<T>(argument: T | TwoWay<T>): TwoWay<T> {
  return isTwoWay<T>(argument) ? argument : { value: argument, set: () => undefined };
}
