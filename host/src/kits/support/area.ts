import { hostProcess } from './host-process.js';

/** Text values under a name, private to profile and bundle. Reads and writes go through, nothing is cached. */
export interface Area {
  get(key: string): string | null;
  set(key: string, value: string): void;
  delete(key: string): void;
  keys(): string[];
}

/** Where there is no localStorage (Node) the values live as long as the process. */
const memory = new Map<string, string>();

/** `area('preferences')` and `area('asset')` never see each other's keys. */
export function area(name: string): Area {
  const prefix = (): string => `${hostProcess.bundleName}/${hostProcess.profile}/${name}/`;
  const storage = (): Storage | null => (typeof localStorage === 'undefined' ? null : localStorage);
  return {
    get: (key) => storage()?.getItem(prefix() + key) ?? memory.get(prefix() + key) ?? null,
    set(key, value): void {
      const target = storage();
      if (target === null) {
        memory.set(prefix() + key, value);
      } else {
        target.setItem(prefix() + key, value);
      }
    },
    delete(key): void {
      storage()?.removeItem(prefix() + key);
      memory.delete(prefix() + key);
    },
    keys(): string[] {
      const target = storage();
      const all =
        target === null ? [...memory.keys()] : Array.from({ length: target.length }, (_, i) => target.key(i)!);
      return all.filter((key) => key.startsWith(prefix())).map((key) => key.slice(prefix().length));
    },
  };
}
