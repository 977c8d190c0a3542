/** The values of a declared enum as plain literals, so that the compiler compares a copy with the declaration. */
export type PlainEnum<E> = {
  readonly [K in keyof E]: E[K] extends string
    ? `${E[K]}`
    : E[K] extends number
      ? `${E[K]}` extends `${infer N extends number}`
        ? N
        : number
      : never;
};

/**
 * An enum object typed as the declared one. Written out because declarations have no code; a value or name that differs
 * from the declaration does not compile. (Ambient members without an initialiser have no value to compare.)
 */
export function enumOf<E extends object>(values: PlainEnum<E>): E {
  return values as unknown as E;
}
