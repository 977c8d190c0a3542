import type { AsyncCallback, BusinessError } from '@ohos.base';

/** What kits throw, reject with and hand to callbacks. */
export class KitError extends Error implements BusinessError {
  override readonly name = 'BusinessError';

  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** 401, which every kit uses for a wrong argument. */
export function parameterError(field: string, expected: string, actual: unknown): KitError {
  return new KitError(401, `Parameter error. ${field}: expected ${expected}, got ${String(actual)}`);
}

/**
 * What a callback gets as its error after a success. Most kits pass undefined; the window kit passes an object with code
 * 0, and its documented idiom, `if (err.code)`, breaks with anything else.
 */
export type SuccessStyle = 'undefined' | 'codeZero';

function successOf(style: SuccessStyle): BusinessError {
  const value: unknown = style === 'undefined' ? undefined : { code: 0, name: '', message: '' };
  return value as BusinessError;
}

/** Serves the callback form and the promise form of one API. */
export function settle<T>(
  promise: Promise<T>,
  callback: AsyncCallback<T> | undefined,
  style: SuccessStyle = 'undefined',
): Promise<T> | undefined {
  if (callback === undefined) {
    return promise;
  }
  promise.then(
    (value) => callback(successOf(style), value),
    (error: BusinessError) => callback(error, undefined as T),
  );
  return undefined;
}

/** Calls a listener of `on(type)` that is declared as AsyncCallback. */
export function succeed<T>(callback: AsyncCallback<T>, value: T): void {
  callback(successOf('undefined'), value);
}
