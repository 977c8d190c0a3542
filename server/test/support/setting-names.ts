import { readSettings } from '../../src/settings';

/** The name of every environment variable that the server looks at when nothing is set. */
export function settingNames(): ReadonlySet<string> {
  const names = new Set<string>();
  readSettings(
    new Proxy({} as Record<string, string | undefined>, {
      get(_target, name) {
        names.add(String(name));
        return undefined;
      },
    }),
  );
  return names;
}
