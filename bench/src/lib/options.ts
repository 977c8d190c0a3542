import type { Order, Suite } from './suite';

type Named = Pick<Suite, 'name' | 'parts'>;

export interface Options<S extends Named> {
  readonly suite: S;
  readonly order: Order;
}

/** What the command line asks for; null for arguments that nobody can follow. */
export function optionsOf<S extends Named>(args: readonly string[], suites: readonly S[]): Options<S> | null {
  const [name, ...rest] = args;
  const suite = suites.find((one) => one.name === name);
  if (suite === undefined) {
    return null;
  }
  let isQuick = false;
  let parts = suite.parts;
  for (let i = 0; i < rest.length; i++) {
    if (rest[i] === '--quick') {
      isQuick = true;
    } else if (rest[i] === '--only') {
      const names = (rest[++i] ?? '').split(',');
      parts = suite.parts.filter((part) => names.includes(part));
      if (parts.length !== names.length) {
        return null;
      }
    } else {
      return null;
    }
  }
  return { suite, order: { isQuick, parts } };
}

export function usageOf(suites: readonly Named[]): string {
  return suites
    .map(
      ({ name, parts }, i) =>
        `${i === 0 ? 'usage:' : '      '} npm run bench -- ${name} [--quick] [--only ${parts.join(',')}]`,
    )
    .join('\n');
}
