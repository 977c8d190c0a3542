const PLACEHOLDER = /%(?:(\d+)\$)?([sdf%])/g;

/** Fills `%s`, `%d`, `%f`, `%1$s`, `%2$d`; `%%` is a percent sign. A placeholder without an argument stays as it is. */
export function formatText(pattern: string, args: readonly (string | number)[]): string {
  if (args.length === 0) {
    return pattern;
  }
  let next = 0;
  return pattern.replace(PLACEHOLDER, (whole, position: string | undefined, kind: string) => {
    if (kind === '%') {
      return '%';
    }
    const index = position === undefined ? next++ : Number(position) - 1;
    const arg = args[index];
    return arg === undefined ? whole : String(arg);
  });
}
