import type preferences from '@ohos.data.preferences';
import type { AsyncCallback, Callback } from '@ohos.base';
import { HostError } from '../runtime/core/errors.js';
import { area } from './support/area.js';
import { parameterError, settle } from './support/business-error.js';
import { Listeners } from './support/listeners.js';
import { loud } from './support/loud.js';
import { decodeValues, encodeValues } from './support/preference-values.js';

type ValueType = preferences.ValueType;
type Preferences = preferences.Preferences;
type Context = Parameters<typeof preferences.getPreferencesSync>[0];
type NameOrOptions = string | preferences.Options;

const MAX_KEY_LENGTH = 1024;
const MAX_VALUE_LENGTH = 16 * 1024 * 1024;
const MAX_NAME_LENGTH = 255;

const files = area('preferences');
/** One instance per store for the whole process, as on a device: what one caller puts, the next one gets. */
const open = new Map<string, HostPreferences>();

/** Puts change memory only; what is not flushed is gone after a restart. */
class HostPreferences implements Preferences {
  private values: Map<string, ValueType>;
  private readonly unflushed = new Set<string>();
  private readonly onChange = new Listeners<Callback<string>>();
  private readonly onDataChange = new Map<Callback<Record<string, ValueType>>, ReadonlySet<string>>();

  constructor(private readonly name: string) {
    const stored = files.get(name);
    this.values = stored === null ? new Map() : decodeValues(stored);
  }

  get(key: string, defValue: ValueType, callback: AsyncCallback<ValueType>): void;
  get(key: string, defValue: ValueType): Promise<ValueType>;
  get(key: string, defValue: ValueType, callback?: AsyncCallback<ValueType>): Promise<ValueType> | void {
    return settle(
      later(() => this.getSync(key, defValue)),
      callback,
    );
  }

  getSync(key: string, defValue: ValueType): ValueType {
    checkKey(key);
    return structuredClone(this.values.get(key) ?? defValue);
  }

  getAll(callback: AsyncCallback<object>): void;
  getAll(): Promise<object>;
  getAll(callback?: AsyncCallback<object>): Promise<object> | void {
    return settle(
      later(() => this.getAllSync()),
      callback,
    );
  }

  getAllSync(): object {
    return structuredClone(Object.fromEntries(this.values));
  }

  has(key: string, callback: AsyncCallback<boolean>): void;
  has(key: string): Promise<boolean>;
  has(key: string, callback?: AsyncCallback<boolean>): Promise<boolean> | void {
    return settle(
      later(() => this.hasSync(key)),
      callback,
    );
  }

  hasSync(key: string): boolean {
    checkKey(key);
    return this.values.has(key);
  }

  put(key: string, value: ValueType, callback: AsyncCallback<void>): void;
  put(key: string, value: ValueType): Promise<void>;
  put(key: string, value: ValueType, callback?: AsyncCallback<void>): Promise<void> | void {
    return settle(
      later(() => this.putSync(key, value)),
      callback,
    );
  }

  putSync(key: string, value: ValueType): void {
    checkKey(key);
    checkValue(value);
    this.values.set(key, structuredClone(value));
    this.unflushed.add(key);
  }

  delete(key: string, callback: AsyncCallback<void>): void;
  delete(key: string): Promise<void>;
  delete(key: string, callback?: AsyncCallback<void>): Promise<void> | void {
    return settle(
      later(() => this.deleteSync(key)),
      callback,
    );
  }

  deleteSync(key: string): void {
    checkKey(key);
    if (this.values.delete(key)) {
      this.unflushed.add(key);
    }
  }

  clear(callback: AsyncCallback<void>): void;
  clear(): Promise<void>;
  clear(callback?: AsyncCallback<void>): Promise<void> | void {
    return settle(
      later(() => this.clearSync()),
      callback,
    );
  }

  clearSync(): void {
    [...this.values.keys()].forEach((key) => this.deleteSync(key));
  }

  flush(callback: AsyncCallback<void>): void;
  flush(): Promise<void>;
  flush(callback?: AsyncCallback<void>): Promise<void> | void {
    return settle(
      later(() => this.write()),
      callback,
    );
  }

  on(type: 'change', callback: Callback<string>): void;
  on(type: 'multiProcessChange', callback: Callback<string>): void;
  on(type: 'dataChange', keys: Array<string>, callback: Callback<Record<string, ValueType>>): void;
  on(
    type: 'change' | 'multiProcessChange' | 'dataChange',
    second: Callback<string> | Array<string>,
    third?: Callback<Record<string, ValueType>>,
  ): void {
    if (type === 'change' && typeof second === 'function') {
      this.onChange.add(second);
    } else if (type === 'dataChange' && Array.isArray(second) && third !== undefined) {
      this.onDataChange.set(third, new Set(second));
    } else {
      throw new HostError(`preferences.on('${type}') is not implemented by the host`);
    }
  }

  off(type: 'change', callback?: Callback<string>): void;
  off(type: 'multiProcessChange', callback?: Callback<string>): void;
  off(type: 'dataChange', keys: Array<string>, callback?: Callback<Record<string, ValueType>>): void;
  off(
    type: 'change' | 'multiProcessChange' | 'dataChange',
    second?: Callback<string> | Array<string>,
    third?: Callback<Record<string, ValueType>>,
  ): void {
    if (type === 'change') {
      this.onChange.remove(typeof second === 'function' ? second : undefined);
    } else if (third === undefined) {
      this.onDataChange.clear();
    } else {
      this.onDataChange.delete(third);
    }
  }

  /** Listeners hear of a change when it is flushed, not when it is put. */
  private write(): void {
    files.set(this.name, encodeValues(this.values));
    const changed = [...this.unflushed];
    this.unflushed.clear();
    changed.forEach((key) => this.onChange.emit(key));
    for (const [callback, keys] of this.onDataChange) {
      const mine = changed.filter((key) => keys.has(key));
      if (mine.length > 0) {
        callback(Object.fromEntries(mine.map((key) => [key, this.values.get(key) as ValueType])));
      }
    }
  }
}

/** Runs in a later microtask, like the kit's worker: the caller goes on first. */
async function later<T>(action: () => T): Promise<T> {
  await Promise.resolve();
  return action();
}

function checkKey(key: string): void {
  if (typeof key !== 'string' || key === '' || key.length > MAX_KEY_LENGTH) {
    throw parameterError('key', `1 to ${MAX_KEY_LENGTH} characters`, key);
  }
}

function checkValue(value: ValueType): void {
  if (value === undefined || value === null) {
    throw parameterError('value', 'a value', value);
  }
  const size = typeof value === 'string' ? value.length : value instanceof Uint8Array ? value.byteLength : 0;
  if (size > MAX_VALUE_LENGTH) {
    throw parameterError('value', `at most ${MAX_VALUE_LENGTH} bytes`, `${size} bytes`);
  }
}

function nameOf(options: NameOrOptions): string {
  const name = typeof options === 'string' ? options : options.name;
  if (typeof options === 'object' && options.dataGroupId !== undefined && options.dataGroupId !== null) {
    throw new HostError('preferences: dataGroupId is not implemented by the host');
  }
  if (typeof name !== 'string' || name === '' || name.length > MAX_NAME_LENGTH || name.includes('/')) {
    throw parameterError('name', `1 to ${MAX_NAME_LENGTH} characters without "/"`, name);
  }
  return name;
}

function checkContext(context: Context): void {
  if (context === undefined || context === null) {
    throw parameterError('context', 'a context of the ability', context);
  }
}

function getPreferencesSync(context: Context, options: preferences.Options): Preferences {
  checkContext(context);
  const name = nameOf(options);
  const found = open.get(name) ?? new HostPreferences(name);
  open.set(name, found);
  return found;
}

function getPreferences(context: Context, name: string, callback: AsyncCallback<Preferences>): void;
function getPreferences(context: Context, options: preferences.Options, callback: AsyncCallback<Preferences>): void;
function getPreferences(context: Context, name: string): Promise<Preferences>;
function getPreferences(context: Context, options: preferences.Options): Promise<Preferences>;
function getPreferences(
  context: Context,
  options: NameOrOptions,
  callback?: AsyncCallback<Preferences>,
): Promise<Preferences> | void {
  return settle(
    later(() => getPreferencesSync(context, { name: nameOf(options) })),
    callback,
  );
}

function deletePreferences(context: Context, name: string, callback: AsyncCallback<void>): void;
function deletePreferences(context: Context, options: preferences.Options, callback: AsyncCallback<void>): void;
function deletePreferences(context: Context, name: string): Promise<void>;
function deletePreferences(context: Context, options: preferences.Options): Promise<void>;
function deletePreferences(
  context: Context,
  options: NameOrOptions,
  callback?: AsyncCallback<void>,
): Promise<void> | void {
  const remove = (): void => {
    checkContext(context);
    files.delete(nameOf(options));
    open.delete(nameOf(options));
  };
  return settle(later(remove), callback);
}

/** Drops the instance: the next one reads what was flushed. */
function removePreferencesFromCacheSync(context: Context, options: NameOrOptions): void {
  checkContext(context);
  open.delete(nameOf(options));
}

export default loud<typeof preferences>('preferences', {
  MAX_KEY_LENGTH,
  MAX_VALUE_LENGTH,
  getPreferences,
  getPreferencesSync,
  deletePreferences,
  removePreferencesFromCacheSync,
});
